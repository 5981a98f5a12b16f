package io.sshpool.impl.pool;

import static org.assertj.core.api.Assertions.assertThat;

import io.sshpool.ExecResult;
import io.sshpool.PoolStats.State;
import io.sshpool.SshLease;
import io.sshpool.Tunnel;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@ExtendWith(NothingLeftBehind.class)
class CleanupTest {

    @RegisterExtension
    final PoolFixture fixture = new PoolFixture();

    @Test
    void anIdleConnectionIsClosedAtItsDeadlineThoughTheCleanupIntervalIsLonger() {
        fixture.open(c -> c.withMaxIdleTime(Duration.ofSeconds(40)).withCleanupInterval(Duration.ofHours(1)));
        fixture.advance(Duration.ofSeconds(7));
        fixture.close(fixture.lease("a"));
        fixture.advance(Duration.ofSeconds(39));
        assertThat(fixture.server("a").open).hasSize(1);
        fixture.advance(Duration.ofSeconds(1));
        assertThat(fixture.server("a").open).isEmpty();
        assertThat(fixture.witness.events).contains("closed a 1 IDLE");
        assertThat(fixture.witness.removed).hasValue(1);
    }

    @Test
    void useBeginsTheIdleTimeAnew() {
        fixture.open(c -> c.withMaxIdleTime(Duration.ofSeconds(40)));
        fixture.close(fixture.lease("a"));
        for (int i = 0; i < 5; i++) {
            fixture.advance(Duration.ofSeconds(30));
            fixture.close(fixture.lease("a"));
        }
        assertThat(fixture.server("a").dials).hasValue(1);
        fixture.advance(Duration.ofSeconds(40));
        assertThat(fixture.server("a").open).isEmpty();
    }

    @Test
    void probesAreNoUse() {
        fixture.open(c -> c.withMaxIdleTime(Duration.ofSeconds(40)).withHealthInterval(Duration.ofSeconds(10)));
        fixture.close(fixture.lease("a"));
        fixture.advance(Duration.ofSeconds(40));
        assertThat(fixture.server("a").open).isEmpty();
    }

    @Test
    void whenTheLoadFallsTheSurplusBecomesIdleThoughTheTargetIsUsed() {
        fixture.open(c -> c.withMaxChannelsPerConnection(1).withMaxIdleTime(Duration.ofSeconds(40)));
        List<SshLease> peak = List.of(fixture.lease("a"), fixture.lease("a"), fixture.lease("a"));
        peak.forEach(fixture::close);
        for (int i = 0; i < 12; i++) {
            fixture.advance(Duration.ofSeconds(4));
            fixture.close(fixture.lease("a"));
        }
        assertThat(fixture.server("a").open).hasSize(1);
    }

    @Test
    void anOldConnectionIsRetiredOnItsReturn() {
        fixture.open(c -> c.withMaxLifetime(Duration.ofSeconds(50)));
        SshLease lease = fixture.lease("a");
        fixture.advance(Duration.ofSeconds(50));
        assertThat(lease.isConnected()).isTrue();
        assertThat(fixture.onlyConnection().state()).isEqualTo(State.RETIRED);
        fixture.close(fixture.lease("a"));
        assertThat(fixture.server("a").dials).hasValue(2);
        assertThat(fixture.valueOf(lease.executeAsync("true")).isSuccess()).isTrue();
        fixture.close(lease);
        assertThat(fixture.witness.events).contains("closed a 1 LIFETIME");
        assertThat(fixture.server("a").open).hasSize(1);
    }

    @Test
    void aLeaseLeavesAnOldConnectionWhenItsOperationIsOver() {
        fixture.open(c -> c.withMaxConnections(1).withMaxLifetime(Duration.ofSeconds(50)));
        SshLease lease = fixture.lease("a");
        CompletionStage<ExecResult> running = lease.executeAsync("sleep 60");
        fixture.advance(Duration.ofSeconds(60));
        assertThat(fixture.valueOf(running).isSuccess()).isTrue();
        assertThat(fixture.witness.events).contains("closed a 1 LIFETIME");
        assertThat(fixture.valueOf(lease.executeAsync("echo on")).stdout()).isEqualTo("on\n");
        assertThat(fixture.server("a").connections.get(0).commands).hasValue(1);
    }

    @Test
    void aLeaseWithATunnelKeepsItsOldConnectionUntilThatIsClosed() {
        fixture.open(c -> c.withMaxConnections(1).withMaxLifetime(Duration.ofSeconds(50)));
        SshLease lease = fixture.lease("a");
        Tunnel tunnel = tunnel(lease);
        fixture.advance(Duration.ofSeconds(50));
        fixture.valueOf(lease.executeAsync("true"));
        assertThat(tunnel.isOpen()).isTrue();
        assertThat(fixture.server("a").dials).hasValue(1);

        tunnel.close();
        fixture.settle();

        assertThat(tunnel(lease).isOpen()).as("through a new connection").isTrue();
        assertThat(fixture.server("a").dials).hasValue(2);
    }

    private Tunnel tunnel(SshLease lease) {
        return fixture.finish(fixture.call(() -> lease.forwardDynamic(0)))
                .result
                .join();
    }

    @Test
    void anOldIdleConnectionIsClosedAtTheEndOfItsLife() {
        fixture.open(c -> c.withMaxLifetime(Duration.ofSeconds(50)).withCleanupInterval(Duration.ofHours(1)));
        fixture.advance(Duration.ofSeconds(3));
        fixture.close(fixture.lease("a"));
        fixture.advance(Duration.ofSeconds(49));
        assertThat(fixture.server("a").open).hasSize(1);
        fixture.advance(Duration.ofSeconds(1));
        assertThat(fixture.server("a").open).isEmpty();
    }

    @Test
    void aLifetimeHasJitterOfATenth() {
        fixture.jitter = 1;
        fixture.open(c -> c.withMaxLifetime(Duration.ofSeconds(50)));
        fixture.close(fixture.lease("a"));
        fixture.advance(Duration.ofSeconds(45));
        assertThat(fixture.server("a").open).isEmpty();
    }

    @Test
    void anOldConnectionIsNeverHandedOut() {
        fixture.open(c -> c.withMaxLifetime(Duration.ofSeconds(50)));
        fixture.close(fixture.lease("a"));
        fixture.time.advance(Duration.ofSeconds(50).minusNanos(1));
        fixture.housekeeper.reject();
        fixture.time.advance(Duration.ofNanos(1));
        SshLease lease = fixture.lease("a");
        assertThat(lease.isConnected()).isTrue();
        assertThat(fixture.server("a").dials).hasValue(2);
    }

    @Test
    void housekeepingGoesOnWhenTheContainersExecutorTakesNoMoreTasks() {
        fixture.open(c -> c.withMaxIdleTime(Duration.ofSeconds(40)).withHealthInterval(Duration.ofSeconds(10)));
        fixture.housekeeper.reject();
        fixture.close(fixture.lease("a"));
        fixture.advance(Duration.ofSeconds(25));
        assertThat(fixture.server("a").connections.get(0).probes).hasPositiveValue();
        fixture.advance(Duration.ofSeconds(20));
        assertThat(fixture.server("a").open).isEmpty();
    }

    @Test
    void housekeepingGoesOnWhenTheContainersExecutorDropsItsTasks() {
        fixture.open(c -> c.withMaxIdleTime(Duration.ofSeconds(40)).withHealthInterval(Duration.ofSeconds(10)));
        fixture.housekeeper.drop();
        fixture.close(fixture.lease("a"));
        fixture.advance(Duration.ofSeconds(25));
        assertThat(fixture.server("a").connections.get(0).probes).hasPositiveValue();
        fixture.advance(Duration.ofSeconds(30));
        assertThat(fixture.server("a").open).isEmpty();
    }

    @Test
    void whatTheContainersExecutorBeginsTooLateHasBeenDoneOnce() {
        fixture.open(c -> c.withHealthInterval(Duration.ofSeconds(10)));
        fixture.housekeeper.delay(Duration.ofSeconds(15));
        fixture.advance(Duration.ofSeconds(45));
        assertThat(healthChecks())
                .as("at the start, and twice an interval after it was due")
                .isEqualTo(3);
        fixture.closePool();
        fixture.advance(Duration.ofSeconds(15));
        assertThat(healthChecks()).isEqualTo(3);
    }

    @Test
    void whatTheContainersExecutorBeginsInTimeRunsThere() {
        fixture.open(c -> c.withHealthInterval(Duration.ofSeconds(10)));
        fixture.housekeeper.delay(Duration.ofSeconds(9));
        Set<String> runners = new HashSet<>();
        fixture.witness.onCall = () -> runners.add(fixture.time.running());
        fixture.advance(Duration.ofSeconds(40));
        assertThat(healthChecks())
                .as("at the start, and twice within an interval after it was due")
                .isEqualTo(3);
        assertThat(runners).containsExactly("housekeeper");
        fixture.witness.onCall = () -> {};
        fixture.closePool();
        fixture.advance(Duration.ofSeconds(9));
    }

    private long healthChecks() {
        return fixture.witness.watched.stream()
                .filter(one -> one.what.equals("health check"))
                .count();
    }

    @Test
    void aLeaseThatIsOpenForLongIsWarnedOfOnceWithItsStack() {
        fixture.open(c -> c.withLeakDetectionThreshold(Duration.ofSeconds(30)));
        SshLease lease = fixture.lease("a");
        fixture.advance(Duration.ofSeconds(29));
        assertThat(fixture.witness.overdue).isEmpty();
        fixture.advance(Duration.ofMinutes(3));
        assertThat(fixture.witness.overdue).hasSize(1);
        assertThat(fixture.witness.overdue.get(0)).hasMessage("acquired here");
        assertThat(lease.isConnected()).isTrue();
    }

    @Test
    void aRequestThatIsOpenForLongIsWarnedOfWithItsHolder() {
        fixture.open(c -> c.withLeakDetectionThreshold(Duration.ofSeconds(30)));
        SshLease request = fixture.pool.requestLease("a", "somebody");
        CompletionStage<ExecResult> running = request.executeAsync("sleep 100");
        fixture.advance(Duration.ofSeconds(30));
        assertThat(fixture.witness.overdue)
                .singleElement()
                .satisfies(acquired -> assertThat(acquired).hasMessage("acquired here by somebody"));
        fixture.advance(Duration.ofSeconds(70));
        assertThat(fixture.valueOf(running).isSuccess()).isTrue();
        fixture.close(request);
    }

    @Test
    void aRequestThatIsOpenForLongAndHoldsNothingIsNotWarnedOf() {
        fixture.open(c -> c.withLeakDetectionThreshold(Duration.ofSeconds(30)));
        SshLease unused = fixture.pool.requestLease("a");
        SshLease atRest = fixture.pool.requestLease("a");
        fixture.valueOf(atRest.executeAsync("true"));
        fixture.advance(Duration.ofMinutes(3));
        fixture.valueOf(atRest.executeAsync("true"));
        fixture.advance(Duration.ofMinutes(3));
        assertThat(fixture.witness.overdue).isEmpty();
        unused.close();
        fixture.close(atRest);
    }

    @Test
    void aRequestIsWarnedOfByHowLongItHasHeldASlotWithoutRest() {
        fixture.open(c -> c.withLeakDetectionThreshold(Duration.ofSeconds(30)));
        SshLease request = fixture.pool.requestLease("a");
        fixture.advance(Duration.ofSeconds(40));
        CompletionStage<ExecResult> running = request.executeAsync("sleep 25");
        fixture.advance(Duration.ofSeconds(30));
        fixture.valueOf(running);
        CompletionStage<ExecResult> next = request.executeAsync("sleep 100");
        fixture.advance(Duration.ofSeconds(29));
        assertThat(fixture.witness.overdue).isEmpty();
        fixture.advance(Duration.ofSeconds(31));
        assertThat(fixture.witness.overdue).hasSize(1);
        fixture.close(request);
        assertThat(next.toCompletableFuture()).isCompletedExceptionally();
    }

    @Test
    void aRequestIsWarnedOfForALongOperationBesideAShortOne() {
        fixture.open(c -> c.withLeakDetectionThreshold(Duration.ofSeconds(30)));
        SshLease request = fixture.pool.requestLease("a");
        CompletionStage<ExecResult> first = request.executeAsync("sleep 1");
        CompletionStage<ExecResult> second = request.executeAsync("sleep 100");
        fixture.advance(Duration.ofSeconds(30));
        assertThat(fixture.valueOf(first).isSuccess()).isTrue();
        assertThat(fixture.witness.overdue).hasSize(1);
        fixture.advance(Duration.ofSeconds(70));
        assertThat(fixture.valueOf(second).isSuccess()).isTrue();
        fixture.close(request);
    }

    @Test
    void anUnwrappedRequestIsWarnedOfThoughItRunsNothing() {
        fixture.open(c -> c.withLeakDetectionThreshold(Duration.ofSeconds(30)));
        SshLease request = fixture.pool.requestLease("a");
        fixture.valueOf(request.executeAsync("true"));
        request.unwrap(FakeConnection.class);
        fixture.advance(Duration.ofSeconds(30));
        assertThat(fixture.witness.overdue).hasSize(1);
        fixture.close(request);
    }

    @Test
    void aForgottenLeaseIsReclaimedWithTheStackOfItsAcquire() {
        fixture.open(c -> c.withMaxConnections(1).withLeakDetectionThreshold(Duration.ofHours(1)));
        call(() -> fixture.pool.acquire("a").isConnected());
        reclaim();
        assertThat(fixture.onlyConnection().channels()).isZero();
        assertThat(fixture.witness.reclaimed.get(0))
                .hasValueSatisfying(acquired -> assertThat(acquired.getStackTrace())
                        .anyMatch(frame -> frame.getMethodName().contains("acquire")));
    }

    @Test
    void aCredentialThatHoldsForLongLeavesNoTaskBehind() {
        fixture.open(c -> c.withCleanupInterval(Duration.ofMinutes(5)));
        fixture.server("a").validFor = Optional.of(Duration.ofDays(365));
        fixture.close(fixture.lease("a"));
        long before = fixture.timer.pending();
        for (int i = 0; i < 10; i++) {
            fixture.pool.evict("a");
            fixture.settle();
            fixture.close(fixture.lease("a"));
        }
        assertThat(fixture.timer.pending()).isEqualTo(before);
    }

    @ParameterizedTest
    @ValueSource(ints = {60, 3_600})
    void aConnectionTakesNoWorkBeyondTheEndOfItsCredential(int seconds) {
        fixture.open(c -> c.withCleanupInterval(Duration.ofMinutes(5)).withMaxIdleTime(Duration.ofDays(1)));
        fixture.server("a").validFor = Optional.of(Duration.ofSeconds(seconds));
        fixture.close(fixture.lease("a"));
        fixture.advance(Duration.ofSeconds(seconds - 1));
        assertThat(fixture.server("a").open).hasSize(1);
        fixture.advance(Duration.ofSeconds(1));
        assertThat(fixture.server("a").open).isEmpty();
    }

    @Test
    void aForgottenLeaseIsReclaimedWithoutAStackToo() {
        fixture.open(c -> c.withMaxConnections(1).withMaxChannelsPerConnection(1));
        call(() -> fixture.pool.acquire("a").isConnected());
        reclaim();
        assertThat(fixture.witness.reclaimed).containsExactly(Optional.empty());
        assertThat(fixture.lease("a").isConnected()).isTrue();
        assertThat(fixture.server("a").dials).hasValue(1);
    }

    @Test
    void anOperationUnderWayKeepsItsLease() {
        fixture.open(c -> c);
        CompletionStage<ExecResult> running = startAndForget();
        for (int i = 0; i < 3; i++) {
            System.gc();
            fixture.advance(Duration.ofSeconds(10));
        }
        assertThat(fixture.witness.reclaimed).isEmpty();
        fixture.advance(Duration.ofSeconds(70));
        assertThat(fixture.valueOf(running).stdout()).isEqualTo("done\n");
        reclaim();
    }

    private CompletionStage<ExecResult> startAndForget() {
        return fixture.valueOf(fixture.acquiring("a")).executeAsync("sleep 100; echo done");
    }

    private void call(Callable<?> work) {
        fixture.finish(fixture.call(work));
    }

    /** Waits for the garbage collector to find the lease that nobody holds. */
    private void reclaim() {
        PoolFixture.until(() -> {
            System.gc();
            fixture.advance(Duration.ofSeconds(30));
            return !fixture.witness.reclaimed.isEmpty();
        });
    }
}
