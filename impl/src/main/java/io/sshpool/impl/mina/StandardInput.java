package io.sshpool.impl.mina;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import org.apache.sshd.common.io.IoOutputStream;
import org.apache.sshd.common.io.IoWriteFuture;
import org.apache.sshd.common.util.buffer.ByteArrayBuffer;
import org.apache.sshd.common.util.threads.ThreadUtils;

/**
 * Carries standard input to a channel, one chunk at a time, as the channel's window has room. Only reading from the caller's
 * stream can block, and that holds up one worker; a remote side that never reads holds up nobody.
 */
final class StandardInput {

    private static final int CHUNK = 32 * 1024;

    private final byte[] ahead;
    private final Optional<InputStream> source;
    private final Executor workers;
    private final Consumer<IOException> unreadable;

    /**
     * Not yet started.
     *
     * @param ahead goes first
     * @param source the caller's, read to its end and never closed
     * @param workers where reading it may block
     * @param unreadable hears that reading it failed; the channel stays open then, as an end of file would be a lie
     */
    StandardInput(byte[] ahead, Optional<InputStream> source, Executor workers, Consumer<IOException> unreadable) {
        this.ahead = ahead;
        this.source = source;
        this.workers = workers;
        this.unreadable = unreadable;
    }

    /** Starts; ends with the end of the stream, or when the channel closes. */
    void feed(IoOutputStream channel) {
        if (source.isEmpty()) {
            writeThen(channel, ahead, () -> channel.close(false));
        } else {
            writeThen(channel, ahead, () -> pumpOnWorker(channel, source.get()));
        }
    }

    private void pumpOnWorker(IoOutputStream channel, InputStream from) {
        try {
            workers.execute(() -> pump(channel, from));
        } catch (RejectedExecutionException e) {
            unreadable.accept(new IOException("the pool is closed", e));
        }
    }

    private void pump(IoOutputStream channel, InputStream from) {
        byte[] chunk = new byte[CHUNK];
        int length = 0;
        try {
            while (length == 0) {
                length = from.read(chunk);
            }
        } catch (IOException e) {
            unreadable.accept(e);
            return;
        } catch (RuntimeException e) {
            unreadable.accept(new IOException(e));
            return;
        }
        if (length < 0) {
            channel.close(false);
            return;
        }
        // A hop per chunk: the next read may block, and the answer comes on an I/O thread.
        writeThen(channel, Arrays.copyOf(chunk, length), () -> pumpOnWorker(channel, from));
    }

    private static void writeThen(IoOutputStream channel, byte[] bytes, Runnable next) {
        if (bytes.length == 0) {
            next.run();
            return;
        }
        try {
            // Else MINA parks this thread while a rekey is under way, for ever when the peer does not end it.
            IoWriteFuture written =
                    ThreadUtils.runAsInternal(new ByteArrayBuffer(bytes), buffer -> channel.writeBuffer(buffer));
            written.addListener(future -> {
                // Not written: the channel is closing, and its end says the rest.
                if (future.isWritten()) {
                    next.run();
                }
            });
        } catch (EOFException e) {
            // The channel is closing.
        } catch (IOException | RuntimeException e) {
            channel.close(true);
        }
    }
}
