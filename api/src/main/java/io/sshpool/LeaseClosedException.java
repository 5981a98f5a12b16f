package io.sshpool;

/** A lease was used after it was closed, or a handle after its request ended. Nothing was run. */
public final class LeaseClosedException extends SshException {

    private static final long serialVersionUID = 1L;

    /**
     * A use after close, or an operation that the close of its lease ended.
     *
     * @param target the target's name
     * @param message what was closed, and what to do
     */
    public LeaseClosedException(String target, String message) {
        super(target, message, null, false);
    }
}
