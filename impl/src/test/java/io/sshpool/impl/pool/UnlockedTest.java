package io.sshpool.impl.pool;

import static org.assertj.core.api.Assertions.assertThat;

import io.sshpool.Command;
import io.sshpool.PoolStats;
import io.sshpool.SshLease;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Whatever the pool calls may block: another thread must be able to use the pool meanwhile. */
@ExtendWith(NothingLeftBehind.class)
class UnlockedTest {

    @RegisterExtension
    final PoolFixture fixture = new PoolFixture();

    private final ExecutorService bystander = Executors.newSingleThreadExecutor();
    private final List<StackTraceElement[]> locked = new CopyOnWriteArrayList<>();
    private final AtomicInteger calls = new AtomicInteger();

    @AfterEach
    void stopTheBystander() {
        bystander.shutdownNow();
    }

    @Test
    void nothingIsCalledUnderTheLock() {
        fixture.open(c -> c.withMaxConnections(2)
                .withMaxChannelsPerConnection(2)
                .withMaxIdleTime(Duration.ofSeconds(40))
                .withLeakDetectionThreshold(Duration.ofSeconds(5)));
        fixture.factory.onCall = this::look;
        fixture.witness.onCall = this::look;

        SshLease lease = fixture.lease("a");
        fixture.valueOf(lease.executeAsync("true"));
        lease.unwrap(FakeConnection.class);
        fixture.server("a").maxSessions = 1;
        CompletionStage<?> first = lease.executeAsync("sleep 1");
        CompletionStage<?> refused = lease.executeAsync("true");
        fixture.advance(Duration.ofSeconds(1));
        fixture.valueOf(first);
        fixture.valueOf(refused);
        fixture.server("a").deathsBeforeSending.set(1);
        fixture.valueOf(lease.executeAsync("true"));
        fixture.advance(Duration.ofSeconds(6));
        fixture.close(lease);
        fixture.close(fixture.lease("b"));
        fixture.close(fixture.lease("c"));
        fixture.server("b").closeHangs = true;
        fixture.pool.evict("b");
        fixture.advance(Duration.ofSeconds(31));
        rejected();
        fixture.finish(fixture.call(() -> fixture.pool.healthCheck()));
        fixture.pool.executeAsync("c", Command.shell("hang"));
        fixture.settle();
        fixture.closePool();

        assertThat(calls).hasValueGreaterThan(50);
        assertThat(locked).isEmpty();
    }

    private void rejected() {
        fixture.workers.reject();
        fixture.server("a").dialsFail = Optional.of(FakeConnectionFactory::rejected);
        fixture.failureOf(fixture.acquiring("a"));
        fixture.failureOf(fixture.acquiring("a"));
        fixture.server("a").credential = "second";
        fixture.advance(Duration.ofSeconds(1));
        fixture.failureOf(fixture.acquiring("a"));
    }

    private void look() {
        calls.incrementAndGet();
        Future<PoolStats> look = bystander.submit(fixture.pool::stats);
        try {
            look.get(2, TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            locked.add(e.getStackTrace());
        } catch (InterruptedException | ExecutionException e) {
            throw new AssertionError(e);
        }
    }
}
