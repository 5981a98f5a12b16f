package io.sshpool.impl.pool;

import io.sshpool.spi.FilesChannel;
import io.sshpool.spi.SshConnection;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;

/** The SFTP channel of a lease, which all shares that run at the same time use; opened anew when there is none that lives. */
final class SharedFiles {

    private final Lease lease;
    private final Object lock = new Object();

    // Guarded by the lock.
    private Session current;

    SharedFiles(Lease lease) {
        this.lease = lease;
    }

    /** A channel and who uses it. */
    private static final class Session {
        private final CompletableFuture<FilesChannel> opening = new CompletableFuture<>();
        private volatile Operation<Void, FilesChannel> operation;

        // Guarded by the lock.
        private int users = 1;
        private IdleFiles.Entry idle;

        private boolean hasEnded() {
            Operation<Void, FilesChannel> begun = operation;
            return begun != null && begun.result.isDone();
        }
    }

    /** The right to use the channel until it is closed. */
    final class Share implements AutoCloseable {
        private final Session session;
        private boolean closed;

        private Share(Session session) {
            this.session = session;
        }

        /** Waits for the channel, at most for the acquire time-out and then, for the server to say hello, the connect time-out. */
        FilesChannel channel() {
            return Waits.await(session.opening, lease.account.target.name(), "opening an SFTP channel to", () -> {});
        }

        @Override
        public void close() {
            synchronized (lock) {
                if (closed) {
                    return;
                }
                closed = true;
                if (--session.users > 0) {
                    return;
                }
                if (session != current || session.hasEnded()) {
                    return;
                }
                if (!session.opening.isDone() || session.opening.isCompletedExceptionally()) {
                    current = null;
                } else {
                    // under the lock: the next share must find it
                    session.idle = lease.core.idleFiles.add(session.opening.join()::finish);
                    return;
                }
            }
            Operation<Void, FilesChannel> unwanted = session.operation;
            if (unwanted != null) {
                unwanted.giveUp(new CancellationException("nobody waits for the SFTP channel any more"));
            }
        }
    }

    /**
     * Takes a share of the channel, which is opened if need be.
     *
     * @param handle what the application holds, kept reachable while the channel is open
     */
    Share take(Object handle) {
        Session fresh;
        synchronized (lock) {
            if (current != null && mayJoin(current)) {
                current.users++;
                return new Share(current);
            }
            fresh = new Session();
            current = fresh;
        }
        fresh.operation = Operation.start(lease, SshConnection::openFiles, (over, failure) -> {}, handle);
        fresh.operation.opened.whenComplete((channel, failure) -> {
            if (failure == null) {
                fresh.opening.complete(channel);
            } else {
                fresh.opening.completeExceptionally(failure);
            }
        });
        return new Share(fresh);
    }

    private static boolean mayJoin(Session session) {
        if (session.hasEnded() || session.opening.isCompletedExceptionally()) {
            return false;
        }
        if (session.opening.isDone() && !session.opening.join().isOpen()) {
            return false;
        }
        return session.users > 0 || session.operation.mayGoOn() && session.idle.leave();
    }
}
