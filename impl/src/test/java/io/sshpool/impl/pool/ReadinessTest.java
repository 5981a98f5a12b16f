package io.sshpool.impl.pool;

import static org.assertj.core.api.Assertions.assertThat;

import io.sshpool.HealthReport;
import io.sshpool.SshLease;
import io.sshpool.TargetHealth;
import io.sshpool.TargetHealth.State;
import io.sshpool.impl.pool.FakeServer.Probes;
import io.sshpool.impl.pool.PoolFixture.Call;
import io.sshpool.spi.Target;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What the readiness check says, with a health interval of half a minute. */
@ExtendWith(NothingLeftBehind.class)
class ReadinessTest {

    private static final Duration INTERVAL = Duration.ofSeconds(30);
    private static final Target REQUIRED = PoolFixture.alias("a", Target.Limits.NONE, true);

    @RegisterExtension
    final PoolFixture fixture = new PoolFixture();

    @Test
    void aPoolWithoutRequiredTargetsIsReadyAtOnce() {
        fixture.open(c -> c);

        assertThat(now().ready()).isTrue();
        assertThat(health("a").state()).isEqualTo(State.UNKNOWN);
    }

    @Test
    void aPoolIsNotReadyBeforeItsRequiredTargetWasReached() {
        fixture.server("a").dialTakes = Duration.ofSeconds(3);
        fixture.open(c -> c, REQUIRED);
        assertThat(now().ready()).isFalse();
        assertThat(health("a").state()).isEqualTo(State.UNKNOWN);

        fixture.advance(Duration.ofSeconds(3));

        assertThat(now().ready()).isTrue();
        assertThat(health("a").state()).isEqualTo(State.UP);
    }

    @Test
    void aRequiredTargetThatRefusesMakesItUnreadyUntilItIsReachedAgain() {
        fixture.open(c -> c, REQUIRED);
        down("a");
        fixture.server("a").kill();
        fixture.advance(INTERVAL);
        assertThat(now().ready()).isFalse();
        assertThat(health("a").reason()).hasValue("SshConnectException");

        fixture.server("a").dialsFail = Optional.empty();
        fixture.advance(INTERVAL);

        assertThat(now().ready()).isTrue();
        assertThat(health("a").state()).isEqualTo(State.UP);
    }

    @Test
    void aRequiredTargetThatFreezesMakesItUnreadyWithinTwoIntervals() {
        fixture.open(c -> c, REQUIRED);
        fixture.advance(Duration.ofSeconds(1));
        fixture.server("a").probes = Probes.UNANSWERED;
        fixture.server("a").dialsStall = true;

        fixture.advance(INTERVAL.plusSeconds(1));
        assertThat(now().ready()).isFalse();
        assertThat(health("a").reason()).hasValue("ConnectionLostException");
        fixture.advance(Duration.ofSeconds(11));
        assertThat(health("a").reason()).hasValue("SshConnectException");

        fixture.server("a").dialsStall = false;
        fixture.advance(INTERVAL);
        assertThat(now().ready()).isTrue();
    }

    @Test
    void aLostConnectionThatIsReplacedAtOnceLeavesItReady() {
        fixture.open(c -> c, REQUIRED);
        fixture.advance(INTERVAL);
        fixture.server("a").dialTakes = Duration.ofSeconds(3);
        fixture.server("a").kill();

        fixture.advance(Duration.ofSeconds(1));
        assertThat(now().ready()).isTrue();
        fixture.advance(Duration.ofSeconds(2));
        assertThat(fixture.server("a").open).hasSize(1);
    }

    @Test
    void aTargetIsUpWhileOneOfItsConnectionsAnswersThoughNoFurtherOneCanBeOpened() {
        fixture.open(c -> c.withMaxChannelsPerConnection(1), REQUIRED);
        fixture.lease("a");
        down("a");
        fixture.acquiring("a");

        assertThat(now().ready()).isTrue();
        assertThat(health("a").state()).isEqualTo(State.UP);
    }

    @Test
    void aTargetThatIsNotRequiredIsReportedOnly() {
        fixture.open(c -> c);
        down("a");
        fixture.failureOf(fixture.acquiring("a"));

        assertThat(now().ready()).isTrue();
        assertThat(health("a")).isEqualTo(new TargetHealth(State.DOWN, Optional.of("SshConnectException"), false));
    }

    @Test
    void aSpelledOutTargetCannotMakeAnAliasCalledOtherUnready() {
        fixture.open(c -> c, PoolFixture.alias("other", Target.Limits.NONE, true));
        fixture.factory.server("h:22").dialsFail = Optional.of(FakeConnectionFactory::unreachable);
        fixture.failureOf(fixture.acquiring("u@h"));

        assertThat(now().ready()).isTrue();
    }

    @Test
    void connectionsAndWaitersAreCounted() {
        fixture.open(c -> c.withMaxConnections(3).withMaxChannelsPerConnection(1));
        fixture.lease("a");
        fixture.close(fixture.lease("b"));
        SshLease third = fixture.lease("c");
        fixture.server("b").probes = Probes.FAILED;
        fixture.advance(INTERVAL);
        counts(2, 1, 0, 0);

        CompletableFuture<SshLease> fourth = fixture.acquiring("c");
        CompletableFuture<SshLease> waiter = fixture.acquiring("b");
        counts(3, 1, 0, 1);

        fixture.close(third);
        fixture.close(fourth.join());
        fixture.close(waiter.join());
        fixture.server("b").probes = Probes.ANSWERED;
        fixture.advance(INTERVAL);
        assertThat(now().report().failedConnections())
                .as("found dead before the last check")
                .isZero();
    }

    @Test
    void aPoolThatIsClosedIsNotReady() {
        fixture.open(c -> c);
        fixture.closePool();

        assertThat(now().ready()).isFalse();
    }

    @Test
    void aSwitchedOffCheckSaysNothing() {
        fixture.open(c -> c.withHealthEnabled(false));

        assertThat(fixture.pool.readiness()).isEmpty();
    }

    @Test
    void aPoolThatIsTooBusyToLookGivesWhatItSawTheLastTime() {
        fixture.open(c -> c);
        Readiness before = now();
        CompletableFuture<Void> seen = new CompletableFuture<>();
        Thread caller = Thread.currentThread();
        fixture.clock = () -> {
            if (Thread.currentThread() != caller) {
                // under the lock
                seen.join();
            }
            return fixture.time.now();
        };
        Call<SshLease> holdsTheLock = fixture.call(() -> fixture.pool.acquire("a"));

        assertThat(now()).isSameAs(before);

        seen.complete(null);
        fixture.finish(holdsTheLock).result.join();
        assertThat(now()).isNotEqualTo(before);
    }

    private void down(String alias) {
        fixture.server(alias).dialsFail = Optional.of(FakeConnectionFactory::unreachable);
    }

    private void counts(int healthy, int failed, int idle, int waiting) {
        HealthReport report = now().report();
        assertThat(report.totalConnections()).as("total").isEqualTo(healthy + failed);
        assertThat(report.healthyConnections()).as("healthy").isEqualTo(healthy);
        assertThat(report.failedConnections()).as("failed").isEqualTo(failed);
        assertThat(report.idleConnections()).as("idle").isEqualTo(idle);
        assertThat(now().waiting()).as("waiting").isEqualTo(waiting);
    }

    private TargetHealth health(String alias) {
        return now().report().targets().get(alias);
    }

    private Readiness now() {
        return fixture.pool.readiness().orElseThrow();
    }
}
