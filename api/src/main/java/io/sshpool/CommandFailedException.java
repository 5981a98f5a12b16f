package io.sshpool;

import java.time.Duration;

/** A command ended with another exit code than 0, or by a signal. Thrown by {@link ExecResult#orThrow()}. */
public final class CommandFailedException extends SshException {

    private static final long serialVersionUID = 1L;

    private final int exitCode;
    private final String signal;
    private final Output output;
    private final Duration duration;

    /**
     * A failed command.
     *
     * @param result how it ended
     */
    public CommandFailedException(ExecResult result) {
        super(
                result.target(),
                "the command on " + result.target()
                        + result.signal()
                                .map(s -> " was ended by signal " + s)
                                .orElse(" exited with " + result.exitCode())
                        + "; result().stderr() has what it said (" + result.stderrBytes().length + " bytes)",
                null,
                false);
        exitCode = result.exitCode();
        signal = result.signal().orElse(null);
        output = result.output();
        duration = result.duration();
    }

    /**
     * How the command ended and what it wrote.
     *
     * @return the result
     */
    public ExecResult result() {
        return signal == null
                ? ExecResult.exited(target(), exitCode, output, duration)
                : ExecResult.signalled(target(), signal, output, duration);
    }
}
