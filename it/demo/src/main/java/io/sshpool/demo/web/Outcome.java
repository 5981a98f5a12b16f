package io.sshpool.demo.web;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.sshpool.CommandTimeoutException;
import io.sshpool.ConnectionLostException;
import io.sshpool.ExecResult;
import io.sshpool.Output;
import io.sshpool.OutputLimitException;
import io.sshpool.SshException;

/**
 * What became of one command on one host: it ended, or there is an error, with the output so far.
 *
 * @param host where it ran
 * @param exitCode how it ended, absent with an error or a signal
 * @param signal what ended it, if a signal did
 * @param millis how long it ran, absent with an error
 * @param stdout what it wrote
 * @param stderr what it wrote
 * @param error why there is no exit code, absent if there is one
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Outcome(
        String host, Integer exitCode, String signal, Double millis, String stdout, String stderr, Problem error) {

    /**
     * An exception, for people.
     *
     * @param type its class
     * @param message its message
     * @param retryable whether trying again is safe and may help
     */
    public record Problem(String type, String message, boolean retryable) {

        static Problem of(Throwable failure) {
            boolean retryable = failure instanceof SshException ssh && ssh.isRetryable();
            return new Problem(failure.getClass().getSimpleName(), String.valueOf(failure.getMessage()), retryable);
        }
    }

    static Outcome of(String host, ExecResult result) {
        return new Outcome(
                host,
                result.signal().isPresent() ? null : result.exitCode(),
                result.signal().orElse(null),
                result.duration().toNanos() / 1e6,
                result.stdout(),
                result.stderr(),
                null);
    }

    static Outcome of(String host, Throwable failure) {
        Output output = partialOutput(failure);
        return new Outcome(host, null, null, null, output.stdout(), output.stderr(), Problem.of(failure));
    }

    private static Output partialOutput(Throwable failure) {
        if (failure instanceof CommandTimeoutException timeout) {
            return timeout.partialOutput();
        }
        if (failure instanceof ConnectionLostException lost) {
            return lost.partialOutput();
        }
        return failure instanceof OutputLimitException limit ? limit.partialOutput() : Output.EMPTY;
    }
}
