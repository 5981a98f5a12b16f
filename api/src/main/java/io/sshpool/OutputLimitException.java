package io.sshpool;

import java.util.Objects;

/** A command wrote more than {@code execute} may keep in memory. It was told to end; whether it did is unknown. */
public final class OutputLimitException extends SshException {

    private static final long serialVersionUID = 1L;

    private final Output partialOutput;

    /**
     * A command with too much output.
     *
     * @param target the target's name
     * @param limit the bound in bytes
     * @param partialOutput the output up to the bound
     */
    public OutputLimitException(String target, long limit, Output partialOutput) {
        super(
                target,
                "the command on " + target + " wrote more than " + limit
                        + " bytes; raise Command.maxOutput or sshpool.max-output, or write to a file",
                null,
                false);
        this.partialOutput = Objects.requireNonNull(partialOutput, "partialOutput");
    }

    /**
     * The output up to the bound.
     *
     * @return stdout and stderr, together as long as the bound
     */
    public Output partialOutput() {
        return partialOutput;
    }
}
