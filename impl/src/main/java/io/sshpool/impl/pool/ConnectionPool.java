package io.sshpool.impl.pool;

import io.sshpool.Command;
import io.sshpool.ExecResult;
import io.sshpool.HealthReport;
import io.sshpool.PoolClosedException;
import io.sshpool.PoolConfig;
import io.sshpool.PoolStats;
import io.sshpool.SshException;
import io.sshpool.SshGroup;
import io.sshpool.SshLease;
import io.sshpool.SshPool;
import io.sshpool.spi.ConnectionFactory;
import io.sshpool.spi.PoolListener;
import io.sshpool.spi.Target;
import java.time.Duration;
import java.util.Collection;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.DoubleSupplier;

/**
 * The pool: what an application calls. Asynchronous at heart; the blocking methods wait for the asynchronous ones. Thread-safe.
 */
public final class ConnectionPool implements SshPool {

    private final Core core;
    private final LeaseWatch watch;
    private final Sweeper sweeper;
    private final Shutdown shutdown;
    private final HealthCheck healthCheck;

    private volatile Readiness lastReadiness;

    private ConnectionPool(Core core) {
        this.core = core;
        watch = new LeaseWatch(core);
        sweeper = new Sweeper(core, watch);
        shutdown = new Shutdown(core);
        healthCheck = new HealthCheck(core);
    }

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
        return start(
                config,
                targets,
                factory,
                listener,
                threads,
                () -> ThreadLocalRandom.current().nextDouble());
    }

    static ConnectionPool start(
            PoolConfig config,
            Targets targets,
            ConnectionFactory factory,
            PoolListener listener,
            PoolThreads threads,
            DoubleSupplier jitter) {
        Ledger ledger = new Ledger(config, jitter);
        ConnectionPool pool = new ConnectionPool(new Core(config, targets, factory, listener, threads, ledger));
        for (Target alias : targets.aliases()) {
            pool.core.account(alias.name());
        }
        listener.opened(pool::stats);
        pool.sweeper.start();
        pool.sweeper.check();
        pool.lastReadiness = pool.core.ask(Census::readiness);
        return pool;
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
        return requestLease(key, "");
    }

    /**
     * The same, with a name for whoever holds it.
     *
     * @param key the target
     * @param holder shown when the lease stays open for too long, such as an injection point; empty when there is nothing to say
     * @return the lease, to be closed when the request ends
     * @throws io.sshpool.SshConfigException when the key is malformed, unknown or not allowed
     */
    public SshLease requestLease(String key, String holder) {
        return new PooledLease(new Lease(core, core.account(key)), watch, holder);
    }

    @Override
    public SshLease acquire(String key) {
        return acquire(key, core.config.acquireTimeout());
    }

    @Override
    public SshLease acquire(String key, Duration timeout) {
        return new PooledLease(lease(key, timeout), watch, "");
    }

    private Lease lease(String key, Duration timeout) {
        Account account = core.account(key);
        PoolListener.Acquire observer = core.listener.acquiring(account.target);
        Claim claim = new Claim(account, null);
        CompletableFuture<Claim> outcome = core.slot(claim, timeout);
        Claim slot = claim;
        if (outcome != null) {
            watch.reclaim();
            try {
                slot = Waits.await(
                        outcome,
                        account.target.name(),
                        "waiting for a connection to",
                        () -> core.abandon(claim, outcome));
            } catch (SshException e) {
                observer.failed(e);
                throw e;
            }
        }
        observer.granted(slot.connection.id, slot.reused);
        return new Lease(core, slot, observer);
    }

    @Override
    public CompletionStage<SshLease> acquireAsync(String key) {
        return acquireAsync(key, core.config.acquireTimeout());
    }

    @Override
    public CompletionStage<SshLease> acquireAsync(String key, Duration timeout) {
        Acquiring acquiring = acquiring(key, timeout);
        CompletableFuture<SshLease> handle = new CompletableFuture<>();
        acquiring.lease.whenComplete((lease, failure) -> {
            if (failure == null) {
                handle.complete(new PooledLease(lease, watch, ""));
            } else {
                handle.completeExceptionally(failure);
            }
        });
        return Waits.publish(handle, core.threads.workers(), acquiring.giveUp, SshLease::close);
    }

    @Override
    public ExecResult execute(String key, Command command) {
        Objects.requireNonNull(command, "command");
        Lease lease = lease(key, core.config.acquireTimeout());
        try {
            return PooledLease.run(lease, command, null);
        } finally {
            lease.close("the command is over");
        }
    }

    @Override
    public CompletionStage<ExecResult> executeAsync(String key, Command command) {
        Objects.requireNonNull(command, "command");
        Acquiring acquiring = acquiring(key, core.config.acquireTimeout());
        // here, on the caller's thread: the connection may come on another one
        PoolListener.Execute observer = acquiring
                .account
                .map(account -> core.listener.executing(account.target, command))
                .orElse(PoolListener.Execute.NONE);
        return OneShot.start(core, acquiring, command, observer);
    }

    /** An acquire without a thread; without an account when the key was wrong. */
    record Acquiring(Optional<Account> account, CompletableFuture<Lease> lease, Runnable giveUp) {}

    private Acquiring acquiring(String key, Duration timeout) {
        Account account;
        try {
            account = core.account(key);
        } catch (SshException e) {
            return new Acquiring(Optional.empty(), CompletableFuture.failedFuture(e), () -> {});
        }
        PoolListener.Acquire observer = core.listener.acquiring(account.target);
        Claim claim = new Claim(account, null);
        CompletableFuture<Claim> outcome = core.slot(claim, timeout);
        if (outcome == null) {
            observer.granted(claim.connection.id, claim.reused);
            return new Acquiring(
                    Optional.of(account),
                    CompletableFuture.completedFuture(new Lease(core, claim, observer)),
                    () -> {});
        }
        watch.reclaim();
        CompletableFuture<Lease> lease = new CompletableFuture<>();
        outcome.whenComplete((slot, failure) -> {
            if (failure == null) {
                observer.granted(slot.connection.id, slot.reused);
                lease.complete(new Lease(core, slot, observer));
            } else {
                observer.failed(failure);
                lease.completeExceptionally(failure);
            }
        });
        return new Acquiring(Optional.of(account), lease, () -> {
            if (outcome.cancel(false)) {
                core.abandon(claim, outcome);
            }
        });
    }

    @Override
    public SshGroup each(Collection<String> keys) {
        return Group.of(core, keys, this::executeAsync);
    }

    @Override
    public HealthReport healthCheck() {
        return healthCheck(core.config.validationTimeout());
    }

    @Override
    public HealthReport healthCheck(Duration timeout) {
        if (core.ask((ledger, now) -> ledger.isClosed())) {
            throw new PoolClosedException("");
        }
        return healthCheck.run(timeout);
    }

    /**
     * Whether the pool can serve its required targets, by what is known already. Never dials, borrows, or waits for longer than a
     * millisecond: should the pool be too busy to look, it gives what it saw the last time.
     *
     * @return empty where {@code health.enabled} is false
     */
    public Optional<Readiness> readiness() {
        if (!core.config.healthEnabled()) {
            return Optional.empty();
        }
        Optional<Readiness> current = core.glance(Census::readiness);
        current.ifPresent(seen -> lastReadiness = seen);
        return current.or(() -> Optional.of(lastReadiness));
    }

    @Override
    public PoolStats stats() {
        return core.ask(Census::stats);
    }

    @Override
    public int evict(String key) {
        Account known = core.account(key);
        // looked up again under the lock: it may have been forgotten, and opened anew by somebody else, since
        return core.ask((ledger, now) -> ledger.evict(ledger.account(known.target, now), now));
    }

    @Override
    public void close() {
        sweeper.stop();
        shutdown.close();
    }
}
