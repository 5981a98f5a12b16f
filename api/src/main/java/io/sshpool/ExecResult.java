package io.sshpool;

import java.io.Serializable;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;

/**
 * How a command ended and what it wrote. Immutable. {@code toString} shows no output.
 *
 * <p>A result exists only when the server said how the command ended (RFC 4254, 6.10); otherwise the call failed with
 * {@link ConnectionLostException}.
 */
public final class ExecResult implements Serializable {

    private static final long serialVersionUID = 1L;

    private static final int NO_EXIT_CODE = -1;

    private final String target;
    private final int exitCode;
    private final String signal;
    private final Output output;
    private final Duration duration;

    private ExecResult(String target, int exitCode, String signal, Output output, Duration duration) {
        this.target = Objects.requireNonNull(target, "target");
        this.exitCode = exitCode;
        this.signal = signal;
        this.output = Objects.requireNonNull(output, "output");
        this.duration = Objects.requireNonNull(duration, "duration");
    }

    /**
     * A command that ended by itself.
     *
     * @param target the target's name
     * @param exitCode its exit code
     * @param output what it wrote
     * @param duration from sending the command to the end of its channel
     * @return the result
     */
    public static ExecResult exited(String target, int exitCode, Output output, Duration duration) {
        return new ExecResult(target, exitCode, null, output, duration);
    }

    /**
     * A command that a signal ended.
     *
     * @param target the target's name
     * @param signal the signal's name without {@code SIG}, such as {@code KILL}
     * @param output what it wrote
     * @param duration from sending the command to the end of its channel
     * @return the result
     */
    public static ExecResult signalled(String target, String signal, Output output, Duration duration) {
        return new ExecResult(target, NO_EXIT_CODE, Objects.requireNonNull(signal, "signal"), output, duration);
    }

    /**
     * The target on which the command ran.
     *
     * @return its name
     */
    public String target() {
        return target;
    }

    /**
     * The exit code.
     *
     * @return 0 to 255 from a POSIX system, or −1 when a signal ended the command
     */
    public int exitCode() {
        return exitCode;
    }

    /**
     * The signal that ended the command.
     *
     * @return its name without {@code SIG}, or empty when the command ended by itself
     */
    public Optional<String> signal() {
        return Optional.ofNullable(signal);
    }

    /**
     * Both streams.
     *
     * @return what the command wrote
     */
    public Output output() {
        return output;
    }

    /**
     * Standard output, exactly.
     *
     * @return a copy of the bytes
     */
    public byte[] stdoutBytes() {
        return output.stdoutBytes();
    }

    /**
     * Standard error, exactly.
     *
     * @return a copy of the bytes
     */
    public byte[] stderrBytes() {
        return output.stderrBytes();
    }

    /**
     * Standard output as UTF-8.
     *
     * @return the text, line ends untouched
     */
    public String stdout() {
        return output.stdout();
    }

    /**
     * Standard error as UTF-8.
     *
     * @return the text, line ends untouched
     */
    public String stderr() {
        return output.stderr();
    }

    /**
     * From sending the command to the end of its channel, on a monotonic clock.
     *
     * @return the time
     */
    public Duration duration() {
        return duration;
    }

    /**
     * Whether the command ended by itself with exit code 0.
     *
     * @return true for success
     */
    public boolean isSuccess() {
        return exitCode == 0;
    }

    /**
     * Insists on success.
     *
     * @return this result
     * @throws CommandFailedException when the command failed, with this result
     */
    public ExecResult orThrow() {
        if (!isSuccess()) {
            throw new CommandFailedException(this);
        }
        return this;
    }

    @Override
    public String toString() {
        String end = signal == null ? "exitCode=" + exitCode : "signal=" + signal;
        return "ExecResult[target=" + target + ", " + end + ", " + output + ", duration=" + duration + "]";
    }
}
