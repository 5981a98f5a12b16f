package io.sshpool;

/**
 * The right to use one pooled connection, until it is closed. Made for try-with-resources:
 *
 * <pre>{@code
 * try (SshLease ssh = pool.acquire("build")) {
 *     ssh.execute("make -C /srv/app").orThrow();
 * }
 * }</pre>
 *
 * <p>When its connection is lost, or has been retired ({@code max-lifetime}, an expired certificate, {@link SshPool#evict}), the lease goes
 * on with another one at its next operation, which waits for that as an acquire does. With an open tunnel, or after {@link #unwrap}, it
 * keeps a retired connection until it is closed.
 *
 * <p>A lease is never taken back while it is open. One that becomes unreachable without having been closed is
 * reclaimed, with a warning.
 */
public interface SshLease extends SshClient, AutoCloseable {

    /**
     * Gives the connection back. Does not block; operations still running on this lease are ended, and fail with
     * {@link LeaseClosedException}. Closing again does nothing. A closed lease throws {@link LeaseClosedException} from every
     * other method but {@link #target()} and {@link #isConnected()}.
     */
    @Override
    void close();
}
