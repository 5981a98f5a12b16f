package io.sshpool.impl.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sshpool.Command;
import io.sshpool.ExecResult;
import io.sshpool.PoolConfig;
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
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
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

    @Test
    void aCommandThatIsNullFailsInTheCallAndTakesNothing() {
        fixture.open(c -> c.withMaxConnections(1).withMaxChannelsPerConnection(1));
        assertThatThrownBy(() -> fixture.pool.executeAsync("a", (Command) null))
                .isInstanceOf(NullPointerException.class);
        assertThatThrownBy(() -> fixture.pool.execute("a", (Command) null)).isInstanceOf(NullPointerException.class);
        fixture.settle();
        assertThat(fixture.server("a").dials).hasValue(0);
        SshLease lease = fixture.lease("a");
        assertThatThrownBy(() -> lease.executeAsync((Command) null)).isInstanceOf(NullPointerException.class);
        assertThatThrownBy(() -> lease.execute((Command) null)).isInstanceOf(NullPointerException.class);
        assertThat(fixture.valueOf(lease.executeAsync("true")).isSuccess()).isTrue();
        fixture.close(lease);
        assertThat(fixture.pool.stats().channelsInUse()).isZero();
    }

    @Test
    void aTimeoutThatTheCallerSetOnAStageGivesTheOperationUp() {
        fixture.open(c -> c);
        SshLease lease = fixture.lease("a");
        CompletableFuture<ExecResult> onLease = lease.executeAsync("hang").toCompletableFuture();
        CompletableFuture<ExecResult> once =
                fixture.pool.executeAsync("a", Command.shell("hang")).toCompletableFuture();
        fixture.settle();
        assertThat(fixture.server("a").running()).isEqualTo(2);
        onLease.orTimeout(1, TimeUnit.MILLISECONDS);
        once.orTimeout(1, TimeUnit.MILLISECONDS);
        PoolFixture.until(() -> {
            fixture.time.settle();
            return fixture.server("a").running() == 0 && fixture.pool.stats().channelsInUse() == 1;
        });
        assertThat(fixture.failureOf(onLease)).isInstanceOf(TimeoutException.class);
        assertThat(fixture.failureOf(once)).isInstanceOf(TimeoutException.class);
    }

    @Test
    void aTimeoutThatTheCallerSetOnAnAcquireGivesThePlaceUp() {
        fixture.open(c -> c.withMaxConnections(1).withMaxChannelsPerConnection(1));
        SshLease held = fixture.lease("a");
        CompletableFuture<SshLease> waiter = fixture.acquiring("a").orTimeout(1, TimeUnit.MILLISECONDS);
        PoolFixture.until(() -> {
            fixture.time.settle();
            return fixture.pool.stats().waiting() == 0;
        });
        assertThat(fixture.failureOf(waiter)).isInstanceOf(TimeoutException.class);
        fixture.close(held);
        assertThat(fixture.pool.stats().channelsInUse()).isZero();
        assertThat(fixture.witness.unreleased()).isZero();
    }

    @Test
    void callbacksThatWaitForAnotherStageOfThePoolDoNotStandInItsWay() throws Exception {
        int callers = 100;
        ScheduledExecutorService network = Executors.newScheduledThreadPool(1);
        Targets targets =
                new Targets(List.of(PoolFixture.alias("a"), PoolFixture.alias("b")), TargetDefaults.NONE, List.of());
        PoolConfig config = PoolConfig.defaults()
                .withMaxConnections(40)
                .withMaxConnectionsPerTarget(20)
                .withMaxChannelsPerConnection(10);
        FakeConnectionFactory factory = new FakeConnectionFactory(network);
        // so that no stage is complete before its callback is there, which would then run on this thread
        factory.server("a.example:22").dialTakes = Duration.ofMillis(700);
        try (ConnectionPool pool = ConnectionPool.start(config, targets, factory, new Witness(), PoolThreads.own())) {
            CountDownLatch together = new CountDownLatch(callers);
            List<CompletableFuture<ExecResult>> results = new ArrayList<>();
            for (int i = 0; i < callers; i++) {
                results.add(pool.acquireAsync("a")
                        .thenApply(lease -> waitingForAnother(pool, lease, together))
                        .toCompletableFuture());
            }
            CompletableFuture.allOf(results.toArray(CompletableFuture<?>[]::new))
                    .get(10, TimeUnit.SECONDS);
            assertThat(results).allMatch(result -> result.join().isSuccess());
        } finally {
            network.shutdownNow();
        }
    }

    private static ExecResult waitingForAnother(ConnectionPool pool, SshLease lease, CountDownLatch together) {
        try (lease) {
            together.countDown();
            if (!together.await(10, TimeUnit.SECONDS)) {
                throw new IllegalStateException("the other callbacks do not run");
            }
            return pool.executeAsync("b", Command.shell("true"))
                    .toCompletableFuture()
                    .join();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
