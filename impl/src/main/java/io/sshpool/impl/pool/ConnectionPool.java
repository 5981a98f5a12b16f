package io.sshpool.impl.pool;

import io.sshpool.Command;
import io.sshpool.ExecResult;
import io.sshpool.HealthReport;
import io.sshpool.PoolConfig;
import io.sshpool.PoolStats;
import io.sshpool.SshLease;
import io.sshpool.SshPool;
import io.sshpool.spi.ConnectionFactory;
import io.sshpool.spi.PoolListener;
import java.time.Duration;
import java.util.concurrent.CompletionStage;

/** The pool. */
public final class ConnectionPool implements SshPool {

    private ConnectionPool() {}

    /**
     * Starts a pool: housekeeping begins, required targets are dialled.
     *
     * @param config valid settings
     * @param targets the directory of targets
     * @param factory makes connections; closed with the pool
     * @param listener hears what happens
     * @param threads time and threads; closed with the pool
     * @return the open pool
     */
    public static ConnectionPool start(
            PoolConfig config, Targets targets, ConnectionFactory factory, PoolListener listener, PoolThreads threads) {
        throw new IllegalStateException("in the making");
    }

    /**
     * A lease that borrows at its first operation, gives way to waiters while it runs nothing, and goes back by itself after
     * {@code lease-idle-timeout}; the next operation borrows again. Never blocks.
     *
     * @param key the target
     * @return the lease, to be closed when the request ends
     * @throws io.sshpool.SshConfigException when the key is malformed, unknown or not allowed
     */
    public SshLease requestLease(String key) {
        throw new IllegalStateException("in the making");
    }

    @Override
    public SshLease acquire(String key) {
        throw new IllegalStateException("in the making");
    }

    @Override
    public SshLease acquire(String key, Duration timeout) {
        throw new IllegalStateException("in the making");
    }

    @Override
    public CompletionStage<SshLease> acquireAsync(String key) {
        throw new IllegalStateException("in the making");
    }

    @Override
    public CompletionStage<SshLease> acquireAsync(String key, Duration timeout) {
        throw new IllegalStateException("in the making");
    }

    @Override
    public ExecResult execute(String key, Command command) {
        throw new IllegalStateException("in the making");
    }

    @Override
    public CompletionStage<ExecResult> executeAsync(String key, Command command) {
        throw new IllegalStateException("in the making");
    }

    @Override
    public HealthReport healthCheck() {
        throw new IllegalStateException("in the making");
    }

    @Override
    public HealthReport healthCheck(Duration timeout) {
        throw new IllegalStateException("in the making");
    }

    @Override
    public PoolStats stats() {
        throw new IllegalStateException("in the making");
    }

    @Override
    public int evict(String key) {
        throw new IllegalStateException("in the making");
    }

    @Override
    public void close() {}
}
