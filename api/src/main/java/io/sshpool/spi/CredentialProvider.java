package io.sshpool.spi;

import java.util.List;

/**
 * Supplies what a target's user proves itself with. Asked anew at every connect, so that a rotated secret needs no restart, and again
 * during the window after a rejection, which ends when the answer has changed.
 */
@FunctionalInterface
public interface CredentialProvider {

    /**
     * The credentials for a target, in the order in which they are to be tried. Called on the pool's executor; may block, which
     * counts towards the connect time-out. Must be safe for use by several threads.
     *
     * @param target the target
     * @return at least one
     * @throws io.sshpool.SshConfigException when there is none, naming the setting
     */
    List<Credential> credentials(Target target);
}
