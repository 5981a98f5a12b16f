package io.sshpool.impl.mina;

import io.sshpool.SshConfigException;
import java.util.Optional;

/** Tells at start what would be wrong with a private key at the first connect. */
public final class PrivateKeyCheck {

    private PrivateKeyCheck() {}

    /**
     * Tries to read a key. Does no I/O; an encrypted key costs its key derivation.
     *
     * @param text the key file's content
     * @param passphrase of an encrypted key
     * @return what is wrong, without anything secret; empty when the key can be used
     */
    public static Optional<String> problem(String text, Optional<String> passphrase) {
        try {
            PrivateKeys.load(text, passphrase);
            return Optional.empty();
        } catch (SshConfigException e) {
            return Optional.of(e.getMessage());
        }
    }
}
