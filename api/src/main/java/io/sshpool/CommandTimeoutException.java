package io.sshpool;

import java.time.Duration;
import java.util.Objects;

/** A command ran longer than its time-out. It was told to end; whether it did is unknown. */
public final class CommandTimeoutException extends SshException {

    private static final long serialVersionUID = 1L;

    private final Output partialOutput;

    /**
     * A command out of time.
     *
     * @param target the target's name
     * @param timeout the bound
     * @param partialOutput what had arrived
     */
    public CommandTimeoutException(String target, Duration timeout, Output partialOutput) {
        super(
                target,
                "the command on " + target + " was still running after " + timeout.toMillis()
                        + " ms; raise Command.timeout or command-timeout if it may take longer",
                null,
                false);
        this.partialOutput = Objects.requireNonNull(partialOutput, "partialOutput");
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
