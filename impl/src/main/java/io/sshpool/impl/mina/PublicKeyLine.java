package io.sshpool.impl.mina;

import io.sshpool.SshConfigException;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;
import org.apache.sshd.common.config.keys.KeyUtils;
import org.apache.sshd.common.config.keys.OpenSshCertificate;
import org.apache.sshd.common.util.buffer.ByteArrayBuffer;

/**
 * A public key or a user certificate, as a line of a {@code .pub} file has it.
 *
 * @param blob as it goes over the wire
 * @param key the same, read
 */
record PublicKeyLine(byte[] blob, PublicKey key) {

    private static final int LONGEST = 64 * 1024;

    static {
        Providers.prepare();
    }

    /**
     * Reads a line.
     *
     * @param text type, base64 and maybe a comment
     * @throws SshConfigException when it is neither
     */
    static PublicKeyLine parse(String text) {
        String[] words = text.strip().split("\\s+", 3);
        try {
            if (text.length() <= LONGEST && words.length > 1) {
                PublicKeyLine line = of(Base64.getDecoder().decode(words[1]));
                if (typeOf(line.blob).equals(words[0])) {
                    return line;
                }
            }
        } catch (IOException | GeneralSecurityException | RuntimeException e) {
            // said below, without what parsers quote
        }
        throw new SshConfigException(
                "is no OpenSSH public key or certificate: one line, type and base64, as in a .pub file");
    }

    /** Reads what goes over the wire. */
    static PublicKeyLine of(byte[] blob) throws IOException, GeneralSecurityException {
        PublicKey key = new ByteArrayBuffer(blob).getRawPublicKey();
        if (key == null) {
            throw new IOException("no key");
        }
        return new PublicKeyLine(blob.clone(), key);
    }

    static byte[] blobOf(PublicKey key) {
        ByteArrayBuffer buffer = new ByteArrayBuffer();
        buffer.putRawPublicKey(key);
        return buffer.getCompactData();
    }

    private static String typeOf(byte[] blob) {
        return new ByteArrayBuffer(blob).getString();
    }

    Optional<OpenSshCertificate> certificate() {
        return key instanceof OpenSshCertificate certificate ? Optional.of(certificate) : Optional.empty();
    }

    /** The key without its certificate. */
    PublicKey plain() {
        return certificate().map(OpenSshCertificate::getCertPubKey).orElse(key);
    }

    /** The type of the key without its certificate, such as {@code ssh-rsa}. */
    String plainType() {
        return KeyUtils.getKeyType(plain());
    }

    boolean isSameAs(PublicKeyLine other) {
        return Arrays.equals(blob, other.blob);
    }

    /** For messages. */
    String fingerprint() {
        return KeyUtils.getFingerPrint(plain());
    }
}
