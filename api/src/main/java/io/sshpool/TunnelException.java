package io.sshpool;

/** A tunnel could not be opened: the port is taken, or the server forbids it. */
public final class TunnelException extends SshException {

    private static final long serialVersionUID = 1L;

    /**
     * A failure.
     *
     * @param target the target's name
     * @param message what was tried, and what to do
     * @param cause the cause, or null
     */
    public TunnelException(String target, String message, Throwable cause) {
        super(target, message, cause, false);
    }
}
