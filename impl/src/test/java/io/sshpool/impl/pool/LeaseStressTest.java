package io.sshpool.impl.pool;

import static org.assertj.core.api.Assertions.assertThat;

import io.sshpool.ConnectionLostException;
import io.sshpool.ExecResult;
import io.sshpool.PoolConfig;
import io.sshpool.SshLease;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** Operations of one lease by several threads. */
@ExtendWith(NothingLeftBehind.class)
@Timeout(60)
class LeaseStressTest {

    private final ScheduledExecutorService network = Executors.newScheduledThreadPool(2);
    private final FakeConnectionFactory factory = new FakeConnectionFactory(network);
    private final Tally tally = new Tally();
    private final Targets targets = new Targets(List.of(PoolFixture.alias("a")), TargetDefaults.NONE, List.of());
    private PoolConfig config;

    private static final int ROUNDS = Integer.getInteger("sshpool.rounds", 5_000);

    /** A slot that came free between the look at it and the place in the queue must not be missed. */
    @Test
    void operationsOfOneLeaseNeverMissTheSlotThatComesFree() throws InterruptedException {
        ConnectionPool pool = open(c -> c.withMaxConnections(1).withMaxChannelsPerConnection(1));
        try (SshLease lease = pool.acquire("a")) {
            // in pairs: a third one would come to the rescue of whoever missed it
            CyclicBarrier pair = new CyclicBarrier(2);
            together(2, () -> {
                for (int i = 0; i < ROUNDS; i++) {
                    pair.await();
                    assertThat(lease.execute("true").isSuccess()).isTrue();
                }
                return null;
            });
        }
        finish(pool);
    }

    @Test
    void operationsOfOneRequestNeverMissTheSlotThatComesFree() throws InterruptedException {
        ConnectionPool pool = open(c -> c.withMaxConnections(1).withMaxChannelsPerConnection(2));
        try (SshLease one = pool.requestLease("a");
                SshLease other = pool.requestLease("a")) {
            together(6, () -> {
                for (int i = 0; i < ROUNDS; i++) {
                    assertThat((i % 2 == 0 ? one : other).execute("true").isSuccess())
                            .isTrue();
                }
                return null;
            });
        }
        finish(pool);
    }

    @Test
    void aLeaseThatIsClosedWhileItIsUsedLeavesNothingBehind() throws InterruptedException {
        ConnectionPool pool = open(c -> c.withMaxConnections(2).withMaxChannelsPerConnection(2));
        together(4, () -> {
            for (int i = 0; i < ROUNDS; i++) {
                SshLease lease = i % 2 == 0 ? pool.acquire("a") : pool.requestLease("a");
                List<CompletableFuture<ExecResult>> results = new ArrayList<>();
                for (int n = 0; n < 3; n++) {
                    results.add(lease.executeAsync("true").toCompletableFuture());
                }
                if (i % 3 == 0) {
                    results.get(i % 2).cancel(true);
                }
                lease.close();
                results.forEach(result -> PoolFixture.until(result::isDone));
            }
            return null;
        });
        finish(pool);
    }

    @Test
    void aDyingConnectionRunsNothingTwice() throws InterruptedException {
        ConnectionPool pool = open(c -> c.withMaxConnections(3).withMaxChannelsPerConnection(2));
        factory.server("a.example:22").remembers = true;
        AtomicBoolean over = new AtomicBoolean();
        Thread killer = new Thread(() -> {
            while (!over.get()) {
                factory.server("a.example:22").kill();
                LockSupport.parkNanos(1_000_000);
            }
        });
        killer.start();
        AtomicInteger numbers = new AtomicInteger();
        try (SshLease lease = pool.acquire("a")) {
            together(4, () -> {
                for (int i = 0; i < ROUNDS / 4; i++) {
                    try {
                        lease.execute("echo " + numbers.incrementAndGet());
                    } catch (ConnectionLostException e) {
                        assertThat(e.target()).isEqualTo("a");
                    }
                }
                return null;
            });
        }
        over.set(true);
        killer.join();
        assertThat(factory.server("a.example:22").commands).doesNotHaveDuplicates();
        finish(pool);
    }

    private ConnectionPool open(UnaryOperator<PoolConfig> settings) {
        factory.server("a.example:22").remembers = false;
        config = settings.apply(PoolConfig.defaults().withAcquireTimeout(Duration.ofSeconds(5)));
        return ConnectionPool.start(config, targets, factory, tally, PoolThreads.own());
    }

    private void finish(ConnectionPool pool) {
        PoolFixture.until(() -> pool.stats().channelsInUse() == 0);
        assertThat(pool.stats().timeouts()).as("operations that missed a slot").isZero();
        pool.close();
        PoolFixture.until(() -> tally.begun.sum() == tally.ended.sum());
        assertThat(tally.endedTwice.sum()).isZero();
        assertThat(tally.released.sum()).isEqualTo(tally.granted.sum());
        new Invariants(config, factory, targets).afterClose(pool.stats());
    }

    private static void together(int threads, Callable<Void> work) throws InterruptedException {
        List<PoolFixture.Call<Void>> calls = new ArrayList<>();
        for (int i = 0; i < threads; i++) {
            calls.add(new PoolFixture.Call<>(work));
        }
        for (PoolFixture.Call<Void> call : calls) {
            call.thread.join();
            call.result.join();
        }
    }

    @AfterEach
    void stopTheNetwork() {
        network.shutdownNow();
    }
}
