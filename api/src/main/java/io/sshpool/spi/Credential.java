package io.sshpool.spi;

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
     */
    record PrivateKey(String text, Optional<String> passphrase) implements Credential {

        /** Checks that it is there. */
        public PrivateKey {
            Objects.requireNonNull(text, "text");
            Objects.requireNonNull(passphrase, "passphrase");
        }

        @Override
        public String toString() {
            return "PrivateKey[hidden]";
        }
    }
}
