package io.sshpool;

import java.util.Objects;

/**
 * The connection died under an operation, or the server closed the channel without saying how the command ended. Where the
 * command had been sent its outcome is unknown: it may not have run, run partly, or still be running. The pool never runs it again.
 */
public final class ConnectionLostException extends SshException {

    private static final long serialVersionUID = 1L;

    private final Output partialOutput;

    private ConnectionLostException(
            String target, String message, Output partialOutput, Throwable cause, boolean retryable) {
        super(target, message, cause, retryable);
        this.partialOutput = Objects.requireNonNull(partialOutput, "partialOutput");
    }

    /**
     * Lost before the command was sent: it did not run, and may be sent on another connection.
     *
     * @param target the target's name
     * @param message what was seen
     * @param cause the cause, or null
     * @return the exception, retryable
     */
    public static ConnectionLostException beforeSending(String target, String message, Throwable cause) {
        return new ConnectionLostException(target, message, Output.EMPTY, cause, true);
    }

    /**
     * Lost after the command was sent: its outcome is unknown.
     *
     * @param target the target's name
     * @param message what was seen
     * @param partialOutput what had arrived
     * @param cause the cause, or null
     * @return the exception, not retryable
     */
    public static ConnectionLostException afterSending(
            String target, String message, Output partialOutput, Throwable cause) {
        return new ConnectionLostException(target, message, partialOutput, cause, false);
    }

    /**
     * What had arrived.
     *
     * @return possibly empty
     */
    public Output partialOutput() {
        return partialOutput;
    }
}
