package io.sshpool.impl.pool;

import static org.assertj.core.api.Assertions.assertThat;

import io.sshpool.PoolConfig;
import io.sshpool.PoolStats;
import io.sshpool.SshLease;
import io.sshpool.spi.PoolListener;
import io.sshpool.spi.Target;
import io.sshpool.spi.Trust;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * A pool over servers in memory, in a time that stands still. Invariants are checked after every step, and after the pool's
 * close, which comes at the latest with the end of the test.
 */
final class PoolFixture implements AfterEachCallback {

    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(10);

    final ManualTime time = new ManualTime();
    final ManualScheduler timer = time.scheduler("timer");
    final ManualScheduler workers = time.scheduler("workers");
    final ManualScheduler housekeeper = time.scheduler("housekeeper");
    final FakeConnectionFactory factory = new FakeConnectionFactory(time.scheduler("network"));
    final Witness witness = new Witness();

    /** What the pool takes for random: between 0 and 1. */
    volatile double jitter;

    /** The pool's clock, which a test may listen to. */
    LongSupplier clock = time::now;

    PoolConfig config;
    ConnectionPool pool;
    private final List<SshLease> leases = new ArrayList<>();
    private Invariants invariants;

    /** Opens the pool of the test; {@code a}, {@code b} and {@code c} are targets of it. */
    ConnectionPool open(UnaryOperator<PoolConfig> settings) {
        return open(settings, alias("a"), alias("b"), alias("c"));
    }

    ConnectionPool open(UnaryOperator<PoolConfig> settings, Target... aliases) {
        return open(settings, witness, aliases);
    }

    ConnectionPool open(UnaryOperator<PoolConfig> settings, PoolListener listener, Target... aliases) {
        config = settings.apply(PoolConfig.defaults()).validate();
        Targets targets = new Targets(List.of(aliases), TargetDefaults.NONE, List.of());
        invariants = new Invariants(config, factory, new Targets(List.of(aliases), TargetDefaults.NONE, List.of()));
        PoolThreads threads = new PoolThreads(() -> clock.getAsLong(), timer, workers, housekeeper);
        pool = ConnectionPool.start(config, targets, factory, listener, threads, () -> jitter);
        settle();
        return pool;
    }

    static Target alias(String name) {
        return alias(name, Target.Limits.NONE, false);
    }

    static Target alias(String name, Target.Limits limits, boolean required) {
        return new Target(name, true, "user", name + ".example", 22, Trust.NOBODY, limits, false, required);
    }

    /** The server of an alias. */
    FakeServer server(String alias) {
        return factory.server(alias + ".example:22");
    }

    // ---- steps

    void settle() {
        advance(Duration.ZERO);
    }

    void advance(Duration duration) {
        time.advance(duration);
        invariants.atRest(pool.stats());
    }

    /** Asks for a lease, and lets happen what happens without time passing. */
    CompletableFuture<SshLease> acquiring(String key) {
        CompletableFuture<SshLease> lease = pool.acquireAsync(key).toCompletableFuture();
        settle();
        return lease;
    }

    /** A lease that is there without time passing, and stays reachable: else the pool takes it back sooner or later. */
    SshLease lease(String key) {
        SshLease lease = valueOf(acquiring(key));
        leases.add(lease);
        return lease;
    }

    void close(SshLease lease) {
        lease.close();
        settle();
    }

    /** What a stage has come to. */
    <T> T valueOf(CompletionStage<T> stage) {
        settle();
        assertThat(stage.toCompletableFuture()).isCompleted();
        return stage.toCompletableFuture().join();
    }

    /** What a stage has failed with. */
    Throwable failureOf(CompletionStage<?> stage) {
        settle();
        CompletableFuture<Throwable> failure = new CompletableFuture<>();
        stage.whenComplete((value, thrown) -> {
            if (thrown != null) {
                failure.complete(thrown);
            }
        });
        assertThat(failure).as("the stage has not failed").isCompleted();
        return failure.join();
    }

    /** The row of the pool's only connection. */
    PoolStats.Connection onlyConnection() {
        assertThat(pool.stats().connections()).hasSize(1);
        return pool.stats().connections().get(0);
    }

    // ---- threads

    /** A call that may block, on a thread of its own. */
    static final class Call<T> {
        final CompletableFuture<T> result = new CompletableFuture<>();
        final CompletableFuture<Boolean> interrupted = new CompletableFuture<>();
        final Thread thread;

        Call(Callable<T> work) {
            thread = new Thread(
                    () -> {
                        try {
                            result.complete(work.call());
                        } catch (Throwable e) {
                            result.completeExceptionally(e);
                        }
                        interrupted.complete(Thread.currentThread().isInterrupted());
                    },
                    "caller");
            thread.setDaemon(true);
            thread.start();
        }
    }

    /** Starts a call, and returns when it blocks or is over. */
    <T> Call<T> call(Callable<T> work) {
        Call<T> call = new Call<>(work);
        until(() -> call.result.isDone() || isBlocked(call.thread));
        return call;
    }

    /** Goes on until a call is over, without time passing. */
    <T> Call<T> finish(Call<T> call) {
        until(() -> {
            time.settle();
            return call.interrupted.isDone();
        });
        return call;
    }

    static boolean isBlocked(Thread thread) {
        return thread.getState() == Thread.State.WAITING || thread.getState() == Thread.State.TIMED_WAITING;
    }

    static void until(BooleanSupplier condition) {
        long deadline = System.nanoTime() + PATIENCE_NANOS;
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime() - deadline).as("patience").isNegative();
            Thread.onSpinWait();
        }
    }

    // ---- the end

    /** Closes the pool, letting time pass where that takes some. */
    void closePool() {
        Call<Void> closing = call(() -> {
            pool.close();
            return null;
        });
        until(() -> {
            if (isBlocked(closing.thread)) {
                time.advance(Duration.ofMillis(100));
            }
            return closing.interrupted.isDone();
        });
        closing.result.join();
        time.settle();
    }

    @Override
    public void afterEach(ExtensionContext context) {
        if (pool != null) {
            closePool();
            assertThat(time.failures()).as("thrown by tasks").isEmpty();
            invariants.afterClose(pool.stats(), witness);
            assertThat(timer.pending() + housekeeper.pending() + workers.pending())
                    .as("tasks left")
                    .isZero();
        }
    }
}
