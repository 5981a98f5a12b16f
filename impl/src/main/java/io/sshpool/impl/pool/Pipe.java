package io.sshpool.impl.pool;

import io.sshpool.SshException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.util.Objects;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.IntConsumer;

/**
 * One stream of a command's output, between the I/O thread that brings it and whoever reads it. Holds what the peer may send without
 * being asked, which is its window; who reads lets it send more.
 */
final class Pipe extends InputStream {

    private static final int SMALLEST = 8 * 1024;

    private final String target;
    private final IntConsumer consumed;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();

    // All guarded by the lock. The bytes are a ring.
    private byte[] ring = new byte[0];
    private int first;
    private int held;
    private boolean ended;
    private Throwable failure;
    private boolean closed;
    private Runnable listener = () -> {};

    /**
     * An empty pipe.
     *
     * @param consumed hears how many bytes are held no more; never blocks
     */
    Pipe(String target, IntConsumer consumed) {
        this.target = target;
        this.consumed = consumed;
    }

    // ---- the writing end: never blocks

    void put(byte[] data, int start, int length) {
        boolean unwanted = change(() -> {
            if (!closed && length > 0) {
                makeRoom(length);
                int tail = (first + held) % ring.length;
                int upToEnd = Math.min(length, ring.length - tail);
                System.arraycopy(data, start, ring, tail, upToEnd);
                System.arraycopy(data, start + upToEnd, ring, 0, length - upToEnd);
                held += length;
            }
        });
        if (unwanted) {
            consumed.accept(length);
        }
    }

    /** Nothing more comes. */
    void end() {
        change(() -> ended = true);
    }

    /** Nothing more comes, and that is not the end of the stream, unless it had ended before. */
    void fail(Throwable why) {
        change(() -> {
            if (!ended && failure == null) {
                failure = why;
            }
        });
    }

    /** Returns whether the pipe is closed. */
    private boolean change(Runnable change) {
        Runnable hears;
        boolean unwanted;
        lock.lock();
        try {
            change.run();
            changed.signalAll();
            hears = listener;
            unwanted = closed;
        } finally {
            lock.unlock();
        }
        hears.run();
        return unwanted;
    }

    private void makeRoom(int length) {
        if (length <= ring.length - held) {
            return;
        }
        byte[] larger = new byte[Math.max(SMALLEST, Math.max(held + length, 2 * ring.length))];
        copyTo(larger, 0, held);
        ring = larger;
        first = 0;
    }

    private void copyTo(byte[] to, int start, int length) {
        int upToEnd = Math.min(length, ring.length - first);
        System.arraycopy(ring, first, to, start, upToEnd);
        System.arraycopy(ring, 0, to, start + upToEnd, length - upToEnd);
    }

    // ---- the reading end

    /** From now on, and now, this runs when there may be something to {@link #poll}. It must not block. */
    void listen(Runnable hears) {
        change(() -> listener = hears);
        hears.run();
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] to, int start, int length) throws IOException {
        Objects.checkFromIndexSize(start, length, to.length);
        if (length == 0) {
            return 0;
        }
        int read;
        try {
            lock.lockInterruptibly();
            try {
                while (isEmpty()) {
                    changed.await();
                }
                read = take(to, start, length);
            } finally {
                lock.unlock();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw (IOException)
                    new InterruptedIOException("interrupted while reading from a command on " + target).initCause(e);
        }
        return handOver(read);
    }

    /** Reads without waiting: 0 when there is nothing now. */
    int poll(byte[] to) throws IOException {
        int read;
        lock.lock();
        try {
            read = isEmpty() ? 0 : take(to, 0, to.length);
        } finally {
            lock.unlock();
        }
        return handOver(read);
    }

    private int handOver(int read) {
        if (read > 0) {
            consumed.accept(read);
        }
        return read;
    }

    private boolean isEmpty() {
        return held == 0 && !ended && failure == null && !closed;
    }

    private int take(byte[] to, int start, int length) throws IOException {
        if (closed) {
            throw new IOException("the output of this command on " + target + " was closed");
        }
        if (held == 0) {
            if (failure != null) {
                throw new IOException(message(), failure);
            }
            return -1;
        }
        int read = Math.min(length, held);
        copyTo(to, start, read);
        first = (first + read) % ring.length;
        held -= read;
        return read;
    }

    private String message() {
        return failure instanceof SshException
                ? failure.getMessage()
                : "the command on " + target + " was given up: " + failure;
    }

    @Override
    public int available() {
        lock.lock();
        try {
            return held;
        } finally {
            lock.unlock();
        }
    }

    /** From now on output is thrown away as it comes. */
    @Override
    public void close() {
        int dropped;
        lock.lock();
        try {
            dropped = held;
            closed = true;
            held = 0;
            ring = new byte[0];
            first = 0;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        handOver(dropped);
    }
}
