package io.sshpool.spi;

import io.sshpool.ExecResult;
import java.util.concurrent.CompletionStage;

/**
 * A command whose output goes to a {@link Receiver} as it comes. Its {@link #result()} has no output, comes when all of it was received, and
 * fails also with {@link io.sshpool.CommandTimeoutException}.
 */
public interface ProcessChannel extends SshChannel<ExecResult> {

    /**
     * How the command ended, as soon as the peer says so; else as {@link #result()}.
     *
     * @return always the same stage
     */
    CompletionStage<ExecResult> exit();

    /**
     * Lets the peer send so much more.
     *
     * @param bytes as many as were received and are not held any more
     */
    void consumed(int bytes);

    /**
     * Sends standard input. One at a time: the next only when this is complete.
     *
     * @param bytes not to be changed any more
     * @return completes when the peer had room for all of it; fails, or does not complete, when the channel has ended
     */
    CompletionStage<Void> write(byte[] bytes);

    /** Ends standard input. */
    void endInput();

    /**
     * Sends a signal.
     *
     * @param name such as {@code TERM}
     */
    void signal(String name);

    /**
     * Sends a new size of the terminal.
     *
     * @param columns its width
     * @param rows its height
     */
    void resize(int columns, int rows);

    /** Takes output. Called on I/O threads: must neither block nor throw. */
    interface Receiver {

        /**
         * The command has written. The peer sends no more than its window lets it, which {@link #consumed} opens again.
         *
         * @param error whether to standard error
         * @param data has the bytes, during the call only
         * @param start where they begin
         * @param length how many
         */
        void received(boolean error, byte[] data, int start, int length);

        /** The peer said that no more output comes. */
        void ended();
    }
}
