package io.sshpool.impl.cdi;

import io.sshpool.Command;
import io.sshpool.ExecResult;
import io.sshpool.HealthReport;
import io.sshpool.PoolStats;
import io.sshpool.SshGroup;
import io.sshpool.SshLease;
import io.sshpool.SshPool;
import io.sshpool.impl.health.ReadinessSource;
import io.sshpool.impl.pool.ConnectionPool;
import io.sshpool.impl.pool.Readiness;
import java.time.Duration;
import java.util.Collection;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/**
 * The pool as applications get it injected: everything but {@link #close()}, which is the container's. Not final, as containers put
 * a client proxy before it.
 */
public class ContainerPool implements SshPool, ReadinessSource {

    private final ConnectionPool pool;

    /** For client proxies only, which never use what they inherit. */
    public ContainerPool() {
        this(null);
    }

    ContainerPool(ConnectionPool pool) {
        this.pool = pool;
    }

    /**
     * A lease for one request: {@link ConnectionPool#requestLease(String, String)}.
     *
     * @param key the target
     * @param holder what uses it, or empty
     * @return the lease, to be closed when the request ends
     * @throws io.sshpool.SshConfigException when the key is malformed, unknown or not allowed
     */
    public SshLease requestLease(String key, String holder) {
        return pool.requestLease(key, holder);
    }

    @Override
    public SshLease acquire(String key) {
        return pool.acquire(key);
    }

    @Override
    public SshLease acquire(String key, Duration timeout) {
        return pool.acquire(key, timeout);
    }

    @Override
    public CompletionStage<SshLease> acquireAsync(String key) {
        return pool.acquireAsync(key);
    }

    @Override
    public CompletionStage<SshLease> acquireAsync(String key, Duration timeout) {
        return pool.acquireAsync(key, timeout);
    }

    @Override
    public ExecResult execute(String key, Command command) {
        return pool.execute(key, command);
    }

    @Override
    public CompletionStage<ExecResult> executeAsync(String key, Command command) {
        return pool.executeAsync(key, command);
    }

    @Override
    public SshGroup each(Collection<String> keys) {
        return pool.each(keys);
    }

    @Override
    public HealthReport healthCheck() {
        return pool.healthCheck();
    }

    @Override
    public HealthReport healthCheck(Duration timeout) {
        return pool.healthCheck(timeout);
    }

    @Override
    public PoolStats stats() {
        return pool.stats();
    }

    @Override
    public Optional<Readiness> readiness() {
        return pool.readiness();
    }

    @Override
    public int evict(String key) {
        return pool.evict(key);
    }

    /**
     * Refused: other beans use the same pool.
     *
     * @throws IllegalStateException always
     */
    @Override
    public void close() {
        throw new IllegalStateException(
                "an injected SshPool is closed by the container when the application stops; do not close it yourself"
                        + " (to drop one target's connections, use evict)");
    }

    /** What {@link #close()} refuses; for the disposer, which gets the object itself and no proxy. */
    void shutDown() {
        pool.close();
    }
}
