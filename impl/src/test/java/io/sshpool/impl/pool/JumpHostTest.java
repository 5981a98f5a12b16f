package io.sshpool.impl.pool;

import static org.assertj.core.api.Assertions.assertThat;

import io.sshpool.AcquireTimeoutException;
import io.sshpool.ConnectionLostException;
import io.sshpool.ExecResult;
import io.sshpool.PoolStats;
import io.sshpool.SshConnectException;
import io.sshpool.SshLease;
import io.sshpool.TargetUnavailableException;
import io.sshpool.spi.Target;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;

/** {@code c} is reached through {@code b}, {@code b} through {@code a}, and {@code d} through {@code a}, too. */
@ExtendWith(NothingLeftBehind.class)
class JumpHostTest {

    private static final Target A = PoolFixture.alias("a");
    private static final Target B = PoolFixture.alias("b").through(A);
    private static final Target C = PoolFixture.alias("c").through(B);
    private static final Target D = PoolFixture.alias("d").through(A);
    private static final Target X = PoolFixture.alias("x");

    @RegisterExtension
    final PoolFixture fixture = new PoolFixture();

    private void open(int connections) {
        fixture.open(c -> c.withMaxConnections(connections).withMaxChannelsPerConnection(1), A, B, C, D, X);
    }

    @Test
    void theOutermostHopIsOpenedFirst() {
        open(10);
        List.of("a", "b", "c").forEach(name -> fixture.server(name).dialTakes = Duration.ofSeconds(1));

        CompletableFuture<SshLease> lease = fixture.acquiring("c");

        assertDials(1, 0, 0);
        fixture.advance(Duration.ofSeconds(1));
        assertDials(1, 1, 0);
        fixture.advance(Duration.ofSeconds(1));
        assertDials(1, 1, 1);
        fixture.advance(Duration.ofSeconds(1));
        assertThat(lease).isCompleted();
    }

    @Test
    void aJumpConnectionIsSharedWithWhoeverUsesItsHost() {
        open(10);
        fixture.lease("b");
        fixture.lease("d");
        fixture.lease("a");

        assertThat(fixture.server("a").dials).hasValue(1);
    }

    @Test
    void theTimeOfAHopIsItsOwn() {
        fixture.open(c -> c.withConnectTimeout(Duration.ofSeconds(2)), A, B, C);
        List.of("a", "b", "c").forEach(name -> fixture.server(name).dialTakes = Duration.ofMillis(1900));

        CompletableFuture<SshLease> lease = fixture.acquiring("c");
        fixture.advance(Duration.ofSeconds(6));

        assertThat(lease).isCompleted();
    }

    @Test
    void aConnectionThroughWhichOthersRunIsNeverEvicted() {
        open(2);
        fixture.lease("b");

        CompletableFuture<SshLease> other = fixture.acquiring("x");
        fixture.advance(Duration.ofSeconds(20));

        assertThat(other).isNotDone();
        assertThat(fixture.server("a").open).hasSize(1);
    }

    @Test
    void atTheLimitWhatRunsThroughItMakesRoomFirst() {
        open(2);
        fixture.close(fixture.lease("b"));

        fixture.close(fixture.lease("x"));

        assertThat(fixture.server("a").open).hasSize(1);
        assertThat(fixture.server("b").open).isEmpty();
        fixture.close(fixture.lease("d"));
        assertThat(fixture.server("a").dials).hasValue(1);
        assertThat(fixture.server("x").open).isEmpty();
    }

    @Test
    void aConnectionThroughWhichOthersRunIsNotDrainedForWhoStarves() {
        fixture.open(c -> c.withMaxConnections(3).withMaxChannelsPerConnection(2), A, B, X, PoolFixture.alias("y"));
        fixture.lease("b");
        fixture.lease("b");
        SshLease busy = fixture.lease("x");
        CompletableFuture<SshLease> starving = fixture.acquiring("y");

        fixture.lease("a");

        CompletableFuture<SshLease> younger = fixture.acquiring("x");
        fixture.close(busy);
        assertThat(starving).isCompleted();
        assertThat(younger).isNotDone();
    }

    @Test
    void aConnectionThroughWhichOthersRunIsNotIdle() {
        fixture.open(c -> c.withMaxIdleTime(Duration.ofMinutes(1)), A, B);
        SshLease inner = fixture.lease("b");

        fixture.advance(Duration.ofMinutes(5));
        assertThat(inner.isConnected()).isTrue();

        fixture.close(inner);
        fixture.advance(Duration.ofMinutes(10));
        assertThat(fixture.pool.stats().connections()).isEmpty();
    }

    @Test
    void twoPlacesAreEnoughForTwoTargetsBehindTheirJumpHosts() {
        Target other = PoolFixture.alias("other").through(X);
        fixture.open(c -> c.withMaxConnections(2), A, B, X, other);
        CompletableFuture<SshLease> first = fixture.acquiring("b");
        CompletableFuture<SshLease> second = fixture.acquiring("other");

        assertThat(first).isCompleted();
        assertThat(second).isNotDone();
        fixture.close(first.join());
        assertThat(second).isCompleted();
        fixture.close(second.join());
        fixture.close(fixture.lease("b"));
    }

    @Test
    void manyWhoComeTogetherDoNotWaitForOneAnother() {
        open(2);
        CompletableFuture<SshLease> first = fixture.acquiring("b");
        CompletableFuture<SshLease> second = fixture.acquiring("d");
        CompletableFuture<SshLease> third = fixture.acquiring("b");

        fixture.close(fixture.valueOf(first));
        fixture.close(fixture.valueOf(second));
        fixture.close(fixture.valueOf(third));

        assertThat(fixture.server("a").dials).hasValue(1);
    }

    @Test
    void theDeathOfAHopIsTheDeathOfAllBehindIt() {
        open(10);
        SshLease lease = fixture.lease("c");
        CompletionStage<ExecResult> running = lease.executeAsync("hang");
        fixture.settle();

        fixture.server("a").kill();

        assertThat(fixture.failureOf(running)).isInstanceOf(ConnectionLostException.class);
        assertThat(fixture.pool.stats().connections()).isEmpty();
    }

    @Test
    void afterTheDeathOfAHopTheNextAcquireDialsTheWholeWayAnew() {
        open(10);
        fixture.close(fixture.lease("c"));
        fixture.server("a").kill();

        fixture.close(fixture.lease("c"));

        assertDials(2, 2, 2);
        assertThat(fixture.time.elapsed()).isLessThan(Duration.ofSeconds(1));
    }

    @Test
    void aHopThatDiesWhileTheNextIsDialledIsDialledAnewForTheWaiter() {
        open(10);
        fixture.server("b").dialTakes = Duration.ofSeconds(1);
        CompletableFuture<SshLease> waiter = fixture.acquiring("b");

        fixture.server("a").kill();
        fixture.advance(Duration.ofSeconds(3));

        assertThat(waiter).isCompleted();
        assertThat(fixture.server("a").dials).hasValue(2);
    }

    @Test
    void aHopThatDoesNotAnswerIsReplacedBeforeItIsReliedOn() {
        open(10);
        fixture.close(fixture.lease("a"));
        fixture.advance(Duration.ofSeconds(10));
        fixture.server("a").probes = FakeServer.Probes.FAILED;

        fixture.lease("b");

        assertThat(fixture.server("a").dials).hasValue(2);
        fixture.server("a").probes = FakeServer.Probes.ANSWERED;
    }

    @Test
    void whoWaitsIsToldWhichHopFailed() {
        open(10);
        fixture.server("a").dialsFail = Optional.of(FakeConnectionFactory::unreachable);

        Throwable failure = fixture.failureOf(fixture.acquiring("c"));

        assertThat(failure)
                .isInstanceOf(SshConnectException.class)
                .hasMessageContaining("connection to c")
                .hasMessageContaining("jump host a")
                .hasCauseInstanceOf(SshConnectException.class);
        assertThat(((SshConnectException) failure).target()).isEqualTo("c");
        assertThat(((SshConnectException) failure).kind()).isEqualTo(SshConnectException.Kind.UNREACHABLE);
    }

    @Test
    void whileAHopBacksOffWhoIsBehindItFailsAtOnceAndAfterwardsConnects() {
        open(10);
        fixture.server("a").nextDialsFail.add(FakeConnectionFactory::unreachable);
        fixture.failureOf(fixture.acquiring("c"));

        Throwable failure = fixture.failureOf(fixture.acquiring("c"));

        assertThat(failure).isInstanceOf(TargetUnavailableException.class);
        assertThat(((TargetUnavailableException) failure).retryAfter()).isPositive();
        assertThat(failure.getCause()).hasMessageContaining("jump host a");
        fixture.advance(Duration.ofSeconds(2));
        fixture.lease("c");
    }

    @Test
    void aRejectedHopIsTriedAgainWhenItsCredentialChanges() {
        open(10);
        fixture.server("a").nextDialsFail.add(FakeConnectionFactory::rejected);
        assertThat(fixture.failureOf(fixture.acquiring("b")))
                .isInstanceOf(SshConnectException.class)
                .hasMessageContaining("jump host a");
        fixture.failureOf(fixture.acquiring("b"));
        assertThat(fixture.server("a").dials).hasValue(1);

        fixture.server("a").credential = "second";
        fixture.advance(Duration.ofSeconds(1));

        fixture.lease("b");
    }

    @Test
    void anAcquireThatRunsOutOfTimeTellsWhatBecameOfTheHop() {
        open(10);
        fixture.server("a").dialsStall = true;

        CompletableFuture<SshLease> waiter =
                fixture.pool.acquireAsync("b", Duration.ofSeconds(1)).toCompletableFuture();
        fixture.advance(Duration.ofSeconds(1));

        assertThat(fixture.failureOf(waiter)).isInstanceOf(AcquireTimeoutException.class);
    }

    @Test
    void aCancelledAcquireLeavesTheHopToOthers() {
        open(10);
        fixture.server("a").dialTakes = Duration.ofSeconds(1);
        CompletableFuture<SshLease> waiter = fixture.acquiring("b");

        waiter.cancel(true);
        fixture.advance(Duration.ofSeconds(1));

        assertDials(1, 0, 0);
        fixture.close(fixture.lease("a"));
        assertDials(1, 0, 0);
    }

    @Test
    void whatRunsThroughARetiredConnectionIsRetiredWithItAndClosedFirst() {
        open(10);
        SshLease held = fixture.lease("b");

        fixture.pool.evict("a");
        fixture.settle();
        assertThat(held.isConnected()).isTrue();
        assertThat(fixture.server("a").open).hasSize(1);

        fixture.close(held);
        assertThat(fixture.pool.stats().connections()).isEmpty();
        assertThat(fixture.witness.events.indexOf("closed b 2 RETIRED"))
                .isBetween(0, fixture.witness.events.indexOf("closed a 1 RETIRED") - 1);
    }

    @Test
    void atTheEndTheInnermostIsClosedFirst() {
        open(10);
        fixture.lease("c");

        fixture.closePool();

        List<String> closed = fixture.witness.events.stream()
                .filter(event -> event.startsWith("closed"))
                .toList();
        assertThat(closed).containsExactly("closed c 3 SHUTDOWN", "closed b 2 SHUTDOWN", "closed a 1 SHUTDOWN");
    }

    @Test
    void theEndWaitsForTheWorkBehindAJumpHost() {
        open(10);
        CompletionStage<ExecResult> running = fixture.lease("c").executeAsync("sleep 5; echo done");
        fixture.settle();

        fixture.closePool();

        assertThat(fixture.valueOf(running).stdout()).isEqualTo("done\n");
    }

    @Test
    void aRequiredTargetIsReachedThroughItsHopsByItself() {
        Target required = PoolFixture.alias("r", Target.Limits.NONE, true).through(B);
        fixture.open(c -> c, A, B, required);

        assertThat(fixture.pool.stats().connections())
                .extracting(PoolStats.Connection::target)
                .containsExactlyInAnyOrder("a", "b", "r");
        fixture.server("a").kill();
        fixture.advance(Duration.ofMinutes(1));
        assertThat(fixture.pool.stats().connections()).hasSize(3);
    }

    private void assertDials(int a, int b, int c) {
        assertThat(List.of(
                        fixture.server("a").dials.get(),
                        fixture.server("b").dials.get(),
                        fixture.server("c").dials.get()))
                .containsExactly(a, b, c);
    }
}
