package io.sshpool.impl.pool;

import static org.assertj.core.api.Assertions.assertThat;

import io.sshpool.Command;
import io.sshpool.ExecResult;
import io.sshpool.LeaseClosedException;
import io.sshpool.PoolStats.CloseReason;
import io.sshpool.SshLease;
import io.sshpool.Tunnel;
import io.sshpool.impl.pool.PoolFixture.Call;
import io.sshpool.impl.telemetry.FanOut;
import io.sshpool.spi.PoolListener;
import io.sshpool.spi.Target;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Leases that must keep their connection, as a tunnel goes through it or its native object is out, and what may happen meanwhile. */
@ExtendWith(NothingLeftBehind.class)
class KeptConnectionTest {

    @RegisterExtension
    final PoolFixture fixture = new PoolFixture();

    private Call<Tunnel> opening(SshLease lease) {
        return fixture.call(() -> lease.forwardLocal(0, "db", 5432));
    }

    private Tunnel open(SshLease lease) {
        return fixture.finish(opening(lease)).result.join();
    }

    /** What the check comes to is noted by its caller, so that all is at rest only after its return. */
    private void checkHealth() {
        Call<?> check = fixture.call(() -> fixture.pool.healthCheck(Duration.ofSeconds(1)));
        fixture.time.advance(Duration.ofSeconds(1));
        fixture.finish(check);
        fixture.settle();
    }

    @Test
    void twoTunnelsThatWaitedForTheSameHomeBothBelongToTheLease() {
        fixture.open(c -> c);
        fixture.server("a").dialTakes = Duration.ofSeconds(1);
        SshLease request = fixture.pool.requestLease("a");
        Call<Tunnel> one = opening(request);
        Call<Tunnel> other = opening(request);
        fixture.advance(Duration.ofSeconds(1));
        Tunnel first = fixture.finish(one).result.join();
        Tunnel second = fixture.finish(other).result.join();
        assertThat(fixture.onlyConnection().channels()).isEqualTo(1);

        fixture.close(request);

        assertThat(first.isOpen()).isFalse();
        assertThat(second.isOpen()).isFalse();
    }

    @Test
    void twoNativesThatWaitedForTheSameHomeAreTheSame() {
        fixture.open(c -> c);
        fixture.server("a").dialTakes = Duration.ofSeconds(1);
        SshLease request = fixture.pool.requestLease("a");
        Call<FakeConnection> one = fixture.call(() -> request.unwrap(FakeConnection.class));
        Call<FakeConnection> other = fixture.call(() -> request.unwrap(FakeConnection.class));
        fixture.advance(Duration.ofSeconds(1));

        FakeConnection first = fixture.finish(one).result.join();

        assertThat(fixture.finish(other).result.join()).isSameAs(first);
        assertThat(first.isOpen()).isTrue();
        fixture.close(request);
        assertThat(first.isOpen()).isFalse();
    }

    @Test
    void aProbeThatIsNotAnsweredCutsNoTunnel() {
        fixture.open(c -> c);
        SshLease lease = fixture.lease("a");
        Tunnel tunnel = open(lease);
        FakeServer server = fixture.server("a");
        server.probes = FakeServer.Probes.UNANSWERED;
        fixture.advance(Duration.ofSeconds(6));
        CompletableFuture<SshLease> stranger = fixture.acquiring("a");
        fixture.advance(Duration.ofSeconds(2));

        assertThat(tunnel.isOpen()).isTrue();
        assertThat(stranger).isCompleted();
        assertThat(server.dials).hasValue(2);

        tunnel.close();
        fixture.close(lease);
        assertThat(server.connections.get(0).isOpen()).isFalse();
        stranger.join().close();
    }

    @Test
    void aProbeThatIsNotAnsweredCutsNoNativeInUse() {
        fixture.open(c -> c);
        SshLease lease = fixture.lease("a");
        FakeConnection mine = fixture.finish(fixture.call(() -> lease.unwrap(FakeConnection.class)))
                .result
                .join();
        fixture.server("a").probes = FakeServer.Probes.UNANSWERED;
        checkHealth();
        assertThat(mine.isOpen()).isTrue();
        fixture.close(lease);
        assertThat(mine.isOpen()).isFalse();
    }

    @Test
    void aProbeThatIsNotAnsweredEndsWhatNothingGoesThroughAnyMore() {
        fixture.open(c -> c);
        SshLease lease = fixture.lease("a");
        Tunnel tunnel = open(lease);
        tunnel.close();
        fixture.settle();
        fixture.server("a").probes = FakeServer.Probes.UNANSWERED;
        checkHealth();
        assertThat(fixture.pool.stats().connections()).isEmpty();
    }

    @Test
    void theEndOfARequestEndsTheWaitForATunnel() {
        fixture.open(c -> c.withMaxConnections(1).withMaxChannelsPerConnection(1));
        SshLease held = fixture.lease("a");
        SshLease request = fixture.pool.requestLease("a");
        Call<Tunnel> tunnel = opening(request);
        assertThat(fixture.pool.stats().waiting()).isEqualTo(1);

        fixture.close(request);

        assertThat(fixture.finish(tunnel).result)
                .failsWithin(Duration.ZERO)
                .withThrowableThat()
                .withCauseInstanceOf(LeaseClosedException.class);
        assertThat(fixture.pool.stats().waiting()).isZero();
        fixture.close(held);
        assertThat(fixture.onlyConnection().channels()).isZero();
    }

    @Test
    void aChannelRefusedWhileATunnelIsOpenedStaysWithIt() {
        AtomicReference<SshLease> lease = new AtomicReference<>();
        AtomicReference<Tunnel> tunnel = new AtomicReference<>();
        PoolListener interloper = new PoolListener() {
            @Override
            public void channelLimitLearned(Target target, int limit) {
                tunnel.set(lease.get().forwardLocal(0, "db", 5432));
            }
        };
        fixture.open(c -> c, FanOut.of(List.of(interloper, fixture.witness)), PoolFixture.alias("a"));
        SshLease neighbour = fixture.lease("a");
        CompletionStage<ExecResult> running = neighbour.executeAsync("hang");
        fixture.settle();
        fixture.server("a").maxSessions = 1;
        lease.set(fixture.lease("a"));

        CompletionStage<ExecResult> refused = lease.get().executeAsync("true");
        fixture.settle();

        assertThat(refused.toCompletableFuture()).isDone();
        assertThat(tunnel.get().isOpen()).isTrue();
        fixture.close(lease.get());
        assertThat(tunnel.get().isOpen()).isFalse();
        fixture.close(neighbour);
        assertThat(fixture.failureOf(running)).isInstanceOf(LeaseClosedException.class);
    }

    @Test
    void anOperationThatWaitsForTheHomeSlotOfARetiredConnectionIsServedElsewhere() {
        fixture.open(c -> c.withMaxChannelsPerConnection(1));
        FakeServer server = fixture.server("a");
        server.channelsHang = true;
        SshLease lease = fixture.lease("a");
        lease.executeAsync(Command.shell("hang").timeout(Duration.ofSeconds(1)));
        CompletionStage<ExecResult> second = lease.executeAsync("echo second");
        fixture.settle();

        fixture.advance(Duration.ofSeconds(7));

        assertThat(fixture.valueOf(second).stdout()).isEqualTo("second\n");
        assertThat(server.connections.get(0).commands).hasValue(1);
        assertThat(fixture.pool.stats().closed()).containsEntry(CloseReason.TAINTED, 1L);
    }

    @Test
    void aLeaseThatMovesIsStillOneAcquire() {
        fixture.open(c -> c);
        SshLease lease = fixture.lease("a");
        fixture.server("a").kill();
        fixture.valueOf(lease.executeAsync("true"));
        fixture.server("a").kill();
        open(lease);
        assertThat(fixture.pool.stats().acquired()).isEqualTo(1);
        assertThat(fixture.pool.stats().created()).isEqualTo(3);
    }
}
