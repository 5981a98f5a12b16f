package io.sshpool.impl.pool;

import static org.assertj.core.api.Assertions.assertThat;

import io.sshpool.ExecResult;
import io.sshpool.HealthReport;
import io.sshpool.PoolStats.CloseReason;
import io.sshpool.PoolStats.State;
import io.sshpool.SshLease;
import io.sshpool.TargetHealth;
import io.sshpool.impl.pool.PoolFixture.Call;
import io.sshpool.spi.Target;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;

@ExtendWith(NothingLeftBehind.class)
class HealthTest {

    @RegisterExtension
    final PoolFixture fixture = new PoolFixture();

    @Test
    void aConnectionQuietForLongerThanTheValidationIntervalIsProbedBeforeItIsHandedOut() {
        fixture.open(c -> c.withValidationInterval(Duration.ofSeconds(5)));
        fixture.server("a").probeTakes = Duration.ofMillis(100);
        fixture.close(fixture.lease("a"));
        fixture.advance(Duration.ofSeconds(5));
        fixture.close(fixture.lease("a"));
        assertThat(probes()).isZero();
        fixture.advance(Duration.ofNanos(1));
        CompletableFuture<SshLease> waiter = fixture.acquiring("a");
        assertThat(waiter).isNotDone();
        assertThat(probes()).isEqualTo(1);
        fixture.advance(Duration.ofMillis(100));
        assertThat(waiter).isCompleted();
        assertThat(fixture.server("a").dials).hasValue(1);
    }

    @Test
    void anAnsweredCommandSparesTheProbe() {
        fixture.open(c -> c.withValidationInterval(Duration.ofSeconds(5)));
        SshLease lease = fixture.lease("a");
        fixture.advance(Duration.ofSeconds(20));
        fixture.valueOf(lease.executeAsync("true"));
        fixture.close(lease);
        fixture.lease("a");
        assertThat(probes()).isZero();
    }

    @Test
    void aCheckWithAnEndlessTimeOutIsNoError() {
        fixture.open(c -> c);
        fixture.close(fixture.lease("a"));
        PoolFixture.Call<HealthReport> check =
                fixture.call(() -> fixture.pool.healthCheck(ChronoUnit.FOREVER.getDuration()));
        assertThat(fixture.finish(check).result.join().healthyConnections()).isEqualTo(1);
    }

    @Test
    void aFrozenConnectionIsReplacedBeforeItIsHandedOut() {
        fixture.open(c -> c.withValidationTimeout(Duration.ofSeconds(2)));
        fixture.close(fixture.lease("a"));
        fixture.advance(Duration.ofSeconds(10));
        fixture.server("a").probes = FakeServer.Probes.UNANSWERED;
        CompletableFuture<SshLease> waiter = fixture.acquiring("a");
        fixture.advance(Duration.ofMillis(1999));
        assertThat(waiter).isNotDone();
        fixture.advance(Duration.ofMillis(1));
        assertThat(waiter).isCompletedWithValueMatching(SshLease::isConnected);
        assertThat(fixture.witness.events).contains("closed a 1 UNHEALTHY");
        assertThat(fixture.server("a").connections.get(0).aborts)
                .as("without a goodbye")
                .hasValue(1);
    }

    @Test
    void aFreshConnectionIsHandedOutWhileAnotherIsBeingProbed() {
        fixture.open(c -> c.withMaxChannelsPerConnection(1));
        SshLease quiet = fixture.lease("a");
        SshLease second = fixture.lease("a");
        SshLease third = fixture.lease("a");
        fixture.close(quiet);
        fixture.close(second);
        fixture.advance(Duration.ofSeconds(10));
        fixture.server("a").probes = FakeServer.Probes.UNANSWERED;
        CompletableFuture<SshLease> first = fixture.acquiring("a");
        assertThat(first).isNotDone();
        fixture.valueOf(third.executeAsync("true"));
        fixture.close(third);
        assertThat(first).as("the slot that came free").isCompleted();
        CompletableFuture<SshLease> next = fixture.acquiring("a");
        assertThat(next).isNotDone();
        fixture.close(first.join());
        assertThat(next).isCompleted();
    }

    @Test
    void anIdleConnectionIsProbedInTheBackground() {
        fixture.open(c -> c.withHealthInterval(Duration.ofSeconds(30)));
        fixture.close(fixture.lease("a"));
        fixture.advance(Duration.ofSeconds(90));
        assertThat(probes()).isEqualTo(3);
        fixture.server("a").probes = FakeServer.Probes.FAILED;
        fixture.advance(Duration.ofSeconds(30));
        assertThat(fixture.server("a").open).isEmpty();
        assertThat(fixture.witness.events).contains("closed a 1 UNHEALTHY");
    }

    @Test
    void aBackgroundProbeDelaysNobody() {
        fixture.open(c -> c.withHealthInterval(Duration.ofSeconds(30)).withValidationInterval(Duration.ofHours(1)));
        fixture.server("a").probeTakes = Duration.ofSeconds(1);
        fixture.close(fixture.lease("a"));
        fixture.advance(Duration.ofSeconds(30));
        assertThat(probes()).isEqualTo(1);
        assertThat(fixture.acquiring("a")).isCompleted();
    }

    @Test
    void aFailingProbePutsTheOtherIdleOnesToTheTest() {
        fixture.open(c -> c.withMaxChannelsPerConnection(1).withHealthInterval(Duration.ofHours(1)));
        List<SshLease> leases = List.of(fixture.lease("a"), fixture.lease("a"), fixture.lease("a"));
        leases.forEach(fixture::close);
        fixture.advance(Duration.ofSeconds(10));
        fixture.server("a").probes = FakeServer.Probes.FAILED;
        CompletableFuture<SshLease> waiter = fixture.acquiring("a");
        fixture.settle();
        assertThat(waiter).isCompletedWithValueMatching(SshLease::isConnected);
        assertThat(fixture.server("a").connections.subList(0, 3)).allMatch(c -> !c.isOpen());
        assertThat(fixture.server("a").open).hasSize(1);
    }

    @Test
    void aLostConnectionPutsTheOtherIdleOnesToTheTest() {
        fixture.open(c -> c.withMaxChannelsPerConnection(1));
        List<SshLease> leases = List.of(fixture.lease("a"), fixture.lease("a"));
        leases.forEach(fixture::close);
        fixture.server("a").probes = FakeServer.Probes.UNANSWERED;
        fixture.server("a").connections.get(0).die();
        fixture.advance(Duration.ofSeconds(2));
        assertThat(fixture.server("a").open).isEmpty();
    }

    @Test
    void theHealthCheckProbesEveryOpenConnectionAtOnce() {
        fixture.open(c -> c.withMaxChannelsPerConnection(1));
        fixture.lease("a");
        fixture.close(fixture.lease("a"));
        fixture.close(fixture.lease("b"));
        fixture.server("a").probeTakes = Duration.ofSeconds(1);
        fixture.server("b").probes = FakeServer.Probes.UNANSWERED;
        Call<HealthReport> call = fixture.call(() -> fixture.pool.healthCheck());
        fixture.time.advance(Duration.ofSeconds(2));
        HealthReport report = fixture.finish(call).result.join();
        assertThat(report.totalConnections()).isEqualTo(3);
        assertThat(report.healthyConnections()).isEqualTo(2);
        assertThat(report.failedConnections()).isEqualTo(1);
        assertThat(report.idleConnections()).isEqualTo(1);
        assertThat(report.targets().get("a").state()).isEqualTo(TargetHealth.State.UP);
        assertThat(report.targets().get("c").state()).isEqualTo(TargetHealth.State.UNKNOWN);
        fixture.settle();
        assertThat(fixture.server("b").open).isEmpty();
    }

    @Test
    void theHealthCheckSaysWhyATargetIsDown() {
        fixture.open(c -> c);
        fixture.server("a").dialsFail = Optional.of(FakeConnectionFactory::rejected);
        fixture.failureOf(fixture.acquiring("a"));
        fixture.lease("u@h1");
        fixture.factory.server("h2:22").dialsFail = Optional.of(FakeConnectionFactory::unreachable);
        fixture.failureOf(fixture.acquiring("u@h2"));
        HealthReport report = fixture.finish(fixture.call(() -> fixture.pool.healthCheck()))
                .result
                .join();
        assertThat(report.targets().get("a"))
                .isEqualTo(new TargetHealth(TargetHealth.State.DOWN, Optional.of("SshAuthenticationException"), false));
        assertThat(report.targets().get("other").state()).isEqualTo(TargetHealth.State.DOWN);
        assertThat(report.targets()).containsOnlyKeys("a", "b", "c", "other");
    }

    @Test
    void aRequiredTargetIsConnectedAtStart() {
        fixture.open(c -> c, PoolFixture.alias("a", Target.Limits.NONE, true), PoolFixture.alias("b"));
        assertThat(fixture.server("a").open).hasSize(1);
        assertThat(fixture.server("b").dials).hasValue(0);
        assertThat(fixture.pool.stats().idleConnections()).isEqualTo(1);
    }

    @Test
    void aRequiredTargetIsRedialledEveryHealthInterval() {
        fixture.server("a").dialsFail = Optional.of(FakeConnectionFactory::unreachable);
        fixture.open(
                c -> c.withHealthInterval(Duration.ofSeconds(30)), PoolFixture.alias("a", Target.Limits.NONE, true));
        assertThat(fixture.server("a").dials).hasValue(1);
        fixture.advance(Duration.ofSeconds(90));
        assertThat(fixture.server("a").dials).hasValue(4);
        fixture.server("a").dialsFail = Optional.empty();
        fixture.advance(Duration.ofSeconds(30));
        assertThat(fixture.server("a").open).hasSize(1);
        fixture.server("a").kill();
        fixture.advance(Duration.ofSeconds(30));
        assertThat(fixture.server("a").open).hasSize(1);
    }

    @Test
    void aRequiredTargetWithARejectedCredentialIsTriedOncePerWindow() {
        fixture.server("a").dialsFail = Optional.of(FakeConnectionFactory::rejected);
        fixture.open(c -> c.withAuthBackOff(Duration.ofMinutes(5)), PoolFixture.alias("a", Target.Limits.NONE, true));
        fixture.advance(Duration.ofMinutes(4));
        assertThat(fixture.server("a").dials).hasValue(1);
        fixture.advance(Duration.ofMinutes(1));
        assertThat(fixture.server("a").dials).hasValue(2);
    }

    @Test
    void aRequiredTargetKeepsOneConnectionHoweverIdle() {
        fixture.open(
                c -> c.withMaxConnections(2).withMaxIdleTime(Duration.ofMinutes(1)),
                PoolFixture.alias("a", Target.Limits.NONE, true),
                PoolFixture.alias("b"),
                PoolFixture.alias("c"));
        fixture.advance(Duration.ofMinutes(5));
        assertThat(fixture.server("a").open).hasSize(1);
        fixture.close(fixture.lease("b"));
        fixture.close(fixture.lease("c"));
        assertThat(fixture.server("a").dials).as("not evicted for another").hasValue(1);
        assertThat(fixture.server("a").open).hasSize(1);
    }

    @Test
    void aRequiredTargetGetsAPlaceInAFullPool() {
        fixture.server("a").dialsFail = Optional.of(FakeConnectionFactory::unreachable);
        fixture.open(
                c -> c.withMaxConnections(1), PoolFixture.alias("a", Target.Limits.NONE, true), PoolFixture.alias("b"));
        fixture.close(fixture.lease("b"));
        fixture.server("a").dialsFail = Optional.empty();
        fixture.advance(Duration.ofSeconds(60));
        assertThat(fixture.server("a").open).hasSize(1);
    }

    private int probes() {
        return fixture.server("a").connections.stream()
                .mapToInt(c -> c.probes.get())
                .sum();
    }

    @Test
    void aProbeThatIsAnsweredTooLateDoesNotEndTheCommandThatRuns() {
        fixture.open(c -> c.withValidationInterval(Duration.ofSeconds(5)).withValidationTimeout(Duration.ofSeconds(2)));
        SshLease lease = fixture.lease("a");
        CompletionStage<ExecResult> running = lease.executeAsync("sleep 20; echo done");
        fixture.advance(Duration.ofSeconds(10));
        fixture.server("a").probeTakes = Duration.ofSeconds(3);
        CompletableFuture<SshLease> waiter = fixture.acquiring("a");
        assertThat(probes()).isEqualTo(1);
        fixture.advance(Duration.ofSeconds(2));
        assertThat(waiter).as("served by another connection").isCompletedWithValueMatching(SshLease::isConnected);
        assertThat(fixture.server("a").dials).hasValue(2);
        fixture.advance(Duration.ofSeconds(8));
        assertThat(fixture.valueOf(running).stdout()).isEqualTo("done\n");
        fixture.close(lease);
        assertThat(fixture.witness.events).contains("closed a 1 UNHEALTHY");
        assertThat(fixture.server("a").open).hasSize(1);
    }

    @Test
    void theHealthCheckClosesASlowIdleConnectionAndSparesASlowOneThatWorks() {
        fixture.open(c -> c.withValidationTimeout(Duration.ofSeconds(2)));
        SshLease lease = fixture.lease("a");
        CompletionStage<ExecResult> running = lease.executeAsync("sleep 20; echo done");
        fixture.close(fixture.lease("b"));
        fixture.server("a").probeTakes = Duration.ofSeconds(3);
        fixture.server("b").probeTakes = Duration.ofSeconds(3);
        Call<HealthReport> call = fixture.call(() -> fixture.pool.healthCheck());
        fixture.time.advance(Duration.ofSeconds(2));
        HealthReport report = fixture.finish(call).result.join();
        assertThat(report.failedConnections()).isEqualTo(2);
        fixture.settle();
        assertThat(fixture.server("b").open).isEmpty();
        assertThat(fixture.onlyConnection().state()).isEqualTo(State.RETIRED);
        fixture.advance(Duration.ofSeconds(18));
        assertThat(fixture.valueOf(running).stdout()).isEqualTo("done\n");
        fixture.close(lease);
        assertThat(fixture.witness.reasons).hasSize(2).containsValue(CloseReason.UNHEALTHY);
        assertThat(fixture.pool.stats().connections()).isEmpty();
    }

    @Test
    void aConnectionThatIsClosedInOrderDuringAHealthCheckIsNeitherHealthyNorFailed() {
        fixture.open(c -> c);
        fixture.close(fixture.lease("a"));
        fixture.close(fixture.lease("b"));
        fixture.server("a").probeTakes = Duration.ofSeconds(1);
        fixture.server("b").probeTakes = Duration.ofSeconds(1);
        Call<HealthReport> call = fixture.call(() -> fixture.pool.healthCheck());
        fixture.pool.evict("a");
        fixture.time.advance(Duration.ofSeconds(1));
        HealthReport report = fixture.finish(call).result.join();
        assertThat(report.healthyConnections()).isEqualTo(1);
        assertThat(report.failedConnections()).isZero();
        assertThat(fixture.witness.reasons).containsOnlyKeys(1L).containsValue(CloseReason.RETIRED);
    }
}
