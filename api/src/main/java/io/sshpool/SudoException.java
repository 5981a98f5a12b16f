package io.sshpool;

/**
 * {@code sudo} did not take the password of a command: it is wrong, or sudo wants something besides. It was given once; the command
 * did not run.
 */
public final class SudoException extends SshException {

    private static final long serialVersionUID = 1L;

    /**
     * A rejected password.
     *
     * @param target the target's name
     */
    public SudoException(String target) {
        super(
                target,
                "sudo on " + target
                        + " rejected the password of the command, or asks for more than a password; it was given once, and the"
                        + " command did not run: mend the password before trying again",
                null,
                false);
    }
}
