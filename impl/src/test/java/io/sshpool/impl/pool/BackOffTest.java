package io.sshpool.impl.pool;

import static org.assertj.core.api.Assertions.assertThat;

import io.sshpool.SshConnectException;
import io.sshpool.SshLease;
import io.sshpool.TargetUnavailableException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;

@ExtendWith(NothingLeftBehind.class)
class BackOffTest {

    @RegisterExtension
    final PoolFixture fixture = new PoolFixture();

    @Test
    void aRefusedConnectFailsTheWaitersWithItsOwnException() {
        fixture.open(c -> c);
        fixture.server("a").dialTakes = Duration.ofMillis(10);
        fixture.server("a").dialsFail = Optional.of(FakeConnectionFactory::unreachable);
        CompletableFuture<SshLease> first = fixture.acquiring("a");
        CompletableFuture<SshLease> second = fixture.acquiring("a");
        fixture.advance(Duration.ofMillis(10));
        assertThat(fixture.failureOf(first)).isExactlyInstanceOf(SshConnectException.class);
        assertThat(fixture.failureOf(second))
                .isExactlyInstanceOf(SshConnectException.class)
                .isNotSameAs(fixture.failureOf(first));
        assertThat(fixture.server("a").dials).hasValue(1);
        assertThat(fixture.pool.stats().connectFailures()).isEqualTo(1);
    }

    @Test
    void duringABackOffAnAcquireFailsAtOnceWithTheCause() {
        fixture.open(c -> c);
        fail("a");
        fixture.advance(Duration.ofMillis(400));
        assertThat(fixture.failureOf(fixture.acquiring("a")))
                .isInstanceOfSatisfying(TargetUnavailableException.class, e -> {
                    assertThat(e.retryAfter()).isEqualTo(Duration.ofMillis(600));
                    assertThat(e.getCause()).isInstanceOf(SshConnectException.class);
                    assertThat(e).hasMessageContaining("connection refused");
                });
        assertThat(fixture.server("a").dials).hasValue(1);
    }

    @Test
    void afterTheBackOffItIsTriedAgainAndTheNextOneIsTwiceAsLongUpToTheMost() {
        fixture.open(c -> c.withBackOff(Duration.ofSeconds(1)).withMaxBackOff(Duration.ofSeconds(5)));
        for (long seconds : new long[] {1, 2, 4, 5, 5}) {
            fail("a");
            fixture.advance(Duration.ofSeconds(seconds).minusNanos(1));
            assertThat(fixture.failureOf(fixture.acquiring("a"))).isInstanceOf(TargetUnavailableException.class);
            fixture.advance(Duration.ofNanos(1));
        }
        assertThat(fixture.server("a").dials).hasValue(5);
        assertThat(fixture.lease("a").isConnected()).isTrue();
        fixture.server("a").kill();
        fixture.settle();
        fail("a");
        fixture.advance(Duration.ofSeconds(1));
        assertThat(fixture.lease("a").isConnected()).isTrue();
    }

    @Test
    void theBackOffHasJitterOfAQuarter() {
        fixture.open(c -> c);
        fixture.jitter = 1;
        fail("a");
        fixture.advance(Duration.ofMillis(749));
        assertThat(fixture.failureOf(fixture.acquiring("a"))).isInstanceOf(TargetUnavailableException.class);
        fixture.advance(Duration.ofMillis(1));
        assertThat(fixture.lease("a").isConnected()).isTrue();
    }

    @Test
    void otherTargetsAreServedAsBefore() {
        fixture.open(c -> c);
        fail("a");
        assertThat(fixture.lease("b").isConnected()).isTrue();
    }

    @Test
    void liveConnectionsServeOnDuringABackOff() {
        fixture.open(c -> c.withMaxChannelsPerConnection(1));
        SshLease held = fixture.lease("a");
        fixture.server("a").dialsFail = Optional.of(FakeConnectionFactory::unreachable);
        CompletableFuture<SshLease> waiter = fixture.acquiring("a");
        assertThat(waiter).isNotDone();
        fixture.close(held);
        assertThat(waiter).isCompletedWithValueMatching(SshLease::isConnected);
        fixture.close(waiter.join());
        assertThat(fixture.lease("a").isConnected()).isTrue();
    }

    @Test
    void aFailedDialFailsNobodyWhileAnotherIsUnderWay() {
        fixture.open(c -> c.withMaxChannelsPerConnection(1));
        fixture.lease("a");
        fixture.server("a").nextDialsFail.add(FakeConnectionFactory::unreachable);
        fixture.server("a").dialTakes = Duration.ofSeconds(1);
        CompletableFuture<SshLease> first = fixture.acquiring("a");
        fixture.server("a").dialTakes = Duration.ofSeconds(2);
        CompletableFuture<SshLease> second = fixture.acquiring("a");
        assertThat(fixture.server("a").dialing).hasValue(2);
        fixture.server("a").kill();
        fixture.advance(Duration.ofSeconds(1));
        assertThat(fixture.server("a").dialing).hasValue(1);
        assertThat(first).isNotDone();
        assertThat(second).isNotDone();
        fixture.advance(Duration.ofSeconds(1));
        assertThat(first).isCompletedWithValueMatching(SshLease::isConnected);
        fixture.close(first.join());
        assertThat(second).isCompletedWithValueMatching(SshLease::isConnected);
    }

    @Test
    void aFailedDialFailsItsWaitersWhenNothingElseIsComing() {
        fixture.open(c -> c.withMaxChannelsPerConnection(1));
        fixture.lease("a");
        fixture.server("a").dialTakes = Duration.ofSeconds(1);
        fixture.server("a").dialsFail = Optional.of(FakeConnectionFactory::unreachable);
        CompletableFuture<SshLease> waiter = fixture.acquiring("a");
        fixture.advance(Duration.ofSeconds(1));
        assertThat(waiter).as("served by the open connection yet").isNotDone();
        fixture.server("a").kill();
        assertThat(fixture.failureOf(waiter)).isExactlyInstanceOf(SshConnectException.class);
    }

    @Test
    void aDropBeforeAuthenticationIsTriedAgainForTheSameCallers() {
        fixture.open(c -> c);
        for (int i = 0; i < 3; i++) {
            fixture.server("a").nextDialsFail.add(FakeConnectionFactory::dropped);
        }
        CompletableFuture<SshLease> waiter = fixture.acquiring("a");
        CompletableFuture<SshLease> later = fixture.acquiring("a");
        fixture.advance(Duration.ofMillis(50 + 100 + 200 + 400));
        assertThat(waiter).isCompletedWithValueMatching(SshLease::isConnected);
        assertThat(later).isCompletedWithValueMatching(SshLease::isConnected);
        assertThat(fixture.server("a").dials).hasValue(4);
    }

    @Test
    void theBackOffEndsOnItsOwnForThoseWhoWaitForALiveConnection() {
        fixture.open(c -> c.withMaxChannelsPerConnection(1));
        fixture.lease("a");
        fixture.server("a").nextDialsFail.add(FakeConnectionFactory::unreachable);
        CompletableFuture<SshLease> waiter = fixture.acquiring("a");
        assertThat(waiter).isNotDone();
        fixture.advance(Duration.ofSeconds(1));
        assertThat(waiter).isCompletedWithValueMatching(SshLease::isConnected);
    }

    @Test
    void evictEndsTheBackOff() {
        fixture.open(c -> c);
        fail("a");
        fixture.pool.evict("a");
        assertThat(fixture.lease("a").isConnected()).isTrue();
    }

    @Test
    void aConnectOutOfTimeIsAFailedConnect() {
        fixture.open(c -> c.withConnectTimeout(Duration.ofSeconds(3)));
        fixture.server("a").dialsStall = true;
        CompletableFuture<SshLease> waiter = fixture.acquiring("a");
        fixture.advance(Duration.ofSeconds(3));
        assertThat(fixture.failureOf(waiter)).isExactlyInstanceOf(SshConnectException.class);
    }

    @Test
    void aFactoryThatThrowsIsAFailedConnect() {
        fixture.open(c -> c);
        fixture.server("a").dialsThrow = true;
        assertThat(fixture.failureOf(fixture.acquiring("a")))
                .isExactlyInstanceOf(SshConnectException.class)
                .hasMessageContaining("connecting to a failed unexpectedly");
    }

    /** Lets one acquire fail, and the server recover. */
    private void fail(String target) {
        fixture.server(target).nextDialsFail.add(FakeConnectionFactory::unreachable);
        assertThat(fixture.failureOf(fixture.acquiring(target))).isExactlyInstanceOf(SshConnectException.class);
    }

    @Test
    void dialsThatAreRefusedTogetherAreOneFailure() {
        fixture.open(c -> c.withMaxChannelsPerConnection(1).withMaxConcurrentConnects(8));
        fixture.lease("a");
        fixture.server("a").dialTakes = Duration.ofMillis(100);
        fixture.server("a").dialsFail = Optional.of(FakeConnectionFactory::unreachable);
        List<CompletableFuture<SshLease>> waiters = new ArrayList<>();
        for (int i = 0; i < 64; i++) {
            waiters.add(fixture.acquiring("a"));
        }
        assertThat(fixture.server("a").dialing).hasValue(8);
        fixture.server("a").kill();
        fixture.advance(Duration.ofMillis(100));
        for (CompletableFuture<SshLease> waiter : waiters) {
            assertThat(fixture.failureOf(waiter)).isInstanceOf(SshConnectException.class);
        }
        assertThat(fixture.failureOf(fixture.acquiring("a")))
                .isInstanceOfSatisfying(
                        TargetUnavailableException.class,
                        e -> assertThat(e.retryAfter()).isLessThanOrEqualTo(Duration.ofSeconds(1)));
        assertThat(fixture.server("a").dials).hasValue(9);
    }
}
