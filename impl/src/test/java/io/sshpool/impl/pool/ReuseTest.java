package io.sshpool.impl.pool;

import static org.assertj.core.api.Assertions.assertThat;

import io.sshpool.PoolStats;
import io.sshpool.SshLease;
import io.sshpool.spi.Target;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;

@ExtendWith(NothingLeftBehind.class)
class ReuseTest {

    @RegisterExtension
    final PoolFixture fixture = new PoolFixture();

    @Test
    void aReleasedConnectionIsUsedAgain() {
        fixture.open(c -> c);
        fixture.close(fixture.lease("a"));
        fixture.close(fixture.lease("a"));
        assertThat(fixture.server("a").dials).hasValue(1);
        assertThat(fixture.witness.events).containsExactly("granted a 1 new", "granted a 1 reused");
        PoolStats stats = fixture.pool.stats();
        assertThat(stats.acquired()).isEqualTo(2);
        assertThat(stats.reused()).isEqualTo(1);
        assertThat(stats.idleConnections()).isEqualTo(1);
        assertThat(stats.connections().get(0).useCount()).isEqualTo(2);
    }

    @Test
    void leasesShareAConnectionUpToItsChannels() {
        fixture.open(c -> c.withMaxChannelsPerConnection(3));
        fixture.lease("a");
        fixture.lease("a");
        fixture.lease("a");
        assertThat(fixture.onlyConnection().channels()).isEqualTo(3);
        fixture.lease("a");
        assertThat(fixture.server("a").dials).hasValue(2);
    }

    @Test
    void withOneChannelALeaseHasItsConnectionForItself() {
        fixture.open(c -> c.withMaxChannelsPerConnection(1));
        fixture.lease("a");
        fixture.lease("a");
        assertThat(fixture.pool.stats().connections()).hasSize(2).allMatch(row -> row.channels() == 1);
    }

    @Test
    void anotherTargetHasConnectionsOfItsOwn() {
        fixture.open(c -> c);
        fixture.close(fixture.lease("a"));
        fixture.lease("b");
        assertThat(fixture.server("a").dials).hasValue(1);
        assertThat(fixture.server("b").dials).hasValue(1);
    }

    @Test
    void spellingsOfOneAddressShareAConnection() {
        fixture.open(c -> c);
        fixture.close(fixture.lease("u@h.example"));
        fixture.close(fixture.lease("u@H.example:22"));
        assertThat(fixture.factory.server("h.example:22").dials).hasValue(1);
        assertThat(fixture.pool.stats().reused()).isEqualTo(1);
    }

    @Test
    void manyWaitersGetAsManyDialsAsTheyNeedOnceTheCredentialIsProven() {
        fixture.open(c -> c.withMaxChannelsPerConnection(4));
        fixture.close(fixture.lease("a"));
        List<CompletableFuture<SshLease>> waiters = new ArrayList<>();
        for (int i = 0; i < 13; i++) {
            waiters.add(fixture.pool.acquireAsync("a").toCompletableFuture());
        }
        fixture.settle();
        assertThat(waiters).allMatch(CompletableFuture::isDone);
        assertThat(fixture.server("a").dials).hasValue(4);
    }

    @Test
    void onlyOneDialUntilTheCredentialIsProven() {
        fixture.open(c -> c.withMaxChannelsPerConnection(1));
        fixture.server("a").dialTakes = Duration.ofSeconds(1);
        for (int i = 0; i < 5; i++) {
            fixture.acquiring("a");
        }
        assertThat(fixture.server("a").dialing).hasValue(1);
        fixture.advance(Duration.ofSeconds(1));
        assertThat(fixture.server("a").dialing).hasValue(4);
    }

    @Test
    void handshakesAtOneTimeAreBoundedPerServerWhoeverLogsIn() {
        fixture.open(c -> c.withMaxConcurrentConnects(2).withMaxConnections(20));
        FakeServer server = fixture.factory.server("h.example:22");
        server.dialTakes = Duration.ofSeconds(1);
        List<CompletableFuture<SshLease>> waiters = new ArrayList<>();
        for (String user : List.of("u1", "u2", "u3", "u4", "u5")) {
            waiters.add(fixture.acquiring(user + "@h.example"));
        }
        assertThat(server.dialing).hasValue(2);
        CompletableFuture<SshLease> elsewhere = fixture.acquiring("a");
        assertThat(elsewhere).isCompleted();
        fixture.advance(Duration.ofSeconds(3));
        assertThat(waiters).allMatch(CompletableFuture::isDone);
        assertThat(server.mostDialing).hasValue(2);
    }

    @Test
    void aTargetMayHaveALimitOfItsOwn() {
        Target.Limits limits = new Target.Limits(
                OptionalInt.of(1),
                OptionalInt.of(2),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                OptionalInt.empty());
        fixture.open(c -> c, PoolFixture.alias("a", limits, false));
        SshLease first = fixture.lease("a");
        fixture.lease("a");
        CompletableFuture<SshLease> third = fixture.acquiring("a");
        assertThat(third).isNotDone();
        assertThat(fixture.server("a").dials).hasValue(1);
        fixture.close(first);
        assertThat(third).isCompleted();
    }

    @Test
    void aLimitPerTargetHoldsThoughThePoolHasRoom() {
        fixture.open(c -> c.withMaxConnectionsPerTarget(2).withMaxChannelsPerConnection(1));
        fixture.lease("a");
        fixture.lease("a");
        assertThat(fixture.acquiring("a")).isNotDone();
        assertThat(fixture.lease("b").isConnected()).isTrue();
    }
}
