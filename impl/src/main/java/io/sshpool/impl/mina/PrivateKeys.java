package io.sshpool.impl.mina;

import io.sshpool.SshConfigException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.NoSuchAlgorithmException;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.sshd.common.NamedResource;
import org.apache.sshd.common.config.keys.FilePasswordProvider;
import org.apache.sshd.common.config.keys.KeyUtils;
import org.apache.sshd.common.config.keys.loader.KeyPairResourceParser;
import org.apache.sshd.common.config.keys.loader.openssh.OpenSSHKeyPairResourceParser;
import org.apache.sshd.common.config.keys.loader.pem.PEMResourceParserUtils;
import org.apache.sshd.common.session.SessionContext;

/** Reads private keys: ed25519, ECDSA and RSA, in the formats OpenSSH, PEM (PKCS#1, SEC1) and PKCS#8, plain or encrypted. */
final class PrivateKeys {

    private static final Set<String> SUPPORTED =
            Set.of("ssh-ed25519", "ecdsa-sha2-nistp256", "ecdsa-sha2-nistp384", "ecdsa-sha2-nistp521", "ssh-rsa");
    private static final NamedResource RESOURCE = () -> "private key";

    static {
        Providers.prepare();
    }

    private PrivateKeys() {}

    /** Whether we can log in with keys of a type. */
    static boolean isSupported(String type) {
        return SUPPORTED.contains(type);
    }

    /**
     * Reads a key. An encrypted one costs the key derivation that its owner chose, a tenth of a second or so.
     *
     * @param text the key file's content
     * @param passphrase of an encrypted key; not looked at when the key is plain
     * @return at least one key pair
     * @throws SshConfigException when there is none; the reason quotes nothing of the text
     */
    static List<KeyPair> load(String text, Optional<String> passphrase) {
        PrivateKeyText.problem(text).ifPresent(problem -> {
            throw new SshConfigException(problem);
        });
        Passphrase asked = new Passphrase(passphrase);
        try {
            return supported(parse(text, asked));
        } catch (IOException | GeneralSecurityException | RuntimeException e) {
            // Not handed on as a cause: parsers quote what they read.
            throw new SshConfigException(reason(asked, e));
        }
    }

    private static Collection<KeyPair> parse(String text, Passphrase passphrase)
            throws IOException, GeneralSecurityException {
        // MINA's own aggregate is a global variable that anybody may set.
        KeyPairResourceParser parser =
                KeyPairResourceParser.aggregate(PEMResourceParserUtils.PROXY, OpenSSHKeyPairResourceParser.INSTANCE);
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        Collection<KeyPair> pairs = parser.loadKeyPairs(null, RESOURCE, passphrase, new ByteArrayInputStream(bytes));
        return pairs == null ? List.of() : pairs;
    }

    private static List<KeyPair> supported(Collection<KeyPair> pairs) throws GeneralSecurityException {
        if (pairs.isEmpty()) {
            throw new GeneralSecurityException("no key");
        }
        for (KeyPair pair : pairs) {
            String type = pair.getPublic() == null ? null : KeyUtils.getKeyType(pair.getPublic());
            if (type == null || !isSupported(type)) {
                throw new NoSuchAlgorithmException("key type");
            }
        }
        return List.copyOf(pairs);
    }

    private static String reason(Passphrase asked, Exception e) {
        if (asked.missing) {
            return "the private key is encrypted and there is no passphrase for it";
        }
        if (e instanceof NoSuchAlgorithmException) {
            return "the private key has a type or an encryption that is not supported; " + PrivateKeyText.CHOICE;
        }
        return asked.used
                ? "the private key cannot be decrypted: the passphrase is wrong, or the key is damaged"
                : "the private key is damaged: it cannot be read";
    }

    /** Answers MINA's question, and remembers that it was asked: the only sign of an encrypted key common to all formats. */
    private static final class Passphrase implements FilePasswordProvider {
        private final Optional<String> value;
        private boolean used;
        private boolean missing;

        Passphrase(Optional<String> value) {
            this.value = value;
        }

        @Override
        public String getPassword(SessionContext session, NamedResource resource, int retry) throws IOException {
            used = true;
            missing = value.isEmpty();
            return value.orElseThrow(() -> new IOException("no passphrase"));
        }
    }
}
