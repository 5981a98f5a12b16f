package io.sshpool.impl.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sshpool.AcquireTimeoutException;
import io.sshpool.ChannelRefusedException;
import io.sshpool.Command;
import io.sshpool.CommandTimeoutException;
import io.sshpool.ConnectionLostException;
import io.sshpool.ExecResult;
import io.sshpool.LeaseClosedException;
import io.sshpool.PoolStats.CloseReason;
import io.sshpool.PoolStats.State;
import io.sshpool.SshLease;
import io.sshpool.impl.pool.PoolFixture.Call;
import io.sshpool.spi.Target;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@ExtendWith(NothingLeftBehind.class)
class LeaseTest {

    @RegisterExtension
    final PoolFixture fixture = new PoolFixture();

    @Test
    void aCommandRunsOnTheLeasesConnection() {
        fixture.open(c -> c);
        SshLease lease = fixture.lease("a");
        ExecResult result = fixture.valueOf(lease.executeAsync("echo hello"));
        assertThat(result.stdout()).isEqualTo("hello\n");
        assertThat(fixture.onlyConnection().channels()).isEqualTo(1);
        fixture.close(lease);
        assertThat(fixture.onlyConnection().channels()).isZero();
    }

    @Test
    void aBlockingExecuteReturnsTheResult() {
        fixture.open(c -> c);
        SshLease lease = fixture.lease("a");
        Call<ExecResult> call = fixture.finish(fixture.call(() -> lease.execute("exit 3")));
        assertThat(call.result.join().exitCode()).isEqualTo(3);
    }

    @Test
    void closingTwiceGivesBackOnce() {
        fixture.open(c -> c.withMaxConnections(1).withMaxChannelsPerConnection(1));
        SshLease lease = fixture.lease("a");
        lease.close();
        SshLease next = fixture.lease("a");
        lease.close();
        fixture.settle();
        assertThat(fixture.onlyConnection().channels()).isEqualTo(1);
        assertThat(next.isConnected()).isTrue();
        assertThat(fixture.acquiring("a")).isNotDone();
    }

    @Test
    void aClosedLeaseRunsNothingAndReachesNobodysConnection() {
        fixture.open(c -> c);
        SshLease lease = fixture.lease("a");
        fixture.close(lease);
        SshLease other = fixture.lease("a");
        assertThat(fixture.failureOf(lease.executeAsync("true")))
                .isInstanceOf(LeaseClosedException.class)
                .hasMessageContaining("is closed; acquire another one");
        assertThatThrownBy(() -> lease.execute("true")).isInstanceOf(LeaseClosedException.class);
        assertThatThrownBy(() -> lease.unwrap(FakeConnection.class)).isInstanceOf(LeaseClosedException.class);
        assertThat(lease.isConnected()).isFalse();
        assertThat(fixture.server("a").commands).isEmpty();
        assertThat(other.isConnected()).isTrue();
    }

    @Test
    void operationsAtTheSameTimeTakeFurtherChannelsOfTheSameConnection() {
        fixture.open(c -> c);
        SshLease lease = fixture.lease("a");
        List<CompletionStage<ExecResult>> results = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            results.add(lease.executeAsync("sleep 1; echo " + i));
        }
        fixture.settle();
        assertThat(fixture.onlyConnection().channels()).isEqualTo(5);
        assertThat(fixture.server("a").running()).isEqualTo(5);
        fixture.advance(Duration.ofSeconds(1));
        for (int i = 0; i < 5; i++) {
            assertThat(fixture.valueOf(results.get(i)).stdout()).isEqualTo(i + "\n");
        }
        assertThat(fixture.onlyConnection().channels()).isEqualTo(1);
    }

    @Test
    void withOneChannelOperationsOfALeaseRunOneAfterAnother() {
        fixture.open(c -> c.withMaxConnections(1).withMaxChannelsPerConnection(1));
        SshLease lease = fixture.lease("a");
        CompletableFuture<SshLease> waiter = fixture.acquiring("a");
        CompletionStage<ExecResult> first = lease.executeAsync("sleep 1; echo 1");
        CompletionStage<ExecResult> second = lease.executeAsync("sleep 1; echo 2");
        CompletionStage<ExecResult> third = lease.executeAsync("sleep 1; echo 3");
        fixture.settle();
        assertThat(fixture.server("a").running()).isEqualTo(1);
        fixture.advance(Duration.ofSeconds(3));
        assertThat(fixture.valueOf(first).stdout()).isEqualTo("1\n");
        assertThat(fixture.valueOf(second).stdout()).isEqualTo("2\n");
        assertThat(fixture.valueOf(third).stdout()).isEqualTo("3\n");
        assertThat(waiter).as("the lease keeps its slot").isNotDone();
        fixture.close(lease);
        assertThat(waiter).isCompleted();
    }

    @Test
    void anOperationThatFindsNoChannelInTimeFails() {
        fixture.open(c -> c.withMaxChannelsPerConnection(1).withAcquireTimeout(Duration.ofSeconds(2)));
        SshLease lease = fixture.lease("a");
        lease.executeAsync("sleep 5");
        CompletionStage<ExecResult> second = lease.executeAsync("true");
        fixture.advance(Duration.ofSeconds(2));
        assertThat(fixture.failureOf(second)).isInstanceOf(AcquireTimeoutException.class);
        fixture.advance(Duration.ofSeconds(3));
        assertThat(fixture.onlyConnection().channels()).isEqualTo(1);
        assertThat(fixture.valueOf(lease.executeAsync("true")).isSuccess()).isTrue();
    }

    @Test
    void aLeaseWhoseConnectionDiedWhileItRanNothingMovesToAnotherOne() {
        fixture.open(c -> c);
        SshLease lease = fixture.lease("a");
        fixture.server("a").kill();
        fixture.settle();
        assertThat(lease.isConnected()).isFalse();
        assertThat(fixture.valueOf(lease.executeAsync("echo moved")).stdout()).isEqualTo("moved\n");
        assertThat(fixture.server("a").dials).hasValue(2);
        assertThat(fixture.onlyConnection().channels()).isEqualTo(1);
    }

    @Test
    void aCommandThatWasNotSentMovesToAnotherConnectionUnseen() {
        fixture.open(c -> c);
        SshLease lease = fixture.lease("a");
        fixture.server("a").deathsBeforeSending.set(3);
        assertThat(fixture.valueOf(lease.executeAsync("echo moved")).stdout()).isEqualTo("moved\n");
        assertThat(fixture.server("a").commands).containsExactly("echo moved");
        assertThat(fixture.server("a").dials).hasValue(4);
        assertThat(fixture.witness.reasons).hasSize(3).containsValue(CloseReason.LOST);
    }

    @Test
    void aCommandThatCannotBeSentAnywhereFails() {
        fixture.open(c -> c);
        SshLease lease = fixture.lease("a");
        fixture.server("a").deathsBeforeSending.set(100);
        assertThat(fixture.failureOf(lease.executeAsync("true")))
                .isInstanceOfSatisfying(
                        ConnectionLostException.class,
                        e -> assertThat(e.isRetryable()).isTrue());
        assertThat(fixture.server("a").commands).isEmpty();
        assertThat(fixture.server("a").dials).hasValueLessThan(6);
    }

    @Test
    void aCommandThatWasSentIsNeverRunAgain() {
        fixture.open(c -> c);
        SshLease lease = fixture.lease("a");
        fixture.server("a").deathsAfterSending.set(1);
        assertThat(fixture.failureOf(lease.executeAsync("echo once")))
                .isInstanceOfSatisfying(
                        ConnectionLostException.class,
                        e -> assertThat(e.isRetryable()).isFalse());
        fixture.advance(Duration.ofMinutes(1));
        assertThat(fixture.server("a").commands).containsExactly("echo once");
        assertThat(fixture.valueOf(lease.executeAsync("echo next")).isSuccess()).isTrue();
    }

    @Test
    void closeEndsTheOperationUnderWayAndFreesItsSlot() {
        fixture.open(c -> c.withMaxConnections(1).withMaxChannelsPerConnection(1));
        SshLease lease = fixture.lease("a");
        CompletionStage<ExecResult> hanging = lease.executeAsync("hang");
        CompletionStage<ExecResult> queued = lease.executeAsync("true");
        CompletableFuture<SshLease> waiter = fixture.acquiring("a");
        lease.close();
        assertThat(fixture.failureOf(hanging))
                .isInstanceOf(LeaseClosedException.class)
                .hasMessageContaining("was closed in the midst of an operation");
        assertThat(fixture.failureOf(queued)).isInstanceOf(LeaseClosedException.class);
        assertThat(waiter).isCompletedWithValueMatching(SshLease::isConnected);
        assertThat(fixture.server("a").running()).isZero();
        assertThat(fixture.server("a").dials).hasValue(1);
    }

    @Test
    void aChannelThatWouldNotCloseCostsTheConnection() {
        fixture.open(c -> c.withMaxConnections(1).withMaxChannelsPerConnection(1));
        fixture.server("a").channelsHang = true;
        SshLease lease = fixture.lease("a");
        lease.executeAsync("hang");
        fixture.settle();
        CompletableFuture<SshLease> waiter = fixture.acquiring("a");
        fixture.close(lease);
        fixture.advance(Duration.ofMillis(4999));
        assertThat(waiter).isNotDone();
        fixture.advance(Duration.ofMillis(1));
        assertThat(waiter).isCompletedWithValueMatching(SshLease::isConnected);
        assertThat(fixture.witness.events).contains("closed a 1 TAINTED");
    }

    @Test
    void aTimeoutOfOneCommandDoesNotKillItsNeighbours() {
        fixture.open(c -> c);
        fixture.server("a").channelsHang = true;
        SshLease lease = fixture.lease("a");
        SshLease neighbour = fixture.lease("a");
        CompletionStage<ExecResult> patient = neighbour.executeAsync("sleep 20; echo done");
        CompletionStage<ExecResult> hanging =
                lease.executeAsync(Command.shell("hang").timeout(Duration.ofSeconds(1)));
        fixture.advance(Duration.ofSeconds(1));
        assertThat(fixture.failureOf(hanging)).isInstanceOf(CommandTimeoutException.class);
        fixture.advance(Duration.ofSeconds(10));
        assertThat(fixture.onlyConnection().state()).isEqualTo(State.RETIRED);
        fixture.advance(Duration.ofSeconds(9));
        assertThat(fixture.valueOf(patient).stdout()).isEqualTo("done\n");
    }

    @Test
    void aCommandHasTheTimeoutOfItsTargetThenOfThePool() {
        Target.Limits limits = new Target.Limits(
                OptionalInt.empty(),
                OptionalInt.empty(),
                Optional.empty(),
                Optional.of(Duration.ofSeconds(2)),
                Optional.empty(),
                OptionalInt.empty());
        fixture.open(
                c -> c.withCommandTimeout(Duration.ofSeconds(4)),
                PoolFixture.alias("a", limits, false),
                PoolFixture.alias("b"));
        CompletionStage<ExecResult> ofTarget = fixture.lease("a").executeAsync("hang");
        CompletionStage<ExecResult> ofPool = fixture.lease("b").executeAsync("hang");
        CompletionStage<ExecResult> own =
                fixture.lease("a").executeAsync(Command.shell("hang").timeout(Duration.ofSeconds(1)));
        fixture.advance(Duration.ofSeconds(1));
        assertThat(fixture.failureOf(own)).isInstanceOf(CommandTimeoutException.class);
        assertThat(ofTarget.toCompletableFuture()).isNotDone();
        fixture.advance(Duration.ofSeconds(1));
        assertThat(fixture.failureOf(ofTarget)).isInstanceOf(CommandTimeoutException.class);
        assertThat(ofPool.toCompletableFuture()).isNotDone();
        fixture.advance(Duration.ofSeconds(2));
        assertThat(fixture.failureOf(ofPool)).isInstanceOf(CommandTimeoutException.class);
    }

    @Test
    void unwrapPinsTheConnectionAndRetiresItWhenTheLeaseCloses() {
        fixture.open(c -> c);
        SshLease lease = fixture.lease("a");
        FakeConnection nativeConnection = lease.unwrap(FakeConnection.class);
        assertThat(nativeConnection.isOpen()).isTrue();
        fixture.valueOf(lease.executeAsync("true"));
        assertThat(lease.unwrap(FakeConnection.class)).isSameAs(nativeConnection);
        fixture.close(lease);
        assertThat(nativeConnection.isOpen()).isFalse();
        assertThat(fixture.witness.events).contains("closed a 1 TAINTED");
    }

    @Test
    void unwrapOfAnUnknownTypeIsRefusedAndCostsNothing() {
        fixture.open(c -> c);
        SshLease lease = fixture.lease("a");
        assertThatThrownBy(() -> lease.unwrap(String.class)).isInstanceOf(IllegalArgumentException.class);
        fixture.close(lease);
        assertThat(fixture.pool.stats().idleConnections()).isEqualTo(1);
    }

    @Test
    void unwrapConnectsWhereTheConnectionIsGone() {
        fixture.open(c -> c);
        SshLease lease = fixture.lease("a");
        fixture.server("a").kill();
        fixture.settle();
        Call<FakeConnection> call = fixture.finish(fixture.call(() -> lease.unwrap(FakeConnection.class)));
        assertThat(call.result.join().isOpen()).isTrue();
        assertThat(fixture.server("a").dials).hasValue(2);
        fixture.close(lease);
        assertThat(fixture.server("a").open).isEmpty();
    }

    @Test
    void executeOnThePoolGivesItsConnectionBack() {
        fixture.open(c -> c);
        Call<ExecResult> call = fixture.finish(fixture.call(() -> fixture.pool.execute("a", "echo hi")));
        assertThat(call.result.join().stdout()).isEqualTo("hi\n");
        fixture.settle();
        assertThat(fixture.onlyConnection().channels()).isZero();
        assertThat(fixture.witness.unreleased()).isZero();
    }

    /** Whatever the second operation is about to do when the first one ends: every look at the clock is such a moment. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4})
    void anOperationGetsTheSlotThatComesFreeWhileItIsAboutToWait(int moment) throws InterruptedException {
        fixture.open(c -> c.withMaxConnections(1).withMaxChannelsPerConnection(1));
        SshLease lease = fixture.lease("a");
        CompletionStage<ExecResult> first = lease.executeAsync("sleep 1");
        fixture.settle();
        Thread ending = new Thread(() -> fixture.time.advance(Duration.ofSeconds(1)), "ending");
        AtomicInteger looks = new AtomicInteger();
        Thread starting = Thread.currentThread();
        fixture.clock = () -> {
            if (Thread.currentThread() == starting && looks.incrementAndGet() == moment) {
                ending.start();
                // it blocks where this look is taken under the lock
                PoolFixture.until(() -> !ending.isAlive() || PoolFixture.isBlocked(ending));
            }
            return fixture.time.now();
        };
        CompletionStage<ExecResult> second = lease.executeAsync("echo second");
        fixture.clock = fixture.time::now;
        ending.join();
        assertThat(fixture.valueOf(first).isSuccess()).isTrue();
        assertThat(fixture.valueOf(second).stdout()).isEqualTo("second\n");
    }

    @Test
    void aRefusalWithNoChannelOpenLeavesTheLeaseItsSlotThoughAnotherWaits() {
        fixture.open(c -> c.withMaxConnections(1).withMaxChannelsPerConnection(1));
        SshLease lease = fixture.lease("a");
        CompletableFuture<SshLease> waiter = fixture.acquiring("a");
        fixture.server("a").maxSessions = 0;
        assertThat(fixture.failureOf(lease.executeAsync("true"))).isInstanceOf(ChannelRefusedException.class);
        assertThat(waiter).as("the lease keeps its slot").isNotDone();
        fixture.server("a").maxSessions = 1;
        assertThat(fixture.valueOf(lease.executeAsync("echo mine")).stdout()).isEqualTo("mine\n");
        assertThat(waiter).isNotDone();
        fixture.close(lease);
        assertThat(waiter).isCompletedWithValueMatching(SshLease::isConnected);
        assertThat(fixture.server("a").dials).hasValue(1);
    }

    @Test
    void afterUnwrapARefusalNeitherLosesTheConnectionNorTeachesALimit() {
        fixture.open(c -> c);
        SshLease lease = fixture.lease("a");
        SshLease neighbour = fixture.lease("a");
        neighbour.executeAsync("sleep 5");
        FakeConnection nativeConnection = lease.unwrap(FakeConnection.class);
        fixture.server("a").maxSessions = 1;
        assertThat(fixture.failureOf(lease.executeAsync("true"))).isInstanceOf(ChannelRefusedException.class);
        assertThat(fixture.witness.learned).isEmpty();
        assertThat(lease.unwrap(FakeConnection.class)).isSameAs(nativeConnection);
        fixture.close(lease);
        assertThat(fixture.onlyConnection().state()).isEqualTo(State.RETIRED);
        fixture.advance(Duration.ofSeconds(5));
        fixture.close(neighbour);
        assertThat(nativeConnection.isOpen()).isFalse();
        assertThat(fixture.witness.events).contains("closed a 1 TAINTED");
        assertThat(fixture.server("a").dials).hasValue(1);
    }
}
