package io.sshpool.impl.pool;

import static org.assertj.core.api.Assertions.assertThat;

import io.sshpool.ExecResult;
import io.sshpool.SshInterruptedException;
import io.sshpool.SshLease;
import io.sshpool.impl.pool.PoolFixture.Call;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;

@ExtendWith(NothingLeftBehind.class)
class InterruptTest {

    @RegisterExtension
    final PoolFixture fixture = new PoolFixture();

    @Test
    void whileWaitingForAPlace() {
        fixture.open(c -> c.withMaxConnections(1).withMaxChannelsPerConnection(1));
        SshLease held = fixture.lease("a");
        expectInterrupt(fixture.call(() -> fixture.pool.acquire("a")));
        assertThat(fixture.pool.stats().waiting()).isZero();
        fixture.close(held);
        assertThat(fixture.pool.stats().channelsInUse()).isZero();
    }

    @Test
    void whileConnectingTheDialGoesOnForOthers() {
        fixture.open(c -> c);
        fixture.server("a").dialTakes = Duration.ofSeconds(1);
        Call<SshLease> call = fixture.call(() -> fixture.pool.acquire("a"));
        CompletableFuture<SshLease> other = fixture.acquiring("a");
        expectInterrupt(call);
        fixture.advance(Duration.ofSeconds(1));
        assertThat(other).isCompleted();
        assertThat(fixture.server("a").dials).hasValue(1);
    }

    @Test
    void whileACommandRuns() {
        fixture.open(c -> c);
        SshLease lease = fixture.lease("a");
        Call<ExecResult> call = fixture.call(() -> lease.execute("hang"));
        fixture.settle();
        expectInterrupt(call);
        fixture.settle();
        assertThat(fixture.server("a").running()).isZero();
        assertThat(fixture.valueOf(lease.executeAsync("true")).isSuccess()).isTrue();
    }

    @Test
    void whileACommandWaitsForAChannel() {
        fixture.open(c -> c.withMaxChannelsPerConnection(1));
        SshLease lease = fixture.lease("a");
        lease.executeAsync("hang");
        fixture.settle();
        expectInterrupt(fixture.call(() -> lease.execute("true")));
        assertThat(fixture.pool.stats().waiting()).isZero();
        assertThat(fixture.server("a").commands).containsExactly("hang");
    }

    @Test
    void whileAnExecuteOfThePoolRunsOrWaits() {
        fixture.open(c -> c.withMaxConnections(1).withMaxChannelsPerConnection(1));
        Call<ExecResult> running = fixture.call(() -> fixture.pool.execute("a", "hang"));
        fixture.settle();
        PoolFixture.until(() -> PoolFixture.isBlocked(running.thread) && ran("hang"));
        Call<ExecResult> waiting = fixture.call(() -> fixture.pool.execute("a", "true"));
        expectInterrupt(waiting);
        expectInterrupt(running);
        fixture.settle();
        assertThat(fixture.pool.stats().channelsInUse()).isZero();
    }

    @Test
    void whileTheHealthIsChecked() {
        fixture.open(c -> c);
        fixture.lease("a");
        fixture.server("a").probes = FakeServer.Probes.UNANSWERED;
        expectInterrupt(fixture.call(() -> fixture.pool.healthCheck()));
    }

    @Test
    void whileUnwrapConnects() {
        fixture.open(c -> c);
        SshLease lease = fixture.lease("a");
        fixture.server("a").kill();
        fixture.server("a").dialsStall = true;
        fixture.settle();
        expectInterrupt(fixture.call(() -> lease.unwrap(FakeConnection.class)));
    }

    @Test
    void aThreadThatIsInterruptedAlreadyTakesWhatIsFree() {
        fixture.open(c -> c);
        fixture.close(fixture.lease("a"));
        Call<SshLease> call = fixture.finish(fixture.call(() -> {
            Thread.currentThread().interrupt();
            return fixture.pool.acquire("a");
        }));
        assertThat(call.result).isCompleted();
        assertThat(call.interrupted.join()).isTrue();
    }

    private boolean ran(String command) {
        fixture.time.settle();
        return fixture.server("a").commands.contains(command);
    }

    private void expectInterrupt(Call<?> call) {
        assertThat(call.result).isNotDone();
        long start = System.nanoTime();
        call.thread.interrupt();
        PoolFixture.until(call.interrupted::isDone);
        assertThat(System.nanoTime() - start).isLessThan(TimeUnit.SECONDS.toNanos(2));
        assertThat(call.interrupted.join()).as("the flag is set again").isTrue();
        assertThat(call.result.handle((value, failure) -> failure).join()).isInstanceOf(SshInterruptedException.class);
    }
}
