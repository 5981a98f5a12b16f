package io.sshpool.impl.mina.sftp;

import io.sshpool.FileTransferException;
import io.sshpool.FileTransferException.Reason;
import io.sshpool.FileTransferException.Side;
import io.sshpool.SshException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

/**
 * How long a server may say nothing while somebody waits for it. A heartbeat does not find an SFTP server that hangs, on a dead
 * network file system for instance: sshd answers that. Thread-safe.
 */
public final class Patience {

    private final String target;
    private final Optional<Duration> limit;
    private final Consumer<SshException> giveUp;

    private volatile long heard = System.nanoTime();

    /**
     * Nothing heard yet.
     *
     * @param target the target's name
     * @param limit empty for ever
     * @param giveUp ends the channel; told why
     */
    public Patience(String target, Optional<Duration> limit, Consumer<SshException> giveUp) {
        this.target = target;
        this.limit = limit;
        this.giveUp = giveUp;
    }

    /** The server has answered something. */
    void heard() {
        heard = System.nanoTime();
    }

    /** Waits for an answer, as long as the server answers anything at all. */
    <T> T await(CompletableFuture<T> answer) throws InterruptedException, ExecutionException {
        if (limit.isEmpty()) {
            return answer.get();
        }
        long start = System.nanoTime();
        while (true) {
            long now = System.nanoTime();
            long silent = Math.min(now - start, now - heard);
            long left = limit.get().toNanos() - silent;
            try {
                return answer.get(Math.max(left, 0), TimeUnit.NANOSECONDS);
            } catch (TimeoutException e) {
                if (left <= 0) {
                    giveUp.accept(silence(limit.get()));
                    // ended by that, unless the answer came at the last moment
                    return answer.get();
                }
            }
        }
    }

    private SshException silence(Duration bound) {
        String message = "the SFTP server of " + target + " has not answered for " + bound.toMillis()
                + " ms (command-timeout), though the connection is alive; does a disk or network file system hang there? How far it came is unknown";
        return new FileTransferException(target, Side.REMOTE, "", Reason.TIMEOUT, message, null);
    }
}
