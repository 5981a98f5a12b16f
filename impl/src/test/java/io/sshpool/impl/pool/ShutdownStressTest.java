package io.sshpool.impl.pool;

import static org.assertj.core.api.Assertions.assertThat;

import io.sshpool.Command;
import io.sshpool.PoolClosedException;
import io.sshpool.PoolConfig;
import io.sshpool.SshException;
import io.sshpool.SshLease;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** Closes pools in the middle of everything. {@code -Dsshpool.seed=N} chooses the same moments again. */
@ExtendWith(NothingLeftBehind.class)
class ShutdownStressTest {

    private static final long SEED = Long.getLong("sshpool.seed", System.nanoTime());
    private static final int ROUNDS = Integer.getInteger("sshpool.closes", 200);
    private static final int THREADS = 8;
    private static final Command COMMAND = Command.shell("true");

    private final ScheduledExecutorService network = Executors.newScheduledThreadPool(2);

    @AfterEach
    void stopTheNetwork() {
        network.shutdownNow();
    }

    @Test
    @Timeout(60)
    void aPoolThatIsClosedUnderLoadLeavesNothingOpenAndNobodyWaiting() throws InterruptedException {
        SplittableRandom random = new SplittableRandom(SEED);
        for (int i = 0; i < ROUNDS; i++) {
            closeUnderLoad(random.split(), i);
        }
    }

    private void closeUnderLoad(SplittableRandom random, int round) throws InterruptedException {
        FakeConnectionFactory factory = new FakeConnectionFactory(network);
        Tally tally = new Tally();
        PoolConfig config = PoolConfig.defaults()
                .withMaxConnections(3)
                .withMaxChannelsPerConnection(2)
                .withShutdownTimeout(Duration.ofMillis(50));
        Targets targets =
                new Targets(List.of(PoolFixture.alias("a"), PoolFixture.alias("b")), TargetDefaults.NONE, List.of());
        ConnectionPool pool = ConnectionPool.start(config, targets, factory, tally, PoolThreads.own());
        factory.server("b.example:22").dialTakes = Duration.ofMillis(1);
        List<PoolFixture.Call<Void>> calls = new ArrayList<>();
        for (int i = 0; i < THREADS; i++) {
            String key = i % 2 == 0 ? "a" : "b";
            boolean asynchronous = i < THREADS / 2;
            calls.add(new PoolFixture.Call<>(() -> untilClosed(pool, key, asynchronous)));
        }
        LockSupport.parkNanos(random.nextInt(3_000_000));
        pool.close();
        for (PoolFixture.Call<Void> call : calls) {
            call.thread.join();
            call.result.join();
        }
        PoolFixture.until(() -> tally.begun.sum() == tally.ended.sum());
        String when = "seed " + SEED + ", round " + round;
        assertThat(tally.endedTwice.sum()).as(when).isZero();
        assertThat(tally.closedConnections).as(when).hasSize((int) pool.stats().created());
        new Invariants(config, factory, targets).afterClose(pool.stats());
    }

    private static Void untilClosed(ConnectionPool pool, String key, boolean asynchronous) {
        while (true) {
            try {
                if (asynchronous) {
                    CompletableFuture<?> result =
                            pool.executeAsync(key, COMMAND).toCompletableFuture();
                    PoolFixture.until(result::isDone);
                    pool.acquire(key).close();
                } else {
                    try (SshLease lease = pool.acquire(key)) {
                        lease.execute(COMMAND);
                    }
                }
            } catch (PoolClosedException e) {
                return null;
            } catch (SshException e) {
                // its connection was closed by force: the next call says why
                assertThat(e.target()).isEqualTo(key);
            }
        }
    }
}
