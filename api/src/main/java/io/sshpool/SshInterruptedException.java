package io.sshpool;

/** The thread was interrupted while it waited. Its interrupt flag is set again. */
public final class SshInterruptedException extends SshException {

    private static final long serialVersionUID = 1L;

    /**
     * An interrupted wait.
     *
     * @param target the target's name, or an empty string
     * @param message what was waited for
     * @param cause the interrupt
     */
    public SshInterruptedException(String target, String message, InterruptedException cause) {
        super(target, message, cause, false);
    }
}
