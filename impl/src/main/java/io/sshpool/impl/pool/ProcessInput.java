package io.sshpool.impl.pool;

import io.sshpool.spi.ProcessChannel;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.locks.ReentrantLock;

/** A command's standard input: each write waits until the peer has room, or until the command has ended. */
final class ProcessInput extends OutputStream {

    private static final int CHUNK = 32 * 1024;

    private final ProcessChannel channel;
    private final String target;
    private final ReentrantLock writing = new ReentrantLock();
    /** What is being sent; fails when the command ends. Written under the lock. */
    private volatile CompletableFuture<Void> sending = CompletableFuture.completedFuture(null);
    /** Why nothing can be sent any more, once the command has ended. */
    private volatile Optional<IOException> end = Optional.empty();

    private volatile boolean closed;

    ProcessInput(ProcessChannel channel, String target, boolean closed) {
        this.channel = channel;
        this.target = target;
        this.closed = closed;
        // Once, and not for each write: it would be kept until the command ends.
        channel.result().whenComplete((value, failure) -> ended(failure));
    }

    private void ended(Throwable failure) {
        IOException why = new IOException("the command on " + target + " has ended, and takes no input", failure);
        end = Optional.of(why);
        sending.completeExceptionally(why);
    }

    @Override
    public void write(int one) throws IOException {
        write(new byte[] {(byte) one}, 0, 1);
    }

    @Override
    public void write(byte[] from, int start, int length) throws IOException {
        Objects.checkFromIndexSize(start, length, from.length);
        int done = 0;
        try {
            writing.lockInterruptibly();
            try {
                for (int size; done < length; done += size) {
                    size = Math.min(CHUNK, length - done);
                    send(Arrays.copyOfRange(from, start + done, start + done + size));
                }
            } finally {
                writing.unlock();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            InterruptedIOException interrupted =
                    new InterruptedIOException("interrupted while writing to a command on " + target);
            interrupted.bytesTransferred = done;
            interrupted.initCause(e);
            throw interrupted;
        }
    }

    private void send(byte[] bytes) throws IOException, InterruptedException {
        // one that was left by an interrupt goes first
        await(sending);
        if (closed) {
            throw new IOException("the standard input of this command on " + target + " is closed");
        }
        CompletableFuture<Void> sent = new CompletableFuture<>();
        sending = sent;
        // the command may have ended before it could see this one
        end.ifPresent(sent::completeExceptionally);
        channel.write(bytes).whenComplete((done, failure) -> {
            if (failure == null) {
                sent.complete(null);
            } else {
                sent.completeExceptionally(failure);
            }
        });
        await(sent);
    }

    private void await(CompletableFuture<Void> sent) throws IOException, InterruptedException {
        try {
            sent.get();
        } catch (ExecutionException e) {
            throw new IOException(e.getCause().getMessage(), e.getCause().getCause());
        }
    }

    /** Ends the input, after what is being written. Does not wait for that. */
    @Override
    public void close() {
        if (!closed) {
            closed = true;
            channel.endInput();
        }
    }
}
