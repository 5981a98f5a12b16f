package io.sshpool.impl.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sshpool.LeaseClosedException;
import io.sshpool.SshClient;
import io.sshpool.SshLease;
import io.sshpool.Tunnel;
import io.sshpool.impl.telemetry.FanOut;
import io.sshpool.spi.Forwarding;
import io.sshpool.spi.PoolListener;
import io.sshpool.spi.Target;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;

@ExtendWith(NothingLeftBehind.class)
class TunnelTest {

    @RegisterExtension
    final PoolFixture fixture = new PoolFixture();

    private Tunnel open(SshClient client) {
        return fixture.finish(fixture.call(() -> client.forwardLocal(0, "db", 5432)))
                .result
                .join();
    }

    @Test
    void aTunnelTellsItsPortAndTakesNoSlot() {
        fixture.open(c -> c.withMaxConnections(1).withMaxChannelsPerConnection(2));
        SshLease lease = fixture.lease("a");
        Tunnel tunnel = open(lease);
        assertThat(tunnel.port()).isEqualTo(40_000);
        assertThat(tunnel.address().getHostString()).isEqualTo("127.0.0.1");
        assertThat(tunnel.isOpen()).isTrue();
        assertThat(fixture.onlyConnection().channels()).isEqualTo(1);
        assertThat(fixture.acquiring("a")).isCompleted();
    }

    @Test
    void aRequestLeaseDoesNotGiveWayWhileATunnelIsOpen() {
        fixture.open(c -> c.withMaxConnections(1).withMaxChannelsPerConnection(1));
        SshLease request = fixture.pool.requestLease("a");
        Tunnel tunnel = open(request);
        assertThat(fixture.valueOf(request.executeAsync("echo on")).stdout()).isEqualTo("on\n");
        CompletableFuture<SshLease> waiter = fixture.acquiring("a");
        fixture.advance(Duration.ofSeconds(20));
        assertThat(waiter).isNotDone();

        tunnel.close();
        tunnel.close();
        fixture.settle();

        assertThat(waiter).isCompleted();
        assertThat(tunnel.isOpen()).isFalse();
        request.close();
    }

    @Test
    void aTunnelEndsWithItsLeaseAndTheConnectionStays() {
        fixture.open(c -> c);
        SshLease lease = fixture.lease("a");
        Tunnel tunnel = open(lease);
        fixture.close(lease);
        assertThat(tunnel.isOpen()).isFalse();
        assertThatThrownBy(() -> lease.forwardDynamic(0)).isInstanceOf(LeaseClosedException.class);
        assertThat(fixture.onlyConnection().channels()).isZero();
    }

    @Test
    void aTunnelEndsWithItsConnectionAndTheLeaseGoesOn() {
        fixture.open(c -> c);
        SshLease lease = fixture.lease("a");
        Tunnel tunnel = open(lease);
        fixture.server("a").kill();
        fixture.settle();
        assertThat(tunnel.isOpen()).isFalse();
        assertThat(fixture.valueOf(lease.executeAsync("echo on")).stdout()).isEqualTo("on\n");
        assertThat(open(lease).isOpen()).isTrue();
    }

    @Test
    void aListenerHearsOfATunnel() {
        List<String> heard = new ArrayList<>();
        PoolListener listener = new PoolListener() {
            @Override
            public Forward forwarding(Target target, Forwarding forwarding) {
                heard.add("begins " + forwarding.direction());
                return new Forward() {
                    @Override
                    public void opened(int port) {
                        heard.add("opened " + port);
                    }

                    @Override
                    public void closed() {
                        heard.add("closed");
                    }
                };
            }
        };
        fixture.open(c -> c, FanOut.of(List.of(listener, fixture.witness)), PoolFixture.alias("a"));
        open(fixture.lease("a")).close();
        assertThat(heard).containsExactly("begins LOCAL", "opened 40000", "closed");
    }

    @Test
    void aTunnelThatLeadsNowhereIsRefused() {
        fixture.open(c -> c);
        SshLease lease = fixture.lease("a");
        assertThatThrownBy(() -> lease.forwardLocal(0, "", 5432)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> lease.forwardLocal(70_000, "db", 1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> lease.forwardLocal(0, "db", 0)).isInstanceOf(IllegalArgumentException.class);
    }
}
