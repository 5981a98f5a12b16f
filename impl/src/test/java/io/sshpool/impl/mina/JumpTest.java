package io.sshpool.impl.mina;

import static org.assertj.core.api.Assertions.assertThat;

import io.sshpool.Command;
import io.sshpool.ConnectionLostException;
import io.sshpool.ExecResult;
import io.sshpool.HostKeyException;
import io.sshpool.SshConfigException;
import io.sshpool.SshConnectException;
import io.sshpool.SshConnectException.Kind;
import io.sshpool.SshConnectException.Phase;
import io.sshpool.impl.pool.ConnectionFactoryContract;
import io.sshpool.spi.ConnectionFactory;
import io.sshpool.spi.Execution;
import io.sshpool.spi.HostKeyPolicy;
import io.sshpool.spi.SshConnection;
import io.sshpool.spi.Target;
import io.sshpool.spi.Trust;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.SocketAddress;
import java.security.PublicKey;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.sshd.client.session.ClientSession;
import org.apache.sshd.common.util.net.SshdSocketAddress;
import org.apache.sshd.server.forward.AcceptAllForwardingFilter;
import org.apache.sshd.server.forward.DirectTcpipFactory;
import org.apache.sshd.server.forward.ForwardingFilter;
import org.apache.sshd.server.forward.RejectAllForwardingFilter;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
final class JumpTest {

    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final List<AutoCloseable> open = new ArrayList<>();
    private final EmbeddedServer outer = closing(jumpHost(AcceptAllForwardingFilter.INSTANCE));
    private final EmbeddedServer inner = closing(new EmbeddedServer());
    private final Rig rig = closing(Rig.plain());

    @AfterEach
    void closeAll() throws Exception {
        for (AutoCloseable each : open) {
            each.close();
        }
    }

    @Test
    void aCommandRunsThroughAJumpHost() {
        SshConnection connection = through(rig.connect(outer.port()), inner.port());

        assertThat(run(connection, "echo hello").stdout()).isEqualTo("hello\n");
        assertThat(inner.attempts()).containsExactly("password");
    }

    @Test
    void severalHopsLeadOneThroughTheOther() {
        EmbeddedServer second = closing(jumpHost(AcceptAllForwardingFilter.INSTANCE));
        SshConnection hop = through(rig.connect(outer.port()), second.port());

        assertThat(run(through(hop, inner.port()), "echo far").stdout()).isEqualTo("far\n");
    }

    @Test
    void moreThanTheWindowsHoldGoesThroughBothWays() {
        SshConnection connection = through(rig.connect(outer.port()), inner.port());
        byte[] much = new byte[8 << 20];
        for (int i = 0; i < much.length; i++) {
            much[i] = (byte) (i * 31 + i / 4096);
        }

        ExecResult result = run(
                connection,
                Command.shell("cat").stdin(much).maxOutput(much.length).timeout(PATIENCE));

        assertThat(result.stdoutBytes()).isEqualTo(much);
    }

    @Test
    void aRekeyOfTheJumpHostThatStallsParksNobodyWhoWritesThroughIt() throws Exception {
        FaultProxy proxy = closing(new FaultProxy(outer.port()));
        SshConnection jump = rig.connect(proxy.port());
        SshConnection connection = through(jump, inner.port());
        proxy.stopAfter(50, FaultProxy.Fault.STALL);
        jump.unwrap(ClientSession.class).orElseThrow().reExchangeKeys();

        CompletableFuture<?> probe = CompletableFuture.runAsync(connection::probe);
        CompletableFuture<?> more = CompletableFuture.runAsync(connection::probe);

        assertThat(probe).succeedsWithin(PATIENCE);
        assertThat(more).succeedsWithin(PATIENCE);
        jump.abort();
        ConnectionFactoryContract.await(connection.closed());
    }

    @Test
    void theNameIsResolvedByTheJumpHost() {
        List<SshdSocketAddress> asked = new ArrayList<>();
        EmbeddedServer noting = closing(jumpHost(new AcceptAllForwardingFilter() {
            @Override
            protected boolean checkAcceptance(
                    String request, org.apache.sshd.common.session.Session session, SshdSocketAddress target) {
                asked.add(target);
                return false;
            }
        }));
        SshConnection jump = rig.connect(noting.port());

        failure(jump, target("only-there.internal", 2022));

        assertThat(asked).extracting(SshdSocketAddress::getHostName).containsExactly("only-there.internal");
    }

    @Test
    void theEndOfTheJumpConnectionIsTheEndOfWhatGoesThroughIt() {
        SshConnection jump = rig.connect(outer.port());
        SshConnection connection = through(jump, inner.port());
        Execution running = connection.execute(Command.shell("sleep 30"));
        inner.awaitCommands(1);

        jump.abort();

        assertThat(ConnectionFactoryContract.failureOf(running.result().toCompletableFuture()))
                .isInstanceOf(ConnectionLostException.class);
        connection
                .closed()
                .toCompletableFuture()
                .orTimeout(10, TimeUnit.SECONDS)
                .join();
        assertThat(connection.isOpen()).isFalse();
        inner.awaitConnections(0);
    }

    @Test
    void theEndOfTheServerIsNotTheEndOfTheJumpConnection() {
        SshConnection jump = rig.connect(outer.port());
        SshConnection connection = through(jump, inner.port());

        inner.killConnections();

        connection
                .closed()
                .toCompletableFuture()
                .orTimeout(10, TimeUnit.SECONDS)
                .join();
        assertThat(jump.isOpen()).isTrue();
        assertThat(run(through(jump, inner.port()), "echo again").stdout()).isEqualTo("again\n");
    }

    @Test
    void aClosedConnectionLeavesNothingBehindAtTheServer() {
        SshConnection jump = rig.connect(outer.port());
        SshConnection closed = through(jump, inner.port());
        SshConnection aborted = through(jump, inner.port());
        inner.awaitConnections(2);

        closed.close();
        aborted.abort();

        inner.awaitConnections(0);
        assertThat(jump.isOpen()).isTrue();
    }

    @Test
    void aConnectThatIsCancelledIsClosed() {
        SshConnection jump = rig.connect(outer.port());
        inner.stallAuthentication();
        CompletableFuture<SshConnection> connecting =
                rig.factory().connect(target("127.0.0.1", inner.port()), PATIENCE, jump);
        inner.awaitAuthentications(1);

        connecting.cancel(true);

        inner.awaitConnections(0);
        assertThat(jump.isOpen()).isTrue();
    }

    @Test
    void aJumpHostThatForbidsItIsNamed() {
        EmbeddedServer strict = closing(jumpHost(RejectAllForwardingFilter.INSTANCE));

        SshConnectException failure = failure(rig.connect(strict.port()), target("127.0.0.1", inner.port()));

        assertIs(failure, Phase.TCP, Kind.INCOMPATIBLE);
        assertThat(failure).hasMessageContaining("AllowTcpForwarding");
    }

    @Test
    void aServerThatTheJumpHostCannotReachIsNamed() throws IOException {
        int port;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = socket.getLocalPort();
        }

        SshConnectException failure = failure(rig.connect(outer.port()), target("127.0.0.1", port));

        assertIs(failure, Phase.TCP, Kind.UNREACHABLE);
        assertThat(failure).hasMessageContaining("127.0.0.1:" + port);
    }

    @Test
    void aJumpConnectionThatIsGoneIsTriedAgainSoon() {
        SshConnection jump = rig.connect(outer.port());
        jump.abort();

        SshConnectException failure = failure(jump, target("127.0.0.1", inner.port()));

        assertIs(failure, Phase.TCP, Kind.TRANSIENT);
    }

    @Test
    void theHostKeyIsThatOfTheServerNotOfTheJumpHost() {
        Rig suspicious = closing(Rig.trusting(new OnlyTheJumpHost()));
        SshConnection jump =
                ConnectionFactoryContract.await(suspicious.factory().connect(jumpTarget(outer.port()), PATIENCE));

        Throwable failure = ConnectionFactoryContract.failureOf(
                suspicious.factory().connect(target("127.0.0.1", inner.port()), PATIENCE, jump));

        assertThat(failure).isInstanceOf(HostKeyException.class);
    }

    @Test
    void aFactoryThatKnowsNoJumpHostsSaysSo() {
        ConnectionFactory simple = new ConnectionFactory() {
            @Override
            public CompletableFuture<SshConnection> connect(Target target, Duration timeout) {
                return new CompletableFuture<>();
            }

            @Override
            public Object revision(Target target) {
                return "";
            }

            @Override
            public void close() {}
        };

        Throwable failure = ConnectionFactoryContract.failureOf(
                simple.connect(target("web", 22), PATIENCE, rig.connect(outer.port())));

        assertThat(failure).isInstanceOf(SshConfigException.class).hasMessageContaining("proxy-jump of inner");
    }

    /** Trusts no other, whatever key it has. */
    private static final class OnlyTheJumpHost implements HostKeyPolicy {
        private final FixedHostKeys everybody = FixedHostKeys.trusting(EmbeddedServer.ED25519);

        @Override
        public void verify(Target target, SocketAddress address, PublicKey key) {
            (target.name().equals("build") ? everybody : FixedHostKeys.trustingNobody()).verify(target, address, key);
        }

        @Override
        public List<String> knownKeyTypes(Target target) {
            return everybody.knownKeyTypes(target);
        }

        @Override
        public Object revision(Target target) {
            return "";
        }
    }

    private static EmbeddedServer jumpHost(ForwardingFilter filter) {
        EmbeddedServer server = new EmbeddedServer();
        server.mina().setChannelFactories(List.of(new LimitedChannels(() -> 10), DirectTcpipFactory.INSTANCE));
        server.mina().setForwardingFilter(filter);
        return server;
    }

    private SshConnection through(SshConnection jump, int port) {
        return ConnectionFactoryContract.await(rig.factory().connect(target("127.0.0.1", port), PATIENCE, jump));
    }

    private SshConnectException failure(SshConnection jump, Target target) {
        return (SshConnectException)
                ConnectionFactoryContract.failureOf(rig.factory().connect(target, PATIENCE, jump));
    }

    private static void assertIs(SshConnectException failure, Phase phase, Kind kind) {
        assertThat(failure.phase()).as(failure.getMessage()).isEqualTo(phase);
        assertThat(failure.kind()).as(failure.getMessage()).isEqualTo(kind);
        assertThat(failure.target()).isEqualTo("inner");
        assertThat(failure).hasMessageContaining("inner").hasMessageContaining("through the jump host build");
    }

    private static ExecResult run(SshConnection connection, String command) {
        return run(connection, Command.shell(command));
    }

    private static ExecResult run(SshConnection connection, Command command) {
        return ConnectionFactoryContract.await(
                connection.execute(command).result().toCompletableFuture());
    }

    private static Target jumpTarget(int port) {
        return FixedHostKeys.target(port);
    }

    private static Target target(String host, int port) {
        return new Target(
                "inner", true, EmbeddedServer.USER, host, port, Trust.NOBODY, Target.Limits.NONE, false, false);
    }

    private <T extends AutoCloseable> T closing(T fixture) {
        open.add(0, fixture);
        return fixture;
    }
}
