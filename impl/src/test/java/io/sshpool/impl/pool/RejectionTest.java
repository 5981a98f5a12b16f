package io.sshpool.impl.pool;

import static org.assertj.core.api.Assertions.assertThat;

import io.sshpool.HostKeyException;
import io.sshpool.PoolStats.CloseReason;
import io.sshpool.SshAuthenticationException;
import io.sshpool.SshConfigException;
import io.sshpool.SshLease;
import io.sshpool.spi.PoolListener;
import io.sshpool.spi.Target;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@ExtendWith(NothingLeftBehind.class)
class RejectionTest {

    @RegisterExtension
    final PoolFixture fixture = new PoolFixture();

    @Test
    void aRejectedCredentialIsTriedOnceHoweverManyWait() {
        fixture.open(c -> c.withMaxChannelsPerConnection(1));
        reject();
        fixture.server("a").dialTakes = Duration.ofMillis(100);
        List<CompletableFuture<SshLease>> callers = new ArrayList<>();
        for (int i = 0; i < 1000; i++) {
            callers.add(fixture.pool.acquireAsync("a").toCompletableFuture());
        }
        fixture.advance(Duration.ofMillis(100));
        Set<Throwable> failures = Collections.newSetFromMap(new IdentityHashMap<>());
        for (CompletableFuture<SshLease> caller : callers) {
            assertThat(fixture.failureOf(caller)).isInstanceOf(SshAuthenticationException.class);
            failures.add(fixture.failureOf(caller));
        }
        assertThat(failures).as("fresh instances").hasSize(1000);
        assertThat(fixture.server("a").dials).hasValue(1);
    }

    @Test
    void laterCallersOfTheWindowGetTheSameClassAfresh() {
        fixture.open(c -> c);
        reject();
        Throwable first = fixture.failureOf(fixture.acquiring("a"));
        fixture.advance(Duration.ofSeconds(59));
        Throwable second = fixture.failureOf(fixture.acquiring("a"));
        assertThat(second).isInstanceOf(SshAuthenticationException.class).isNotSameAs(first);
        assertThat(second.getMessage()).isEqualTo(first.getMessage());
        assertThat(fixture.server("a").dials).hasValue(1);
        fixture.advance(Duration.ofSeconds(1));
        assertThat(fixture.failureOf(fixture.acquiring("a"))).isInstanceOf(SshAuthenticationException.class);
        assertThat(fixture.server("a").dials).hasValue(2);
    }

    @Test
    void aHostKeyIsRejectedInTheSameWay() {
        fixture.open(c -> c);
        fixture.server("a").dialsFail =
                Optional.of(target -> new HostKeyException(target.name(), "the host key changed", null));
        assertThat(fixture.failureOf(fixture.acquiring("a"))).isInstanceOf(HostKeyException.class);
        assertThat(fixture.failureOf(fixture.acquiring("a"))).isInstanceOf(HostKeyException.class);
        assertThat(fixture.server("a").dials).hasValue(1);
    }

    @Test
    void aMissingCredentialIsRejectedInTheSameWay() {
        fixture.open(c -> c);
        fixture.server("a").dialsFail = Optional.of(target -> new SshConfigException("no credential for a"));
        Throwable first = fixture.failureOf(fixture.acquiring("a"));
        Throwable second = fixture.failureOf(fixture.acquiring("a"));
        assertThat(first).isInstanceOf(SshConfigException.class);
        assertThat(second).isInstanceOf(SshConfigException.class).isNotSameAs(first);
        assertThat(fixture.server("a").dials).hasValue(1);
    }

    @Test
    void aChangedCredentialEndsTheWindow() {
        fixture.open(c -> c);
        reject();
        fixture.failureOf(fixture.acquiring("a"));
        fixture.advance(Duration.ofSeconds(1));
        fixture.server("a").credential = "second";
        fixture.server("a").dialsFail = Optional.empty();
        assertThat(fixture.lease("a").isConnected()).isTrue();
        assertThat(fixture.server("a").dials).hasValue(2);
    }

    @Test
    void whatIsChangedOnHearingOfARejectionIsNeverTakenForWhatWasRejected() {
        PoolListener.Acquire changing = new PoolListener.Acquire() {
            @Override
            public void failed(Throwable failure) {
                fixture.server("a").credential = "second";
                fixture.server("a").dialsFail = Optional.empty();
            }
        };
        PoolListener listener = new PoolListener() {
            @Override
            public Acquire acquiring(Target target) {
                return changing;
            }

            @Override
            public void connectionClosed(Target target, long connection, CloseReason reason, Duration age) {
                fixture.witness.connectionClosed(target, connection, reason, age);
            }
        };
        fixture.open(c -> c, listener, PoolFixture.alias("a"));
        reject();
        assertThat(fixture.failureOf(fixture.acquiring("a"))).isInstanceOf(SshAuthenticationException.class);
        fixture.advance(Duration.ofSeconds(1));
        assertThat(fixture.lease("a").isConnected()).isTrue();
        assertThat(fixture.server("a").dials).hasValue(2);
    }

    @Test
    void aChangedCredentialThatIsWrongTooIsTriedOnceByAThousandCallers() {
        fixture.open(c -> c);
        reject();
        fixture.failureOf(fixture.acquiring("a"));
        fixture.advance(Duration.ofSeconds(1));
        fixture.server("a").credential = "second";
        List<CompletableFuture<SshLease>> callers = new ArrayList<>();
        for (int i = 0; i < 1000; i++) {
            callers.add(fixture.pool.acquireAsync("a").toCompletableFuture());
        }
        fixture.advance(Duration.ofSeconds(1));
        for (CompletableFuture<SshLease> caller : callers) {
            assertThat(fixture.failureOf(caller)).isInstanceOf(SshAuthenticationException.class);
        }
        assertThat(fixture.server("a").dials).hasValue(2);
    }

    @Test
    void callersWhoComeTogetherShareOneLookAtTheCredential() {
        fixture.open(c -> c);
        reject();
        fixture.failureOf(fixture.acquiring("a"));
        int before = fixture.factory.revisions.get();
        for (int i = 0; i < 100; i++) {
            fixture.failureOf(fixture.acquiring("a"));
        }
        assertThat(fixture.factory.revisions.get() - before).isEqualTo(1);
        fixture.advance(Duration.ofMillis(200));
        fixture.failureOf(fixture.acquiring("a"));
        assertThat(fixture.factory.revisions.get() - before).isEqualTo(2);
    }

    @Test
    void liveConnectionsAreKept() {
        fixture.open(c -> c.withMaxChannelsPerConnection(1));
        SshLease held = fixture.lease("a");
        reject();
        CompletableFuture<SshLease> waiter = fixture.acquiring("a");
        assertThat(held.isConnected()).isTrue();
        assertThat(waiter).isNotDone();
        fixture.close(held);
        assertThat(waiter).isCompletedWithValueMatching(SshLease::isConnected);
        assertThat(fixture.server("a").dials).hasValue(2);
    }

    @Test
    void aRejectionIsToldWhereNoThreadIsToBeHad() {
        fixture.open(c -> c.withAuthBackOff(Duration.ofSeconds(1)));
        fixture.server("a").nextDialsFail.add(FakeConnectionFactory::rejected);
        CompletableFuture<SshLease> told = new CompletableFuture<>();
        fixture.workers.exhaust();
        fixture.pool.acquireAsync("a").whenComplete((lease, failure) -> told.completeExceptionally(failure));

        assertThat(fixture.failureOf(told)).isInstanceOf(SshAuthenticationException.class);
        fixture.advance(Duration.ofSeconds(2));
        assertThat(fixture.acquiring("a")).isCompleted();
    }

    private void reject() {
        fixture.server("a").dialsFail = Optional.of(FakeConnectionFactory::rejected);
    }

    @Test
    void onceAllConnectionsAreGoneOneDialShowsTheCredentialForAll() {
        fixture.open(c -> c.withMaxChannelsPerConnection(1));
        fixture.close(fixture.lease("a"));
        fixture.server("a").kill();
        fixture.settle();
        reject();
        fixture.server("a").dialTakes = Duration.ofMillis(100);
        List<CompletableFuture<SshLease>> callers = new ArrayList<>();
        for (int i = 0; i < 64; i++) {
            callers.add(fixture.acquiring("a"));
        }
        fixture.advance(Duration.ofMillis(100));
        for (CompletableFuture<SshLease> caller : callers) {
            assertThat(fixture.failureOf(caller)).isInstanceOf(SshAuthenticationException.class);
        }
        assertThat(fixture.server("a").dials).as("one before, one since").hasValue(2);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aFailureOfAnotherKindDoesNotShortenTheWindow(boolean dropped) {
        fixture.open(c -> c.withMaxChannelsPerConnection(1));
        fixture.lease("a");
        fixture.server("a").nextDialsFail.add(FakeConnectionFactory::rejected);
        fixture.server("a")
                .nextDialsFail
                .add(dropped ? FakeConnectionFactory::dropped : FakeConnectionFactory::unreachable);
        fixture.server("a").dialTakes = Duration.ofSeconds(1);
        fixture.acquiring("a");
        fixture.server("a").dialTakes = Duration.ofSeconds(2);
        fixture.acquiring("a");
        assertThat(fixture.server("a").dialing).hasValue(2);
        fixture.advance(Duration.ofSeconds(1));
        assertThat(fixture.server("a").dialing).as("the other is under way yet").hasValue(1);
        fixture.server("a").kill();
        fixture.advance(Duration.ofSeconds(1));
        fixture.advance(Duration.ofSeconds(58));
        assertThat(fixture.failureOf(fixture.acquiring("a"))).isInstanceOf(SshAuthenticationException.class);
        assertThat(fixture.server("a").dials).hasValue(3);
        fixture.advance(Duration.ofSeconds(1));
        assertThat(fixture.acquiring("a")).isNotDone();
        assertThat(fixture.server("a").dials).hasValue(4);
    }

    @Test
    void aDialUnderWayAtAnEvictionBeginsNoWindowWhenItIsRejected() {
        fixture.open(c -> c);
        fixture.server("a").nextDialsFail.add(FakeConnectionFactory::rejected);
        fixture.server("a").dialTakes = Duration.ofSeconds(1);
        CompletableFuture<SshLease> waiter = fixture.acquiring("a");
        fixture.pool.evict("a");
        fixture.advance(Duration.ofSeconds(2));
        assertThat(waiter).isCompletedWithValueMatching(SshLease::isConnected);
        assertThat(fixture.server("a").dials).hasValue(2);
    }
}
