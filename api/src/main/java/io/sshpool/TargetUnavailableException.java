package io.sshpool;

import java.time.Duration;

/** The target backs off after a failed connect, so the call failed at once. The cause is that failure. */
public final class TargetUnavailableException extends SshException {

    private static final long serialVersionUID = 1L;

    private final Duration retryAfter;

    /**
     * A call during a back-off.
     *
     * @param target the target's name
     * @param retryAfter until the pool will try again
     * @param cause the failure that began the back-off
     */
    public TargetUnavailableException(String target, Duration retryAfter, SshConnectException cause) {
        super(
                target,
                target + " could not be reached and is tried again in " + retryAfter.toMillis() + " ms; last failure: "
                        + cause.getMessage(),
                cause,
                true);
        this.retryAfter = retryAfter;
    }

    /**
     * How long until the pool tries again.
     *
     * @return the rest of the back-off when this was thrown
     */
    public Duration retryAfter() {
        return retryAfter;
    }
}
