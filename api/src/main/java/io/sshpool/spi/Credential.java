package io.sshpool.spi;

import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;

/**
 * One way to prove who we are. Two are equal when they would show the server the same thing. {@code toString} hides the secret.
 */
public sealed interface Credential {

    /**
     * A password, for the methods {@code password} and {@code keyboard-interactive}.
     *
     * @param value the password
     */
    record Password(String value) implements Credential {

        /** Checks that it is there. */
        public Password {
            Objects.requireNonNull(value, "value");
        }

        @Override
        public String toString() {
            return "Password[hidden]";
        }
    }

    /**
     * A private key.
     *
     * @param text the key in OpenSSH, PEM or PKCS#8 format
     * @param passphrase of an encrypted key
     * @param certificate an OpenSSH user certificate for the key, one line of text as {@code ssh-keygen -s} writes it; shown in the
     *     place of the bare key
     */
    record PrivateKey(String text, Optional<String> passphrase, Optional<String> certificate) implements Credential {

        /** Checks that it is there. */
        public PrivateKey {
            Objects.requireNonNull(text, "text");
            Objects.requireNonNull(passphrase, "passphrase");
            Objects.requireNonNull(certificate, "certificate");
        }

        /**
         * A key without a certificate.
         *
         * @param text the key in OpenSSH, PEM or PKCS#8 format
         * @param passphrase of an encrypted key
         */
        public PrivateKey(String text, Optional<String> passphrase) {
            this(text, passphrase, Optional.empty());
        }

        @Override
        public String toString() {
            return "PrivateKey[hidden]";
        }
    }

    /**
     * What an ssh-agent holds. It is asked anew at every connect, and signs; keys never leave it.
     *
     * @param socket the Unix-domain socket at which it listens
     * @param identity the only key to use, one line of text: an OpenSSH public key, or a user certificate for a key of the agent. Empty for
     *     all that the agent lists, in its order; each that is shown and rejected counts as a failed attempt (sshd's
     *     {@code MaxAuthTries})
     */
    record Agent(Path socket, Optional<String> identity) implements Credential {

        /** Checks that it is there. */
        public Agent {
            Objects.requireNonNull(socket, "socket");
            Objects.requireNonNull(identity, "identity");
        }
    }
}
