package io.sshpool.impl.mina;

import static org.assertj.core.api.Assertions.assertThat;

import io.sshpool.impl.pool.ConnectionFactoryContract;
import io.sshpool.spi.Forward;
import io.sshpool.spi.Forwarding;
import io.sshpool.spi.SshConnection;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.sshd.common.session.Session;
import org.apache.sshd.common.util.net.SshdSocketAddress;
import org.apache.sshd.server.forward.AcceptAllForwardingFilter;
import org.apache.sshd.server.global.CancelTcpipForwardHandler;
import org.apache.sshd.server.global.TcpipForwardHandler;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
final class RemoteForwarderTest {

    @Test
    void aConnectionToOneTunnelThatComesBeforeTheAnswerToTheNextHoldsNobodyUp() throws IOException {
        AtomicInteger asked = new AtomicInteger();
        AtomicInteger first = new AtomicInteger();
        AtomicReference<Socket> client = new AtomicReference<>();
        try (EmbeddedServer server = new EmbeddedServer();
                Rig rig = Rig.plain();
                ServerSocket here = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            server.mina()
                    .setGlobalRequestHandlers(
                            List.of(TcpipForwardHandler.INSTANCE, CancelTcpipForwardHandler.INSTANCE));
            server.mina().setForwardingFilter(new AcceptAllForwardingFilter() {
                @Override
                public boolean canListen(SshdSocketAddress address, Session session) {
                    if (asked.incrementAndGet() == 2) {
                        client.set(connect(first.get(), here));
                    }
                    return true;
                }
            });
            SshConnection connection = rig.connect(server.port());
            Forwarding tunnel =
                    new Forwarding(Forwarding.Direction.REMOTE, "127.0.0.1", 0, "127.0.0.1", here.getLocalPort());
            Forward one = ConnectionFactoryContract.await(connection.forward(tunnel));
            first.set(one.address().getPort());

            long start = System.nanoTime();
            Forward other = ConnectionFactoryContract.await(connection.forward(tunnel));

            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(5));
            for (Forward each : List.of(one, other)) {
                each.close();
                ConnectionFactoryContract.await(each.closed());
            }
            client.get().close();
        }
    }

    /** Connects, and waits until the connection has come through, as far as it does. */
    private static Socket connect(int port, ServerSocket here) {
        try {
            Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
            here.setSoTimeout(3_000);
            here.accept().close();
            return socket;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
