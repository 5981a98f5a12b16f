package io.sshpool.impl.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sshpool.Command;
import io.sshpool.ConnectionLostException;
import io.sshpool.ExecResult;
import io.sshpool.PoolClosedException;
import io.sshpool.PoolConfig;
import io.sshpool.PoolStats.CloseReason;
import io.sshpool.SshLease;
import io.sshpool.impl.pool.PoolFixture.Call;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;

@ExtendWith(NothingLeftBehind.class)
class ShutdownTest {

    @RegisterExtension
    final PoolFixture fixture = new PoolFixture();

    @Test
    void aClosedPoolRefusesEverybody() {
        fixture.open(c -> c);
        fixture.close(fixture.lease("a"));
        fixture.closePool();
        assertThatThrownBy(() -> fixture.pool.acquire("a"))
                .isInstanceOf(PoolClosedException.class)
                .hasMessageContaining("wanted a");
        assertThat(fixture.failureOf(fixture.pool.acquireAsync("a"))).isInstanceOf(PoolClosedException.class);
        assertThat(fixture.failureOf(fixture.pool.executeAsync("a", Command.shell("true"))))
                .isInstanceOf(PoolClosedException.class);
        assertThatThrownBy(() -> fixture.pool.healthCheck()).isInstanceOf(PoolClosedException.class);
        SshLease request = fixture.pool.requestLease("a");
        assertThat(fixture.failureOf(request.executeAsync("true"))).isInstanceOf(PoolClosedException.class);
        request.close();
        assertThat(fixture.pool.stats().closed()).containsEntry(CloseReason.SHUTDOWN, 1L);
    }

    @Test
    void closingTwiceClosesOnce() {
        fixture.open(c -> c);
        fixture.lease("a");
        fixture.closePool();
        fixture.closePool();
        assertThat(fixture.factory.closes).hasValue(1);
    }

    @Test
    void waitersAreReleasedAtOnce() {
        fixture.open(c -> c.withMaxConnections(1).withMaxChannelsPerConnection(1));
        SshLease held = fixture.lease("a");
        held.executeAsync("sleep 5");
        CompletableFuture<SshLease> asynchronous = fixture.acquiring("b");
        Call<SshLease> blocking = fixture.call(() -> fixture.pool.acquire("a"));
        CompletionStage<ExecResult> queued = held.executeAsync("true");
        fixture.settle();
        Call<Void> closing = closing();
        assertThat(fixture.failureOf(asynchronous)).isInstanceOf(PoolClosedException.class);
        assertThat(fixture.finish(blocking).result).isCompletedExceptionally();
        assertThat(fixture.failureOf(queued)).isInstanceOf(PoolClosedException.class);
        assertThat(closing.result).isNotDone();
        fixture.advance(Duration.ofSeconds(5));
        fixture.finish(closing);
    }

    @Test
    void aDialUnderWayIsGivenUp() {
        fixture.open(c -> c);
        fixture.server("a").dialsStall = true;
        CompletableFuture<SshLease> waiter = fixture.acquiring("a");
        fixture.finish(closing());
        assertThat(fixture.failureOf(waiter)).isInstanceOf(PoolClosedException.class);
        assertThat(fixture.server("a").dialing).hasValue(0);
        assertThat(fixture.time.elapsed()).isZero();
    }

    @Test
    void runningWorkGetsItsTime() {
        fixture.open(c -> c.withShutdownTimeout(Duration.ofSeconds(10)));
        CompletionStage<ExecResult> running = fixture.lease("a").executeAsync("sleep 9; echo done");
        fixture.settle();
        Call<Void> closing = closing();
        fixture.advance(Duration.ofSeconds(9));
        assertThat(fixture.valueOf(running).stdout()).isEqualTo("done\n");
        fixture.finish(closing);
        assertThat(fixture.server("a").connections.get(0).aborts)
                .as("it was closed in peace")
                .hasValue(0);
    }

    @Test
    void idleLeasesGetNone() {
        fixture.open(c -> c);
        SshLease idle = fixture.lease("a");
        fixture.finish(closing());
        assertThat(idle.isConnected()).isFalse();
        assertThat(fixture.time.elapsed()).isZero();
        idle.close();
    }

    @Test
    void workThatTakesLongerIsEndedByForce() {
        fixture.open(c -> c.withShutdownTimeout(Duration.ofSeconds(10)));
        CompletionStage<ExecResult> hanging = fixture.lease("a").executeAsync("hang");
        fixture.settle();
        Call<Void> closing = closing();
        fixture.advance(Duration.ofMillis(9999));
        assertThat(hanging.toCompletableFuture()).isNotDone();
        fixture.advance(Duration.ofMillis(1));
        assertThat(fixture.failureOf(hanging)).isInstanceOf(ConnectionLostException.class);
        fixture.finish(closing);
    }

    @Test
    void aPeerThatSaysNoGoodbyeHoldsTheCloseForASecond() {
        fixture.open(c -> c);
        fixture.server("a").closeHangs = true;
        fixture.lease("a");
        Call<Void> closing = closing();
        fixture.advance(Duration.ofMillis(999));
        assertThat(closing.result).isNotDone();
        fixture.advance(Duration.ofMillis(1));
        fixture.finish(closing);
        assertThat(fixture.time.elapsed()).isEqualTo(Duration.ofSeconds(1));
    }

    @Test
    void anInterruptForcesAtOnce() {
        fixture.open(c -> c);
        CompletionStage<ExecResult> hanging = fixture.lease("a").executeAsync("hang");
        fixture.settle();
        Call<Void> closing = closing();
        closing.thread.interrupt();
        assertThat(fixture.finish(closing).interrupted.join()).isTrue();
        assertThat(fixture.failureOf(hanging)).isInstanceOf(ConnectionLostException.class);
        assertThat(fixture.time.elapsed()).isZero();
    }

    @Test
    void closeFromACallbackOfThePoolDoesNotWaitForItself() {
        PoolThreads threads = PoolThreads.own();
        FakeConnectionFactory factory = fixture.factory;
        ConnectionPool pool = ConnectionPool.start(
                PoolConfig.defaults(),
                new Targets(List.of(PoolFixture.alias("a")), TargetDefaults.NONE, List.of()),
                factory,
                fixture.witness,
                threads);
        CompletableFuture<SshLease> lease = pool.acquireAsync("a").toCompletableFuture();
        CompletableFuture<Void> closed = lease.thenAccept(granted -> pool.close());
        PoolFixture.until(() -> {
            fixture.time.settle();
            return closed.isDone() && factory.closes.get() == 1;
        });
        assertThat(closed).isCompleted();
        pool.close();
        assertThat(pool.stats().connections()).isEmpty();
    }

    @Test
    void closeFromTwoThreadsWaitsInBoth() {
        fixture.open(c -> c);
        fixture.lease("a").executeAsync("sleep 5");
        fixture.settle();
        Call<Void> first = closing();
        Call<Void> second = closing();
        assertThat(second.result).isNotDone();
        fixture.advance(Duration.ofSeconds(5));
        fixture.finish(first);
        fixture.finish(second);
    }

    @Test
    void theContainersExecutorIsLeftAloneButForgotten() {
        fixture.open(c -> c);
        fixture.closePool();
        assertThat(fixture.housekeeper.isShutdown()).isFalse();
        assertThat(fixture.housekeeper.pending()).isZero();
        assertThat(fixture.timer.isShutdown()).isTrue();
        assertThat(fixture.workers.isShutdown()).isTrue();
    }

    @Test
    void aDialThatIsTooLateIsClosed() {
        fixture.open(c -> c);
        fixture.server("a").dialTakes = Duration.ofSeconds(1);
        fixture.acquiring("a");
        fixture.finish(closing());
        fixture.time.advance(Duration.ofSeconds(2));
        assertThat(fixture.server("a").transports()).isZero();
    }

    @Test
    void theThreadsOfItsOwnEndWithThePool() {
        PoolThreads threads = PoolThreads.own();
        threads.workers().execute(() -> {});
        ConnectionPool pool = ConnectionPool.start(
                PoolConfig.defaults(),
                new Targets(List.of(), TargetDefaults.NONE, List.of()),
                fixture.factory,
                fixture.witness,
                threads);
        pool.close();
        PoolFixture.until(() -> Thread.getAllStackTraces().keySet().stream()
                .noneMatch(thread -> thread.isAlive() && thread.getName().startsWith("sshpool")));
    }

    private Call<Void> closing() {
        Call<Void> call = fixture.call(() -> {
            fixture.pool.close();
            return null;
        });
        // without a look at the books, which the close is just changing
        fixture.time.settle();
        return call;
    }
}
