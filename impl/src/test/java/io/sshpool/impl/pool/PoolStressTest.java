package io.sshpool.impl.pool;

import static org.assertj.core.api.Assertions.assertThat;

import io.sshpool.PoolConfig;
import io.sshpool.PoolStats;
import io.sshpool.spi.Target;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Many threads on a small pool whose servers fail, stall and die. {@code -Dsshpool.seed=N} makes the callers and the chaos choose
 * the same again, {@code -Dsshpool.cycles=N} says how many leases are acquired and given back.
 */
@ExtendWith(NothingLeftBehind.class)
class PoolStressTest {

    private static final int CYCLES = Integer.getInteger("sshpool.cycles", 1_000_000);
    private static final long SEED = Long.getLong("sshpool.seed", System.nanoTime());
    private static final int THREADS = 64;
    private static final int CHANNELS = 4;

    private final ScheduledExecutorService network = Executors.newScheduledThreadPool(2);
    private final FakeConnectionFactory factory = new FakeConnectionFactory(network);
    private final Tally tally = new Tally();
    private final AtomicReference<Throwable> failure = new AtomicReference<>();
    private final AtomicBoolean over = new AtomicBoolean();

    @AfterEach
    void stopTheNetwork() {
        network.shutdownNow();
    }

    @Test
    @Timeout(120)
    void nothingIsLeakedExceededOrStrandedWhateverHappens() throws InterruptedException {
        long start = System.nanoTime();
        List<Target> aliases =
                Stream.of("a", "b", "c", "d", "e", "f").map(PoolFixture::alias).toList();
        List<FakeServer> servers =
                aliases.stream().map(t -> factory.server(t.server())).toList();
        servers.forEach(server -> server.remembers = false);
        PoolConfig config = config();
        Targets targets = new Targets(aliases, TargetDefaults.NONE, List.of());
        ConnectionPool pool = ConnectionPool.start(config, targets, factory, tally, PoolThreads.own());
        Invariants invariants = new Invariants(config, factory, targets);

        SplittableRandom random = new SplittableRandom(SEED);
        Chaos chaos = new Chaos(random.split(), servers);
        Thread chaotic = thread("chaos", () -> rage(chaos, pool, invariants));
        List<StressCaller> callers = new ArrayList<>();
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < THREADS; i++) {
            StressCaller caller = new StressCaller(pool, random.split(), CYCLES / THREADS);
            callers.add(caller);
            threads.add(thread("caller-" + i, caller));
        }
        for (Thread thread : threads) {
            thread.join();
        }
        over.set(true);
        chaotic.join();
        long nanos = System.nanoTime() - start;
        print(callers, pool.stats(), nanos);
        assertThat(failure.get()).as("seed " + SEED).isNull();

        chaos.healAll();
        PoolFixture.until(
                () -> pool.stats().channelsInUse() == 0 && pool.stats().waiting() == 0);
        everybodyIsServedAgain(pool);
        pool.close();
        PoolFixture.until(() -> tally.begun.sum() == tally.ended.sum());
        check(invariants, pool.stats(), servers);
    }

    private static PoolConfig config() {
        return PoolConfig.defaults()
                .withMaxConnections(12)
                .withMaxConnectionsPerTarget(4)
                .withMaxChannelsPerConnection(CHANNELS)
                .withMaxConcurrentConnects(3)
                .withMaxWaiters(60)
                .withMaxTargets(4)
                .withAcquireTimeout(Duration.ofMillis(100))
                .withConnectTimeout(Duration.ofMillis(20))
                .withBackOff(Duration.ofMillis(1))
                .withMaxBackOff(Duration.ofMillis(5))
                .withAuthBackOff(Duration.ofMillis(10))
                .withMaxIdleTime(Duration.ofMillis(20))
                .withMaxLifetime(Duration.ofMillis(300))
                .withHealthInterval(Duration.ofMillis(15))
                .withValidationInterval(Duration.ofMillis(5))
                .withValidationTimeout(Duration.ofMillis(5))
                .withCleanupInterval(Duration.ofMillis(10))
                .withLeaseIdleTimeout(Duration.ofMillis(5))
                .withShutdownTimeout(Duration.ofSeconds(5));
    }

    private Thread thread(String name, Runnable task) {
        Thread thread = new Thread(task, name);
        thread.setDaemon(true);
        thread.setUncaughtExceptionHandler((t, thrown) -> {
            failure.compareAndSet(null, thrown);
            over.set(true);
        });
        thread.start();
        return thread;
    }

    private void rage(Chaos chaos, ConnectionPool pool, Invariants invariants) {
        SplittableRandom random = new SplittableRandom(SEED + 1);
        while (!over.get()) {
            invariants.always(pool.stats());
            chaos.strike();
            if (random.nextInt(10) == 0) {
                pool.evict(random.nextBoolean() ? "a" : "b");
            }
            if (random.nextInt(20) == 0) {
                pool.healthCheck(Duration.ofMillis(2));
            }
            // the pace of the strikes, which leaves the processors to the callers
            LockSupport.parkNanos(5_000_000);
        }
    }

    private static void everybodyIsServedAgain(ConnectionPool pool) {
        for (String key : List.of("a", "b", "c", "d", "e", "f")) {
            PoolFixture.until(() -> StressCaller.isServed(pool, key));
        }
    }

    private void check(Invariants invariants, PoolStats stats, List<FakeServer> servers) {
        assertThat(tally.endedTwice.sum()).as("operations that ended twice").isZero();
        assertThat(tally.released.sum()).as("leases given back").isEqualTo(tally.granted.sum());
        assertThat(tally.closedTwice.sum()).as("connections closed twice").isZero();
        assertThat(tally.closedConnections).as("connections closed").hasSize((int) stats.created());
        assertThat(servers).allMatch(server -> server.mostChannels.get() <= CHANNELS);
        invariants.afterClose(stats);
    }

    private void print(List<StressCaller> callers, PoolStats stats, long nanos) {
        long cycles = callers.stream().mapToLong(c -> c.granted).sum();
        long failed = callers.stream().mapToLong(c -> c.failed).sum();
        System.getLogger("io.sshpool")
                .log(
                        Level.INFO,
                        "pool stress: seed " + SEED + ", " + cycles + " leases and " + failed + " failures in "
                                + Duration.ofNanos(nanos).toMillis() + " ms; created " + stats.created()
                                + ", reused " + stats.reused() + ", timeouts " + stats.timeouts() + ", closed "
                                + stats.closed() + ", failed connects " + stats.connectFailures());
    }
}
