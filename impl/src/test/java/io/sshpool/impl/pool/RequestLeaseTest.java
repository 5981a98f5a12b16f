package io.sshpool.impl.pool;

import static org.assertj.core.api.Assertions.assertThat;

import io.sshpool.ExecResult;
import io.sshpool.LeaseClosedException;
import io.sshpool.SshLease;
import io.sshpool.impl.pool.PoolFixture.Call;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@ExtendWith(NothingLeftBehind.class)
class RequestLeaseTest {

    @RegisterExtension
    final PoolFixture fixture = new PoolFixture();

    @Test
    void aRequestLeaseBorrowsAtItsFirstOperation() {
        fixture.open(c -> c);
        SshLease request = fixture.pool.requestLease("a");
        fixture.settle();
        assertThat(fixture.server("a").dials).hasValue(0);
        assertThat(request.isConnected()).isFalse();
        fixture.valueOf(request.executeAsync("true"));
        assertThat(request.isConnected()).isTrue();
        assertThat(fixture.onlyConnection().channels()).isEqualTo(1);
        fixture.close(request);
        assertThat(fixture.onlyConnection().channels()).isZero();
    }

    @Test
    void beforeItHasBorrowedItIsConnectedWhenThePoolIs() {
        fixture.open(c -> c);
        SshLease request = fixture.pool.requestLease("a");
        fixture.close(fixture.lease("a"));
        assertThat(request.isConnected()).isTrue();
        request.close();
        assertThat(request.isConnected()).isFalse();
    }

    @Test
    void aLeaseAtRestGivesWayToAWaiterTheLongestAtRestFirst() {
        fixture.open(c -> c.withMaxConnections(1).withMaxChannelsPerConnection(2));
        SshLease first = request("a");
        fixture.advance(Duration.ofSeconds(1));
        SshLease second = request("a");
        fixture.valueOf(first.executeAsync("true"));
        // the second has now been at rest for longer
        SshLease other = fixture.lease("a");
        assertThat(fixture.onlyConnection().channels()).isEqualTo(2);
        CompletionStage<ExecResult> hanging = first.executeAsync("sleep 9");
        fixture.settle();
        assertThat(fixture.server("a").running()).as("the first kept its slot").isEqualTo(1);
        CompletionStage<ExecResult> waiting = second.executeAsync("true");
        fixture.settle();
        assertThat(waiting.toCompletableFuture()).isNotDone();
        fixture.close(other);
        assertThat(fixture.valueOf(waiting).isSuccess()).isTrue();
        fixture.advance(Duration.ofSeconds(9));
        fixture.valueOf(hanging);
        first.close();
        second.close();
    }

    @Test
    void itsAcquireIsReleasedWhenItGivesWay() {
        fixture.open(c -> c.withMaxConnections(1).withMaxChannelsPerConnection(1));
        SshLease request = request("a");
        SshLease other = fixture.lease("b");
        assertThat(fixture.witness.unreleased()).as("that of the other alone").isEqualTo(1);
        fixture.close(other);
        fixture.close(request);
        assertThat(fixture.witness.unreleased()).isZero();
        assertThat(fixture.witness.imbalances()).isEmpty();
    }

    @Test
    void eachSlotOfOperationsAtTheSameTimeIsReleasedWhenItsOperationIsOver() {
        fixture.open(c -> c);
        SshLease request = fixture.pool.requestLease("a");
        CompletionStage<ExecResult> longer = request.executeAsync("sleep 5");
        CompletionStage<ExecResult> shorter = request.executeAsync("sleep 1");
        fixture.settle();
        assertThat(fixture.witness.unreleased()).isEqualTo(2);
        fixture.advance(Duration.ofSeconds(1));
        fixture.valueOf(shorter);
        assertThat(fixture.witness.unreleased()).isEqualTo(1);
        fixture.advance(Duration.ofSeconds(4));
        fixture.valueOf(longer);
        assertThat(fixture.witness.unreleased()).as("at rest").isEqualTo(1);
        fixture.close(request);
        assertThat(fixture.witness.unreleased()).isZero();
    }

    @Test
    void aLeaseThatRunsSomethingDoesNotGiveWay() {
        fixture.open(c -> c.withMaxConnections(1).withMaxChannelsPerConnection(1));
        SshLease request = fixture.pool.requestLease("a");
        CompletionStage<ExecResult> running = request.executeAsync("sleep 5");
        CompletableFuture<SshLease> waiter = fixture.acquiring("a");
        assertThat(waiter).isNotDone();
        fixture.advance(Duration.ofSeconds(5));
        assertThat(fixture.valueOf(running).isSuccess()).isTrue();
        assertThat(waiter).isCompleted();
        request.close();
    }

    @Test
    void aLeaseFromAcquireIsNeverTakenBack() {
        fixture.open(c ->
                c.withMaxConnections(1).withMaxChannelsPerConnection(1).withLeaseIdleTimeout(Duration.ofSeconds(3)));
        SshLease lease = fixture.lease("a");
        fixture.valueOf(lease.executeAsync("true"));
        assertThat(fixture.acquiring("a")).isNotDone();
        fixture.advance(Duration.ofSeconds(10));
        assertThat(fixture.onlyConnection().channels()).isEqualTo(1);
    }

    @Test
    void manyMoreRequestsThanSlotsAreServed() {
        fixture.open(c -> c.withMaxConnections(2).withMaxChannelsPerConnection(2));
        List<SshLease> requests = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            requests.add(request(i % 2 == 0 ? "a" : "b"));
        }
        for (SshLease request : requests) {
            fixture.valueOf(request.executeAsync("true"));
        }
        requests.forEach(SshLease::close);
        fixture.settle();
        assertThat(fixture.pool.stats().channelsInUse()).isZero();
    }

    @Test
    void aLeaseAtRestComesBackAfterItsIdleTimeoutAndBorrowsAgain() {
        fixture.open(c -> c.withLeaseIdleTimeout(Duration.ofSeconds(20)));
        SshLease request = request("a");
        fixture.advance(Duration.ofSeconds(10));
        fixture.valueOf(request.executeAsync("true"));
        fixture.advance(Duration.ofSeconds(19));
        assertThat(fixture.onlyConnection().channels()).isEqualTo(1);
        assertThat(fixture.witness.unreleased()).isEqualTo(1);
        fixture.advance(Duration.ofSeconds(1));
        assertThat(fixture.onlyConnection().channels()).isZero();
        assertThat(fixture.witness.unreleased()).isZero();
        fixture.valueOf(request.executeAsync("true"));
        assertThat(fixture.onlyConnection().channels()).isEqualTo(1);
        assertThat(fixture.server("a").dials).hasValue(1);
        request.close();
        fixture.settle();
        assertThat(fixture.witness.unreleased()).isZero();
    }

    @Test
    void aLongOperationIsNotIdleness() {
        fixture.open(c -> c.withLeaseIdleTimeout(Duration.ofSeconds(20)));
        SshLease request = fixture.pool.requestLease("a");
        CompletionStage<ExecResult> running = request.executeAsync("sleep 100; echo done");
        fixture.advance(Duration.ofSeconds(100));
        assertThat(fixture.valueOf(running).stdout()).isEqualTo("done\n");
        request.close();
    }

    @Test
    void afterItsEndItRunsNothing() {
        fixture.open(c -> c);
        SshLease request = request("a");
        request.close();
        request.close();
        assertThat(fixture.failureOf(request.executeAsync("true")))
                .isInstanceOf(LeaseClosedException.class)
                .hasMessageContaining("the request to which this handle on a belonged has ended");
        assertThat(fixture.server("a").commands).hasSize(1);
    }

    @Test
    void itMovesWhenItsConnectionHasDied() {
        fixture.open(c -> c);
        SshLease request = request("a");
        fixture.server("a").kill();
        fixture.settle();
        fixture.valueOf(request.executeAsync("true"));
        fixture.server("a").deathsBeforeSending.set(1);
        fixture.valueOf(request.executeAsync("true"));
        assertThat(fixture.server("a").dials).hasValue(3);
        assertThat(fixture.server("a").commands).hasSize(3);
        request.close();
    }

    @Test
    void afterUnwrapItKeepsItsConnection() {
        fixture.open(c ->
                c.withMaxConnections(1).withMaxChannelsPerConnection(1).withLeaseIdleTimeout(Duration.ofSeconds(2)));
        SshLease request = request("a");
        FakeConnection connection = request.unwrap(FakeConnection.class);
        fixture.valueOf(request.executeAsync("true"));
        CompletableFuture<SshLease> waiter = fixture.acquiring("a");
        fixture.advance(Duration.ofSeconds(10));
        assertThat(waiter).isNotDone();
        assertThat(connection.isOpen()).isTrue();
        fixture.close(request);
        assertThat(connection.isOpen()).isFalse();
        assertThat(waiter).isCompleted();
    }

    /** Whatever it is about to do when somebody takes the slot on which it rests: every look at the clock is such a moment. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4})
    void aSlotThatWasTakenBackIsNoLostConnectionForATunnelOrUnwrap(int moment) {
        fixture.open(c -> c.withMaxConnections(1).withMaxChannelsPerConnection(1));
        SshLease request = request("a");
        whileAnotherAcquires(moment, () -> request.forwardLocal(0, "db", 5432)).close();
        fixture.settle();
        FakeConnection connection = whileAnotherAcquires(moment, () -> request.unwrap(FakeConnection.class));
        assertThat(connection.isOpen()).isTrue();
        assertThat(fixture.server("a").dials).hasValue(1);
        fixture.close(request);
    }

    /** Makes a call, during which somebody asks for a lease at once, which is closed as soon as it is there. */
    private <T> T whileAnotherAcquires(int moment, Callable<T> work) {
        AtomicInteger looks = new AtomicInteger();
        List<CompletableFuture<SshLease>> other = new ArrayList<>();
        Call<T> call = fixture.call(() -> {
            Thread caller = Thread.currentThread();
            fixture.clock = () -> {
                if (Thread.currentThread() == caller && looks.incrementAndGet() == moment) {
                    other.add(fixture.pool.acquireAsync("a").toCompletableFuture());
                }
                return fixture.time.now();
            };
            return work.call();
        });
        fixture.settle();
        other.forEach(lease -> lease.thenAccept(SshLease::close));
        T value = fixture.finish(call).result.join();
        fixture.clock = fixture.time::now;
        return value;
    }

    @Test
    void operationsAtTheSameTimeShareItAsTheyDoAnyLease() {
        fixture.open(c -> c.withMaxConnections(1).withMaxChannelsPerConnection(2));
        SshLease request = fixture.pool.requestLease("a");
        List<CompletionStage<ExecResult>> results = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            results.add(request.executeAsync("sleep 1; echo " + i));
        }
        fixture.advance(Duration.ofSeconds(5));
        for (int i = 0; i < 5; i++) {
            assertThat(fixture.valueOf(results.get(i)).stdout()).isEqualTo(i + "\n");
        }
        request.close();
        fixture.settle();
        assertThat(fixture.onlyConnection().channels()).isZero();
    }

    @Test
    void closeWhileAnOperationWaitsForASlotGivesThePlaceUp() {
        fixture.open(c -> c.withMaxConnections(1).withMaxChannelsPerConnection(1));
        SshLease held = fixture.lease("a");
        SshLease request = fixture.pool.requestLease("a");
        CompletionStage<ExecResult> waiting = request.executeAsync("true");
        fixture.settle();
        assertThat(fixture.pool.stats().waiting()).isEqualTo(1);
        request.close();
        assertThat(fixture.failureOf(waiting)).isInstanceOf(LeaseClosedException.class);
        assertThat(fixture.pool.stats().waiting()).isZero();
        fixture.close(held);
        assertThat(fixture.onlyConnection().channels()).isZero();
        assertThat(fixture.server("a").commands).isEmpty();
    }

    /** A request lease that has run something. */
    private SshLease request(String target) {
        SshLease request = fixture.pool.requestLease(target);
        fixture.valueOf(request.executeAsync("true"));
        return request;
    }

    @Test
    void unwrapOfAnUnknownTypeBeforeItHasBorrowedKeepsNothingAndCostsNothing() {
        fixture.open(c -> c.withMaxConnections(1).withMaxChannelsPerConnection(1));
        SshLease request = fixture.pool.requestLease("a");
        Call<String> call = fixture.finish(fixture.call(() -> request.unwrap(String.class)));
        assertThat(fixture.failureOf(call.result)).isInstanceOf(IllegalArgumentException.class);
        CompletableFuture<SshLease> other = fixture.acquiring("a");
        assertThat(other).isCompletedWithValueMatching(SshLease::isConnected);
        fixture.close(other.join());
        fixture.close(request);
        assertThat(fixture.pool.stats().idleConnections()).isEqualTo(1);
        assertThat(fixture.witness.reasons).isEmpty();
        assertThat(fixture.server("a").dials).hasValue(1);
    }

    @Test
    void anUnwrappedOneThatNobodyHoldsIsReclaimedWithAWarning() {
        fixture.open(c -> c.withMaxConnections(1).withMaxChannelsPerConnection(1));
        fixture.finish(fixture.call(() ->
                fixture.pool.requestLease("a").unwrap(FakeConnection.class).isOpen()));
        assertThat(fixture.onlyConnection().channels()).isEqualTo(1);
        collect(() -> !fixture.witness.reclaimed.isEmpty());
        assertThat(fixture.witness.reclaimed).hasSize(1);
        assertThat(fixture.witness.events).contains("closed a 1 TAINTED");
        assertThat(fixture.lease("a").isConnected()).isTrue();
    }

    @Test
    void oneThatGaveEverythingBackIsForgottenWithoutAWarning() {
        fixture.open(c -> c.withLeaseIdleTimeout(Duration.ofSeconds(20)));
        WeakReference<SshLease> request = requestThatGaveBack();
        collect(() -> request.get() == null);
        // one that is collected later shows when the earlier one must have been noticed
        fixture.finish(fixture.call(() -> fixture.pool.acquire("a").isConnected()));
        assertThat(fixture.pool.stats().channelsInUse()).isEqualTo(1);
        collect(() -> fixture.pool.stats().channelsInUse() == 0);
        assertThat(fixture.witness.reclaimed).as("the later one alone").hasSize(1);
    }

    @Test
    void oneWhoseRequestNeverEndsIsReclaimedWithoutAWarning() {
        fixture.open(c -> c.withLeaseIdleTimeout(Duration.ofDays(1)));
        request("a");
        assertThat(fixture.pool.stats().channelsInUse()).isEqualTo(1);
        collect(() -> fixture.pool.stats().channelsInUse() == 0);
        assertThat(fixture.witness.reclaimed).isEmpty();
    }

    private WeakReference<SshLease> requestThatGaveBack() {
        SshLease request = request("a");
        fixture.advance(Duration.ofSeconds(20));
        assertThat(fixture.pool.stats().channelsInUse()).isZero();
        return new WeakReference<>(request);
    }

    /** Lets the garbage collector run, and the pool clean up, until something has come of it. */
    private void collect(BooleanSupplier effect) {
        PoolFixture.until(() -> {
            System.gc();
            fixture.advance(Duration.ofSeconds(30));
            return effect.getAsBoolean();
        });
    }
}
