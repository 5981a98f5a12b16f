package io.sshpool.spi;

import io.sshpool.ExecResult;
import java.util.concurrent.CompletionStage;

/** A command under way in a channel of its own. Safe for use by several threads; no method blocks. */
public interface Execution {

    /**
     * How the command ends. Fails with
     *
     * <ul>
     *   <li>{@link io.sshpool.ChannelRefusedException} when the server refused channel or request;
     *   <li>{@link io.sshpool.ConnectionLostException}, retryable only when the command was not sent;
     *   <li>{@link io.sshpool.CommandTimeoutException}, {@link io.sshpool.OutputLimitException};
     *   <li>{@link java.util.concurrent.CancellationException} after {@link #cancel()}.
     * </ul>
     *
     * @return always the same stage
     */
    CompletionStage<ExecResult> result();

    /**
     * Completes when the channel is closed on both sides, so that the server would accept another one: with the result, or after
     * it where the result came first. Completes also when the connection is down, and never fails.
     *
     * @return always the same stage
     */
    CompletionStage<Void> released();

    /** Gives the command up: tells it to end and closes the channel. {@link #released} says when that is done. */
    void cancel();
}
