package io.sshpool.impl.mina;

import io.sshpool.impl.pool.PoolThreads;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;
import org.apache.sshd.common.io.IoOutputStream;
import org.apache.sshd.common.io.IoWriteFuture;
import org.apache.sshd.common.util.buffer.ByteArrayBuffer;
import org.apache.sshd.common.util.threads.ThreadUtils;

/**
 * Carries standard input to a channel, one chunk at a time, as the channel's window has room. The caller's stream may block for as
 * long as it likes: it is read on a thread of its own, which holds up nobody else. Our own bytes need no thread.
 */
final class StandardInput {

    private static final int CHUNK = 32 * 1024;

    private final byte[] ahead;
    private final Optional<InputStream> source;
    private final Consumer<IOException> unreadable;
    private final Consumer<IoOutputStream> end;

    private volatile boolean stopped;
    private volatile Thread reader;

    /**
     * Not yet started.
     *
     * @param ahead goes first
     * @param source the caller's, read to its end and never closed
     * @param unreadable hears that reading it failed; the channel stays open then, as an end of file would be a lie
     * @param end what comes after all that: by rights the end of the channel's input
     */
    StandardInput(
            byte[] ahead,
            Optional<InputStream> source,
            Consumer<IOException> unreadable,
            Consumer<IoOutputStream> end) {
        this.ahead = ahead;
        this.source = source;
        this.unreadable = unreadable;
        this.end = end;
    }

    /** Starts; ends with the end of the stream, when the channel closes, or when it is stopped. Never blocks. */
    void feed(IoOutputStream channel) {
        if (source.isEmpty()) {
            writeThen(channel, ahead, () -> end.accept(channel));
        } else {
            writeThen(channel, ahead, () -> startReading(channel, source.get()));
        }
    }

    /** Nobody wants more: the stream is not asked again, and a read under way is interrupted. */
    void stop() {
        // In this order: a reader that is not there yet finds out before it reads.
        stopped = true;
        Thread running = reader;
        if (running != null) {
            running.interrupt();
        }
    }

    private void startReading(IoOutputStream channel, InputStream from) {
        try {
            Thread thread = PoolThreads.thread("sshpool-stdin", () -> pump(channel, from));
            reader = thread;
            thread.start();
        } catch (OutOfMemoryError e) {
            unreadable.accept(new IOException("no thread can be had for reading it", e));
        }
    }

    private void pump(IoOutputStream channel, InputStream from) {
        byte[] chunk = new byte[CHUNK];
        try {
            while (!stopped && !channel.isClosing()) {
                int length = from.read(chunk);
                if (length < 0) {
                    end.accept(channel);
                    return;
                }
                if (!stopped) {
                    write(channel, Arrays.copyOf(chunk, length));
                }
            }
        } catch (IOException e) {
            unreadable.accept(e);
        } catch (RuntimeException e) {
            unreadable.accept(new IOException(e));
        } catch (InterruptedException e) {
            // Stopped, while the channel had no room.
        }
    }

    private static void write(IoOutputStream channel, byte[] bytes) throws InterruptedException {
        CountDownLatch over = new CountDownLatch(1);
        writeThen(channel, bytes, over::countDown);
        // Where it is not written the channel is closing, and its end stops us.
        over.await();
    }

    static void writeThen(IoOutputStream channel, byte[] bytes, Runnable next) {
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
