package io.sshpool.impl.pool;

import static org.assertj.core.api.Assertions.assertThat;

import io.sshpool.Command;
import io.sshpool.ExecResult;
import io.sshpool.SshAuthenticationException;
import io.sshpool.SshConnectException;
import io.sshpool.SshLease;
import io.sshpool.TargetUnavailableException;
import io.sshpool.impl.pool.PoolFixture.Call;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;

@ExtendWith(NothingLeftBehind.class)
class AsyncTest {

    @RegisterExtension
    final PoolFixture fixture = new PoolFixture();

    @Test
    void publicStagesCompleteOnThePoolsWorkers() {
        fixture.open(c -> c);
        List<String> threads = new ArrayList<>();
        fixture.server("a").dialTakes = Duration.ofSeconds(1);
        CompletionStage<SshLease> lease =
                fixture.pool.acquireAsync("a").whenComplete((value, failure) -> threads.add(fixture.time.running()));
        fixture.advance(Duration.ofSeconds(1));
        fixture.valueOf(lease)
                .executeAsync("sleep 1")
                .whenComplete((value, failure) -> threads.add(fixture.time.running()));
        fixture.pool
                .executeAsync("a", Command.shell("true"))
                .whenComplete((value, failure) -> threads.add(fixture.time.running()));
        fixture.pool.acquireAsync("nobody").whenComplete((value, failure) -> threads.add(fixture.time.running()));
        fixture.advance(Duration.ofSeconds(1));
        assertThat(threads).hasSize(4).containsOnly("workers");
    }

    @Test
    void aStageFailsWithOurExceptionUnwrapped() {
        fixture.open(c -> c);
        fixture.server("a").dialsFail = Optional.of(FakeConnectionFactory::unreachable);
        assertThat(fixture.failureOf(fixture.pool.acquireAsync("a"))).isExactlyInstanceOf(SshConnectException.class);
        assertThat(fixture.failureOf(fixture.pool.executeAsync("a", Command.shell("true"))))
                .isExactlyInstanceOf(TargetUnavailableException.class);
    }

    @Test
    void cancelGivesThePlaceUp() {
        fixture.open(c -> c.withMaxConnections(1).withMaxChannelsPerConnection(1));
        SshLease held = fixture.lease("a");
        CompletableFuture<SshLease> cancelled = fixture.acquiring("a");
        CompletableFuture<SshLease> next = fixture.acquiring("a");
        cancelled.cancel(true);
        fixture.settle();
        assertThat(fixture.pool.stats().waiting()).isEqualTo(1);
        fixture.close(held);
        assertThat(next).isCompleted();
    }

    @Test
    void aGrantThatComesTooLateGoesBack() {
        fixture.open(c -> c.withMaxConnections(1).withMaxChannelsPerConnection(1));
        SshLease held = fixture.lease("a");
        CompletableFuture<SshLease> late = fixture.pool.acquireAsync("a").toCompletableFuture();
        held.close();
        // granted by now, and on its way to the workers
        assertThat(fixture.pool.stats().waiting()).isZero();
        late.cancel(true);
        fixture.settle();
        assertThat(fixture.pool.stats().channelsInUse()).isZero();
        assertThat(fixture.witness.unreleased()).isZero();
    }

    @Test
    void cancelOfAnExecuteGivesItsPlaceUp() {
        fixture.open(c -> c.withMaxConnections(1).withMaxChannelsPerConnection(1));
        SshLease held = fixture.lease("a");
        CompletableFuture<ExecResult> cancelled =
                fixture.pool.executeAsync("a", Command.shell("true")).toCompletableFuture();
        fixture.settle();
        cancelled.cancel(true);
        fixture.settle();
        assertThat(fixture.pool.stats().waiting()).isZero();
        fixture.close(held);
        assertThat(fixture.server("a").commands).isEmpty();
        assertThat(fixture.pool.stats().channelsInUse()).isZero();
    }

    @Test
    void cancelOfACommandFreesItsChannel() {
        fixture.open(c -> c);
        CompletableFuture<ExecResult> once =
                fixture.pool.executeAsync("a", Command.shell("hang")).toCompletableFuture();
        SshLease lease = fixture.lease("a");
        CompletableFuture<ExecResult> onLease = lease.executeAsync("hang").toCompletableFuture();
        fixture.settle();
        assertThat(fixture.server("a").running()).isEqualTo(2);
        once.cancel(true);
        onLease.cancel(true);
        fixture.settle();
        assertThat(fixture.server("a").running()).isZero();
        assertThat(fixture.onlyConnection().channels()).isEqualTo(1);
    }

    @Test
    void cancelOfAQueuedOperationGivesItsPlaceUp() {
        fixture.open(c -> c.withMaxChannelsPerConnection(1));
        SshLease lease = fixture.lease("a");
        CompletionStage<ExecResult> running = lease.executeAsync("sleep 1");
        CompletableFuture<ExecResult> queued = lease.executeAsync("echo no").toCompletableFuture();
        fixture.settle();
        queued.cancel(true);
        fixture.advance(Duration.ofSeconds(1));
        fixture.valueOf(running);
        assertThat(fixture.server("a").commands).containsExactly("sleep 1");
        assertThat(fixture.pool.stats().waiting()).isZero();
    }

    @Test
    void workersThatTakeNoMoreTasksStrandNobody() {
        fixture.open(c -> c);
        fixture.workers.reject();
        SshLease lease = fixture.lease("a");
        assertThat(fixture.valueOf(lease.executeAsync("true")).isSuccess()).isTrue();
        fixture.server("b").dialsFail = Optional.of(FakeConnectionFactory::rejected);
        assertThat(fixture.failureOf(fixture.acquiring("b"))).isInstanceOf(SshAuthenticationException.class);
        assertThat(fixture.failureOf(fixture.acquiring("b"))).isInstanceOf(SshAuthenticationException.class);
        fixture.close(lease);
        assertThat(fixture.pool.stats().channelsInUse()).isZero();
    }

    @Test
    void anAcquireEndsInTimeWhateverTheContainersExecutorDoes() {
        fixture.open(c -> c.withAcquireTimeout(Duration.ofSeconds(3)).withConnectTimeout(Duration.ofSeconds(60)));
        fixture.housekeeper.shutdownNow();
        fixture.server("a").dialsStall = true;
        Call<SshLease> call = fixture.call(() -> fixture.pool.acquire("a"));
        fixture.advance(Duration.ofSeconds(3));
        assertThat(fixture.finish(call).result).isCompletedExceptionally();
    }
}
