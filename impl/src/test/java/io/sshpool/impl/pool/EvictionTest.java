package io.sshpool.impl.pool;

import static org.assertj.core.api.Assertions.assertThat;

import io.sshpool.PoolStats.CloseReason;
import io.sshpool.PoolStats.State;
import io.sshpool.SshLease;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;

@ExtendWith(NothingLeftBehind.class)
class EvictionTest {

    @RegisterExtension
    final PoolFixture fixture = new PoolFixture();

    @Test
    void atTheLimitTheLeastRecentlyUsedIdleConnectionOfAnotherTargetMakesRoom() {
        fixture.open(c -> c.withMaxConnections(2));
        fixture.close(fixture.lease("a"));
        fixture.advance(Duration.ofSeconds(1));
        fixture.close(fixture.lease("b"));
        fixture.advance(Duration.ofSeconds(1));
        fixture.close(fixture.lease("a"));
        fixture.advance(Duration.ofSeconds(1));
        fixture.lease("c");
        assertThat(fixture.witness.events).contains("closed b 2 EVICTED");
        assertThat(fixture.server("a").open).hasSize(1);
        assertThat(fixture.server("b").open).isEmpty();
    }

    @Test
    void aConnectionInUseIsNeverEvicted() {
        fixture.open(c -> c.withMaxConnections(1));
        SshLease held = fixture.lease("a");
        CompletableFuture<SshLease> waiter = fixture.acquiring("b");
        fixture.advance(Duration.ofSeconds(29));
        assertThat(held.isConnected()).isTrue();
        assertThat(waiter).isNotDone();
        fixture.close(held);
        assertThat(waiter).isCompleted();
        assertThat(fixture.witness.events).contains("closed a 1 EVICTED");
    }

    @Test
    void theConnectionOfARequestLeaseAtRestIsEvicted() {
        fixture.open(c -> c.withMaxConnections(1));
        SshLease request = fixture.pool.requestLease("a");
        fixture.valueOf(request.executeAsync("true"));
        SshLease other = fixture.lease("b");
        assertThat(fixture.server("a").open).isEmpty();
        fixture.close(other);
        fixture.valueOf(request.executeAsync("true"));
        request.close();
    }

    @Test
    void theOldestWaiterOfAllIsNotStarvedByThoseOfABusyTarget() {
        fixture.open(c -> c.withMaxConnections(1).withMaxChannelsPerConnection(2));
        SshLease first = fixture.lease("a");
        SshLease second = fixture.lease("a");
        CompletableFuture<SshLease> starving = fixture.acquiring("b");
        CompletableFuture<SshLease> later = fixture.acquiring("a");
        fixture.close(first);
        assertThat(later).isNotDone();
        fixture.close(second);
        assertThat(starving).isCompleted();
        assertThat(later).isNotDone();
        fixture.close(starving.join());
        assertThat(later).isCompleted();
    }

    @Test
    void aDrainedConnectionServesOnWhenItsPlaceIsNotNeededAnyMore() {
        fixture.open(c -> c.withMaxConnections(1).withMaxChannelsPerConnection(2));
        SshLease first = fixture.lease("a");
        fixture.lease("a");
        CompletableFuture<SshLease> starving = fixture.acquiring("b");
        CompletableFuture<SshLease> later = fixture.acquiring("a");
        fixture.close(first);
        assertThat(later).isNotDone();
        starving.cancel(true);
        fixture.settle();
        assertThat(later).isCompleted();
    }

    @Test
    void evictRetiresATargetsConnectionsOnceTheyAreUnused() {
        fixture.open(c -> c.withMaxChannelsPerConnection(1));
        SshLease held = fixture.lease("a");
        fixture.close(fixture.lease("a"));
        fixture.lease("b");
        assertThat(fixture.pool.evict("a")).isEqualTo(2);
        fixture.settle();
        assertThat(fixture.server("a").open).hasSize(1);
        assertThat(fixture.server("b").open).hasSize(1);
        assertThat(held.isConnected()).isTrue();
        fixture.close(held);
        assertThat(fixture.server("a").open).isEmpty();
        assertThat(fixture.witness.reasons).containsValue(CloseReason.RETIRED);
        assertThat(fixture.pool.evict("a")).isZero();
    }

    @Test
    void evictRetiresAConnectionThatIsBeingOpened() {
        fixture.open(c -> c);
        fixture.server("a").dialTakes = Duration.ofSeconds(1);
        CompletableFuture<SshLease> waiter = fixture.acquiring("a");
        assertThat(fixture.pool.evict("a")).isEqualTo(1);
        fixture.advance(Duration.ofSeconds(1));
        assertThat(waiter).isNotDone();
        fixture.advance(Duration.ofSeconds(1));
        assertThat(waiter).isCompleted();
        assertThat(fixture.server("a").dials).hasValue(2);
        assertThat(fixture.server("a").open).hasSize(1);
    }

    @Test
    void aPlaceIsFreeASecondAfterItsConnectionWouldNotClose() {
        fixture.open(c -> c.withMaxConnections(1));
        fixture.server("a").closeHangs = true;
        fixture.close(fixture.lease("a"));
        CompletableFuture<SshLease> waiter = fixture.acquiring("b");
        fixture.advance(Duration.ofMillis(999));
        assertThat(waiter).isNotDone();
        assertThat(fixture.onlyConnection().state()).isEqualTo(State.CLOSING);
        fixture.advance(Duration.ofMillis(1));
        assertThat(waiter).isCompleted();
        assertThat(fixture.server("a").connections.get(0).aborts).hasValue(1);
    }

    @Test
    void theOldestUnusedTargetIsForgotten() {
        fixture.open(c -> c.withMaxTargets(2).withMaxConnections(3).withMaxIdleTime(Duration.ofSeconds(1)));
        for (int i = 0; i < 10; i++) {
            fixture.close(fixture.lease("u@h" + i));
            fixture.advance(Duration.ofSeconds(2));
        }
        assertThat(fixture.pool.stats().targets()).isEqualTo(3 + 2);
    }

    @Test
    void aRequestLeaseWhoseTargetWasForgottenBorrowsAgain() {
        fixture.open(c -> c.withMaxTargets(1));
        SshLease request = fixture.pool.requestLease("u@h1");
        fixture.pool.requestLease("u@h2");
        fixture.valueOf(request.executeAsync("true"));
        assertThat(fixture.pool.stats().connections()).hasSize(1);
        assertThat(request.isConnected()).isTrue();
        fixture.close(fixture.lease("u@h1"));
        assertThat(fixture.factory.server("h1:22").dials).hasValue(1);
        request.close();
    }

    @Test
    void aBurstOfTargetsIsForgottenAtTheNextOneThatComes() {
        fixture.open(c -> c.withMaxTargets(10)
                .withMaxConnections(1)
                .withMaxChannelsPerConnection(1)
                .withMaxWaiters(1000));
        SshLease held = fixture.lease("a");
        List<CompletableFuture<SshLease>> burst = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            burst.add(fixture.acquiring("u@h" + i));
        }
        assertThat(fixture.pool.stats().targets())
                .as("none that waits is forgotten")
                .isEqualTo(3 + 200);
        burst.forEach(waiter -> waiter.cancel(true));
        fixture.close(held);
        fixture.close(fixture.lease("u@next"));
        assertThat(fixture.pool.stats().targets()).isEqualTo(3 + 10);
    }
}
