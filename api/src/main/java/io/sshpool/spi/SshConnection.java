package io.sshpool.spi;

import io.sshpool.Command;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/**
 * One authenticated connection, as the pool owns it. Safe for use by several threads; no method blocks, none waits for the
 * network. Stages may complete on I/O threads: whoever depends on them must not block.
 */
public interface SshConnection {

    /**
     * Whether the transport is open as far as is known. Costs nothing.
     *
     * @return false for good once closed or lost
     */
    boolean isOpen();

    /**
     * Completes when the transport is down, whoever ended it. Never fails.
     *
     * @return always the same stage
     */
    CompletionStage<Void> closed();

    /**
     * How much longer what it was opened with holds, such as a certificate: after that it takes no new work, except from a lease
     * with an open tunnel through it or with its native object. Costs nothing.
     *
     * @return from now on; empty when there is no such end
     */
    default Optional<Duration> validFor() {
        return Optional.empty();
    }

    /**
     * Asks the peer for one answer.
     *
     * @return completes with the answer, fails when the connection dies; without a bound of its own
     */
    CompletionStage<Void> probe();

    /**
     * Opens a channel and runs a command in it. Time-out and output limit of the command are kept if it has any.
     *
     * @param command what to run
     * @return the operation, already under way
     */
    Execution execute(Command command);

    /**
     * Opens a channel and runs a command in it, whose output is handed on. The command's time-out is kept if it has any. Standard
     * input of the command's own goes first, and ends the input.
     *
     * @param command what to run
     * @param receiver takes its output
     * @return the command, already under way
     */
    ProcessChannel start(Command command, ProcessChannel.Receiver receiver);

    /**
     * Opens an SFTP channel.
     *
     * @return the channel, being opened
     */
    FilesChannel openFiles();

    /**
     * Opens a tunnel. It takes no session channel.
     *
     * @param forwarding what it shall do
     * @return the open tunnel; fails with {@link io.sshpool.TunnelException} when the port cannot be had or the server forbids it, and
     *     with {@link io.sshpool.ConnectionLostException}
     */
    CompletionStage<Forward> forward(Forwarding forwarding);

    /**
     * Says goodbye and closes; operations under way end with {@link io.sshpool.ConnectionLostException}.
     *
     * @return completes when the transport is down
     */
    CompletionStage<Void> close();

    /** Closes without saying goodbye, as a peer that hangs needs it. */
    void abort();

    /**
     * The native object of a type.
     *
     * @param <T> the type
     * @param type the type
     * @return empty when there is none
     */
    <T> Optional<T> unwrap(Class<T> type);
}
