package io.sshpool.spi;

import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionStage;

/**
 * One use of a connection that takes a slot of the server: a session channel with what runs in it. It is being opened when it is
 * made, is open, ends, and is released, in this order. Safe for use by several threads; no method blocks.
 *
 * <p>What the pool knows of a channel is this much, whatever runs in it. A further kind is a subtype with what its users need, and a method
 * of {@link SshConnection} that opens it.
 *
 * @param <T> what is known at its end
 */
public interface SshChannel<T> {

    /**
     * Completes when the server has accepted the channel and what shall run in it, so that it can be used. Fails with what
     * {@link #result()} fails with when it comes to an end before that.
     *
     * @return always the same stage
     */
    CompletionStage<Void> opened();

    /**
     * How it ends: with all that the peer had to send. Fails with
     *
     * <ul>
     *   <li>{@link io.sshpool.ChannelRefusedException} when the server refused channel or request;
     *   <li>{@link io.sshpool.ConnectionLostException}, retryable only when nothing was sent;
     *   <li>what was given to {@link #cancel(Throwable)};
     *   <li>what its kind adds to these.
     * </ul>
     *
     * @return always the same stage
     */
    CompletionStage<T> result();

    /**
     * Completes when the channel is closed on both sides, so that the server would accept another one: with the result, or after
     * it where the result came first. Completes also when the connection is down, and never fails.
     *
     * @return always the same stage
     */
    CompletionStage<Void> released();

    /**
     * Gives it up: tells what runs in it to end, and closes the channel. {@link #released} says when that is done. Changes nothing
     * after the end.
     *
     * @param why what {@link #result()} fails with
     */
    void cancel(Throwable why);

    /** Gives it up, with a {@link CancellationException}. */
    default void cancel() {
        cancel(new CancellationException("given up"));
    }
}
