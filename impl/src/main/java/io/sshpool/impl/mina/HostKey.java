package io.sshpool.impl.mina;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.PublicKey;
import java.util.Arrays;
import java.util.Base64;
import org.apache.sshd.common.config.keys.KeyUtils;
import org.apache.sshd.common.config.keys.OpenSshCertificate;
import org.apache.sshd.common.util.buffer.ByteArrayBuffer;

/**
 * A public key as it goes over the wire (RFC 4253, 6.6), which is also what known_hosts holds. Comparing the bytes needs no
 * provider, and works for types that only the server knows.
 */
final class HostKey {

    private final String type;
    private final byte[] blob;

    HostKey(String type, byte[] blob) {
        this.type = type;
        this.blob = blob.clone();
    }

    /** The key of a server; of a certificate the key that it certifies. */
    static HostKey of(PublicKey key) {
        PublicKey plain = key instanceof OpenSshCertificate certificate ? certificate.getCertPubKey() : key;
        ByteArrayBuffer buffer = new ByteArrayBuffer();
        buffer.putRawPublicKey(plain);
        return new HostKey(KeyUtils.getKeyType(plain), buffer.getCompactData());
    }

    String type() {
        return type;
    }

    String base64() {
        return Base64.getEncoder().encodeToString(blob);
    }

    /** As {@code ssh-keygen -l} prints it. */
    String fingerprint() {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(blob);
            return "SHA256:" + Base64.getEncoder().withoutPadding().encodeToString(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof HostKey key && Arrays.equals(blob, key.blob);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(blob);
    }

    @Override
    public String toString() {
        return type + " " + fingerprint();
    }
}
