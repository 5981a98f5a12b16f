package io.sshpool;

/**
 * No connection came free within the acquire time-out, or too many callers were waiting already. The message has the pool's
 * counts, the cause is the target's last failure to connect, if any.
 */
public final class AcquireTimeoutException extends SshException {

    private static final long serialVersionUID = 1L;

    /**
     * An acquire that ran out of time.
     *
     * @param target the target's name
     * @param message with time and counts
     * @param cause the last failure to connect, or null
     */
    public AcquireTimeoutException(String target, String message, Throwable cause) {
        super(target, message, cause, true);
    }
}
