package io.sshpool;

import java.io.InputStream;
import java.io.OutputStream;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.stream.Stream;

/**
 * A command that runs while its input is written and its output is read. To be closed: it holds a slot of its lease's connection until
 * the command has ended and its output has been read, or until {@link #close()}. It ends with its lease.
 *
 * <p>Memory is bounded, however much the command writes: output that nobody reads, 2 MiB of both streams together, stops the command
 * at its next write, and nobody else. So whoever reads one stream only, closes the other, as with {@link Process}.
 *
 * <p>Each stream is read in one way: as bytes, as lines, or by a publisher. What has arrived stays readable after
 * the command's end. When the connection dies, reading fails after what had arrived, and never looks like the end.
 *
 * <p>Safe for use by several threads. Where a method blocks, an interrupt ends the wait within 100 ms and the flag is set again.
 */
public interface RemoteProcess extends AutoCloseable {

    /**
     * The target's name, as in {@link SshClient#target()}.
     *
     * @return the name
     */
    String target();

    /**
     * Standard input. Unbuffered; blocks while the command does not read, after what fits the connection's window (2 MiB with
     * OpenSSH). Closing it is the end of the command's input. When the command has {@link Command#stdin} of its own, it is closed from the
     * start.
     *
     * <p>Writing throws {@link java.io.IOException} when the command has ended, its cause being why where it failed, and {@link
     * java.io.InterruptedIOException} when interrupted; what was being written then may still arrive.
     *
     * @return always the same stream
     */
    OutputStream stdin();

    /**
     * Standard output. Reading blocks until there is some; throws {@link java.io.IOException} when the command was lost or given
     * up, with the reason as its cause ({@link ConnectionLostException}, {@link LeaseClosedException}, {@link
     * CommandTimeoutException}, …), and {@link java.io.InterruptedIOException} when interrupted. After closing it, what the
     * command still writes is thrown away.
     *
     * @return always the same stream
     */
    InputStream stdout();

    /**
     * Standard error, in the same way. With a terminal ({@link Command#pty}) it is empty.
     *
     * @return always the same stream
     */
    InputStream stderr();

    /**
     * Standard output as lines in UTF-8, without their line ends. Its terminal operation blocks for each line, and
     * throws what {@link #stdout()} has as cause; {@link SshInterruptedException} when interrupted; {@link OutputLimitException}
     * when one line outgrows {@link Command#maxOutput}, else the pool's.
     *
     * @return to be used once
     */
    Stream<String> lines();

    /**
     * Standard error as lines, in the same way.
     *
     * @return to be used once
     */
    Stream<String> stderrLines();

    /**
     * Publishes the lines of standard output as they come, to one subscriber, on the pool's executor: no more than were
     * requested; when none are, the command has to wait. Fails with what {@link #lines()} throws. Cancelling throws away what follows, as
     * a failure does, and lets the command run on.
     *
     * @return for one subscriber; a second one gets an {@link IllegalStateException}
     */
    Flow.Publisher<String> linePublisher();

    /**
     * Publishes the lines of standard error, in the same way.
     *
     * @return for one subscriber
     */
    Flow.Publisher<String> stderrLinePublisher();

    /**
     * How the command ended: as soon as the server says so, though a background child may keep the output open. Fails with
     * {@link ConnectionLostException}, {@link CommandTimeoutException}, {@link LeaseClosedException}, {@link SudoException}, or
     * {@link java.util.concurrent.CancellationException} after {@link #close()}.
     *
     * @return completed on the pool's executor; the result has no output, as that is in the streams
     */
    CompletionStage<ExecResult> exit();

    /**
     * Waits for {@link #exit()}, for as long as it takes: the bound is {@link Command#timeout}.
     *
     * @return the result, whatever the exit code
     * @throws SshInterruptedException when interrupted; the command runs on
     */
    ExecResult waitFor();

    /**
     * Sends a signal (RFC 4254, 6.9). Never blocks; the server may ignore it, as sshd before 9.8 does when logged in as root.
     *
     * @param name as in {@code kill -l}: {@code TERM}, {@code INT}, {@code HUP}, {@code USR1}, …
     * @throws IllegalArgumentException when it is not the name of a signal
     */
    void signal(String name);

    /**
     * Tells the command's terminal a new size (RFC 4254, 6.7). Never blocks; without a terminal the server ignores it.
     *
     * @param columns at least 1
     * @param rows at least 1
     */
    void resize(int columns, int rows);

    /**
     * Gives the command up if it has not ended: TERM, KILL a moment later, and its channel is closed. Drops what has not been read. Does
     * not block: the slot is free as soon as the server has closed the channel too. Closing again does nothing.
     */
    @Override
    void close();
}
