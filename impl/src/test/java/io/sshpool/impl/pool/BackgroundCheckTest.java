package io.sshpool.impl.pool;

import static org.assertj.core.api.Assertions.assertThat;

import io.sshpool.HealthReport;
import io.sshpool.PoolStats.CloseReason;
import io.sshpool.SshLease;
import io.sshpool.impl.pool.FakeServer.Probes;
import io.sshpool.impl.telemetry.FanOut;
import io.sshpool.spi.PoolListener;
import io.sshpool.spi.Target;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What the pool finds out every {@code health-interval}, here of half a minute. */
@ExtendWith(NothingLeftBehind.class)
class BackgroundCheckTest {

    private static final Duration INTERVAL = Duration.ofSeconds(30);
    private static final Duration TIMEOUT = Duration.ofSeconds(2);
    private static final Target REQUIRED = PoolFixture.alias("a", Target.Limits.NONE, true);

    @RegisterExtension
    final PoolFixture fixture = new PoolFixture();

    @Test
    void fourConnectionsOfATargetAreProbedAtATime() {
        open(10);
        idle("a", 10);
        fixture.server("a").probeTakes = Duration.ofMillis(100);

        fixture.advance(INTERVAL);
        assertThat(probes("a")).isEqualTo(4);
        fixture.advance(Duration.ofMillis(100));
        assertThat(probes("a")).isEqualTo(8);
        fixture.advance(Duration.ofMillis(100));
        assertThat(probes("a")).isEqualTo(10);
    }

    @Test
    void aDeadHostDelaysNoOtherHostsProbes() {
        open(20);
        idle("a", 10);
        idle("b", 5);
        fixture.server("a").probes = Probes.UNANSWERED;

        fixture.advance(INTERVAL);

        assertThat(probes("b")).isEqualTo(5);
        assertThat(fixture.server("b").open).hasSize(5);
    }

    @Test
    void aFrozenHostCostsTwoTimeOutsHoweverManyConnectionsItHas() {
        open(20);
        idle("a", 20);
        fixture.server("a").probes = Probes.UNANSWERED;

        fixture.advance(INTERVAL.plus(TIMEOUT));
        assertThat(fixture.server("a").open)
                .as("all but the first four are put to the test")
                .hasSize(16);
        assertThat(probes("a")).isGreaterThanOrEqualTo(20);
        fixture.advance(TIMEOUT);
        assertThat(fixture.server("a").open).isEmpty();
    }

    @Test
    void aConnectionThatDiesUnderAProbeIsLost() {
        open(1);
        idle("a", 1);
        fixture.server("a").probes = Probes.UNANSWERED;
        fixture.advance(INTERVAL);

        fixture.server("a").kill();
        fixture.advance(Duration.ZERO);

        assertThat(fixture.witness.reasons).containsOnly(Map.entry(1L, CloseReason.LOST));
    }

    @Test
    void whoeverWaitsWhenTheFirstProbeFailsWaitsForOneTimeOut() {
        open(20);
        idle("a", 10);
        fixture.advance(Duration.ofSeconds(10));
        fixture.server("a").probes = Probes.UNANSWERED;
        CompletableFuture<SshLease> waiter = fixture.acquiring("a");

        fixture.advance(TIMEOUT);

        assertThat(waiter).isCompletedWithValueMatching(SshLease::isConnected);
        assertThat(fixture.server("a").dials).as("one finds out for all").hasValue(11);
    }

    @Test
    void aTargetWhoseProbesTakeLongerThanAnIntervalIsLeftOutOfTheNextCheck() {
        fixture.open(c -> c.withMaxChannelsPerConnection(1)
                .withMaxConnections(12)
                .withHealthInterval(Duration.ofSeconds(2))
                .withValidationTimeout(TIMEOUT));
        idle("a", 12);
        fixture.server("a").probeTakes = Duration.ofMillis(1500);

        fixture.advance(Duration.ofSeconds(4));

        assertThat(probes("a"))
                .as("eight of the first check, none of the second")
                .isEqualTo(8);
    }

    @Test
    void everyCheckIsToldOfWithWhatItFound() {
        List<HealthReport> reports = new ArrayList<>();
        PoolListener reader = new PoolListener() {
            @Override
            public HealthCheck checkingHealth() {
                return new HealthCheck() {
                    @Override
                    public void completed(HealthReport report) {
                        reports.add(report);
                    }
                };
            }
        };
        fixture.open(
                c -> c.withMaxChannelsPerConnection(1),
                FanOut.of(List.of(fixture.witness, reader)),
                PoolFixture.alias("a"),
                PoolFixture.alias("b"));
        idle("a", 2);
        fixture.lease("b");
        reports.clear();
        fixture.server("a").probes = Probes.UNANSWERED;

        fixture.advance(INTERVAL.plus(TIMEOUT));

        assertThat(reports).hasSize(1);
        HealthReport report = reports.get(0);
        assertThat(report.totalConnections()).isEqualTo(3);
        assertThat(report.healthyConnections()).isEqualTo(1);
        assertThat(report.failedConnections()).isEqualTo(2);
        assertThat(report.idleConnections()).isZero();
        assertThat(report.targets().get("a").reason()).hasValue("ConnectionLostException");
    }

    @Test
    void aRequiredTargetIsReplacedAsSoonAsItsLastConnectionIsFoundDead() {
        fixture.open(c -> c, REQUIRED);
        fixture.server("a").probes = Probes.UNANSWERED;

        fixture.advance(INTERVAL.plus(TIMEOUT));

        assertThat(fixture.server("a").dials).hasValue(2);
        assertThat(fixture.server("a").open).hasSize(1);
    }

    @Test
    void aServerThatHangsUpOnUsIsNotDialledInALoop() {
        fixture.open(c -> c, REQUIRED);
        for (int i = 0; i < 5; i++) {
            fixture.server("a").kill();
            fixture.advance(Duration.ofSeconds(1));
        }
        assertThat(fixture.server("a").dials).hasValue(1);
        fixture.advance(INTERVAL);
        assertThat(fixture.server("a").dials).hasValue(2);
    }

    @Test
    void aLeasedConnectionOfARequiredTargetIsProbedTooAndHasHalfAnIntervalToAnswer() {
        fixture.open(c -> c.withMaxConnections(1), REQUIRED);
        SshLease lease = fixture.lease("a");
        fixture.valueOf(lease.executeAsync("true"));
        fixture.server("a").probes = Probes.UNANSWERED;
        fixture.server("a").dialsFail = Optional.of(FakeConnectionFactory::unreachable);

        fixture.advance(INTERVAL.plus(INTERVAL.dividedBy(2)).minusNanos(1));
        assertThat(lease.isConnected()).isTrue();
        fixture.advance(Duration.ofNanos(1));

        assertThat(lease.isConnected()).isFalse();
        assertThat(fixture.pool.readiness().orElseThrow().ready()).isFalse();
    }

    @Test
    void aBusyConnectionThatIsNotRequiredIsLeftToTheHeartbeat() {
        open(1);
        fixture.lease("a").executeAsync("sleep 100");

        fixture.advance(INTERVAL);

        assertThat(probes("a")).isZero();
    }

    private void open(int connections) {
        fixture.open(c -> c.withMaxChannelsPerConnection(1)
                .withMaxConnections(connections)
                .withHealthInterval(INTERVAL)
                .withValidationTimeout(TIMEOUT));
    }

    private void idle(String alias, int connections) {
        List<SshLease> leases =
                Stream.generate(() -> fixture.lease(alias)).limit(connections).toList();
        leases.forEach(fixture::close);
    }

    private int probes(String alias) {
        return fixture.server(alias).connections.stream()
                .mapToInt(c -> c.probes.get())
                .sum();
    }
}
