package io.sshpool.impl.mina;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Excludes other threads and other processes, by a file of its own: closing any channel on a file ends the process's locks on it, so
 * that a lock on the data itself would end whenever another thread had read them.
 */
final class FileLocking {

    private static final long PAUSE = TimeUnit.MILLISECONDS.toNanos(5);
    private static final ReentrantLock THREADS = new ReentrantLock();

    private final FileChannel channel;

    /** The lock is somebody else's. */
    static final class Busy extends IOException {

        private static final long serialVersionUID = 1L;

        private Busy(String what, Path file, Duration patience) {
            super(what + ": " + file + ", waited " + patience.toMillis() + " ms");
        }
    }

    private FileLocking(FileChannel channel) {
        this.channel = channel;
    }

    /**
     * Waits for the lock. The file is left where it is: deleting it would let two in.
     *
     * @param file made if it is missing
     * @param patience how long to wait
     * @throws Busy when it takes longer
     * @throws IOException when the file cannot be made
     */
    static FileLocking of(Path file, Duration patience) throws IOException {
        long start = System.nanoTime();
        try {
            if (!THREADS.tryLock(patience.toNanos(), TimeUnit.NANOSECONDS)) {
                throw new Busy("locked by another thread for too long", file, patience);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while waiting for the lock");
        }
        try {
            return new FileLocking(lock(file, start, patience));
        } catch (IOException | RuntimeException e) {
            THREADS.unlock();
            throw e;
        }
    }

    private static FileChannel lock(Path file, long start, Duration patience) throws IOException {
        FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        try {
            while (!tryLock(channel)) {
                if (System.nanoTime() - start > patience.toNanos()) {
                    throw new Busy("locked by another process for too long", file, patience);
                }
                LockSupport.parkNanos(PAUSE);
            }
            return channel;
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    private static boolean tryLock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock() != null;
        } catch (OverlappingFileLockException e) {
            // Another class loader of this JVM has it: its lock above is not ours.
            return false;
        }
    }

    /** By the thread that has it. */
    void release() throws IOException {
        try {
            channel.close();
        } finally {
            THREADS.unlock();
        }
    }
}
