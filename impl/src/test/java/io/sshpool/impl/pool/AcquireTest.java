package io.sshpool.impl.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sshpool.AcquireTimeoutException;
import io.sshpool.SshConfigException;
import io.sshpool.SshConnectException;
import io.sshpool.SshLease;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;

@ExtendWith(NothingLeftBehind.class)
class AcquireTest {

    @RegisterExtension
    final PoolFixture fixture = new PoolFixture();

    @Test
    void theFirstAcquireDials() {
        fixture.open(c -> c);
        SshLease lease = fixture.lease("a");
        assertThat(lease.target()).isEqualTo("a");
        assertThat(lease.isConnected()).isTrue();
        assertThat(fixture.server("a").dials).hasValue(1);
        assertThat(fixture.pool.stats().created()).isEqualTo(1);
        assertThat(fixture.pool.stats().reused()).isZero();
    }

    @Test
    void aBlockingAcquireWaitsForItsDial() {
        fixture.open(c -> c);
        fixture.server("a").dialTakes = Duration.ofSeconds(3);
        PoolFixture.Call<SshLease> call = fixture.call(() -> fixture.pool.acquire("a"));
        fixture.advance(Duration.ofSeconds(2));
        assertThat(call.result).isNotDone();
        fixture.advance(Duration.ofSeconds(1));
        assertThat(fixture.finish(call).result.join().isConnected()).isTrue();
    }

    @Test
    void waitersAreServedInTheOrderOfArrival() {
        fixture.open(c -> c.withMaxConnections(1).withMaxChannelsPerConnection(1));
        SshLease held = fixture.lease("a");
        List<CompletableFuture<SshLease>> waiters = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            waiters.add(fixture.acquiring("a"));
        }
        for (CompletableFuture<SshLease> next : waiters) {
            assertThat(waiters.stream().filter(CompletableFuture::isDone)).doesNotContain(next);
            fixture.close(held);
            held = fixture.valueOf(next);
        }
        assertThat(fixture.server("a").dials).hasValue(1);
    }

    @Test
    void anAcquireThatRunsOutOfTimeSaysWhatThePoolWasDoing() {
        fixture.open(
                c -> c.withMaxConnections(1).withMaxChannelsPerConnection(2).withAcquireTimeout(Duration.ofSeconds(5)));
        fixture.lease("a");
        fixture.lease("a");
        CompletableFuture<SshLease> waiter = fixture.acquiring("a");
        fixture.advance(Duration.ofMillis(4999));
        assertThat(waiter).isNotDone();
        fixture.advance(Duration.ofMillis(1));
        assertThat(fixture.failureOf(waiter))
                .isInstanceOf(AcquireTimeoutException.class)
                .hasMessageContaining("no connection to a within 5000 ms")
                .hasMessageContaining("connections: 1 of 1 (1 used, 0 idle, 0 connecting, 0 closing)")
                .hasMessageContaining("2 channels in use");
        assertThat(fixture.pool.stats().timeouts()).isEqualTo(1);
        assertThat(fixture.pool.stats().waiting()).isZero();
    }

    @Test
    void aTimeoutCarriesTheLastFailureToConnect() {
        fixture.open(c -> c.withAcquireTimeout(Duration.ofSeconds(1)));
        fixture.server("a").dialsFail = Optional.of(FakeConnectionFactory::dropped);
        CompletableFuture<SshLease> waiter = fixture.acquiring("a");
        fixture.advance(Duration.ofSeconds(1));
        assertThat(fixture.failureOf(waiter))
                .isInstanceOf(AcquireTimeoutException.class)
                .hasMessageContaining("last failure to connect: dropped by the server")
                .hasCauseInstanceOf(SshConnectException.class);
    }

    @Test
    void aZeroTimeoutTakesOnlyWhatIsFreeNow() {
        fixture.open(c -> c);
        fixture.server("a").dialTakes = Duration.ofSeconds(1);
        assertThat(fixture.failureOf(fixture.pool.acquireAsync("a", Duration.ZERO)))
                .isInstanceOf(AcquireTimeoutException.class);
        fixture.advance(Duration.ofSeconds(1));
        assertThat(fixture.valueOf(fixture.pool.acquireAsync("a", Duration.ZERO))
                        .isConnected())
                .isTrue();
    }

    @Test
    void beyondMaxWaitersAnAcquireFailsAtOnce() {
        fixture.open(
                c -> c.withMaxConnections(1).withMaxChannelsPerConnection(1).withMaxWaiters(2));
        SshLease held = fixture.lease("a");
        CompletableFuture<SshLease> first = fixture.acquiring("a");
        CompletableFuture<SshLease> second = fixture.acquiring("a");
        assertThat(fixture.failureOf(fixture.acquiring("a")))
                .isInstanceOf(AcquireTimeoutException.class)
                .hasMessageContaining("sshpool.max-waiters")
                .hasMessageContaining("2 waiting");
        fixture.close(held);
        fixture.close(fixture.valueOf(first));
        fixture.close(fixture.valueOf(second));
    }

    @Test
    void aDialOutlivesTheCallerThatGaveUp() {
        fixture.open(c -> c);
        fixture.server("a").dialTakes = Duration.ofSeconds(3);
        CompletableFuture<SshLease> impatient =
                fixture.pool.acquireAsync("a", Duration.ofSeconds(1)).toCompletableFuture();
        fixture.settle();
        CompletableFuture<SshLease> patient = fixture.acquiring("a");
        fixture.advance(Duration.ofSeconds(1));
        assertThat(fixture.failureOf(impatient)).isInstanceOf(AcquireTimeoutException.class);
        fixture.advance(Duration.ofSeconds(2));
        assertThat(fixture.valueOf(patient).isConnected()).isTrue();
        assertThat(fixture.server("a").dials).hasValue(1);
    }

    @Test
    void aMalformedKeyDialsNothing() {
        fixture.open(c -> c);
        assertThatThrownBy(() -> fixture.pool.acquire("-oProxyCommand=x@h")).isInstanceOf(SshConfigException.class);
        assertThat(fixture.failureOf(fixture.acquiring("a@b@c"))).isInstanceOf(SshConfigException.class);
        assertThatThrownBy(() -> fixture.pool.requestLease("nobody")).isInstanceOf(SshConfigException.class);
        assertThat(fixture.factory.servers()).isEmpty();
    }

    @Test
    void anEndlessTimeoutIsNoError() {
        fixture.open(c -> c);
        CompletableFuture<SshLease> lease = fixture.pool
                .acquireAsync("a", Duration.ofSeconds(Long.MAX_VALUE))
                .toCompletableFuture();
        fixture.settle();
        assertThat(fixture.valueOf(lease).isConnected()).isTrue();
    }
}
