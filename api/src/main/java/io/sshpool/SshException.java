package io.sshpool;

import java.util.Objects;

/**
 * The root of what this library throws. No message holds a password, a key, an environment value, input, output or the text of
 * a command.
 */
public abstract class SshException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final String target;
    private final boolean retryable;

    /**
     * An exception about a target.
     *
     * @param target the target's name, empty where no single target is concerned
     * @param message what was tried, the bound that was hit, what to do
     * @param cause the cause, or null
     * @param retryable see {@link #isRetryable()}
     */
    protected SshException(String target, String message, Throwable cause, boolean retryable) {
        super(message, cause);
        this.target = Objects.requireNonNull(target, "target");
        this.retryable = retryable;
    }

    /**
     * The target concerned.
     *
     * @return its name, or an empty string where no single target is concerned
     */
    public String target() {
        return target;
    }

    /**
     * Whether making the same call again later may succeed and can do no harm: nothing was run, and nothing needs mending first.
     *
     * @return true if trying again is safe and may help
     */
    public boolean isRetryable() {
        return retryable;
    }
}
