package io.sshpool.impl.mina;

import static org.assertj.core.api.Assertions.assertThat;

import io.sshpool.SshConnectException;
import io.sshpool.SshConnectException.Kind;
import io.sshpool.SshConnectException.Phase;
import io.sshpool.impl.pool.ConnectionFactoryContract;
import io.sshpool.spi.Credential;
import io.sshpool.spi.SshConnection;
import io.sshpool.spi.Target;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.apache.sshd.common.NamedFactory;
import org.apache.sshd.common.kex.BuiltinDHFactories;
import org.apache.sshd.server.ServerBuilder;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The rows of "Reaching the server" that one connect can show. */
@Timeout(30)
final class ReachingTheServerTest {

    private static final Duration SHORT = Duration.ofMillis(700);
    private static final Duration LONG = Duration.ofSeconds(10);
    private static final Duration EPSILON = Duration.ofSeconds(3);

    private final List<AutoCloseable> open = new ArrayList<>();

    @AfterEach
    void closeAll() throws Exception {
        for (AutoCloseable each : open) {
            each.close();
        }
    }

    private <T extends AutoCloseable> T closing(T fixture) {
        open.add(0, fixture);
        return fixture;
    }

    private SshConnectException failureAt(int port, Duration timeout) {
        return closing(Rig.plain()).failure(SshConnectException.class, port, timeout);
    }

    private static void assertIs(SshConnectException failure, Phase phase, Kind kind) {
        assertThat(failure.phase()).as(failure.getMessage()).isEqualTo(phase);
        assertThat(failure.kind()).as(failure.getMessage()).isEqualTo(kind);
        assertThat(failure.target()).isEqualTo("build");
    }

    @Test
    void aClosedPortFailsAtOnce() throws IOException {
        int port;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = socket.getLocalPort();
        }
        long start = System.nanoTime();

        SshConnectException failure = failureAt(port, LONG);

        assertIs(failure, Phase.TCP, Kind.UNREACHABLE);
        assertThat(failure).hasMessageContaining("refused").hasMessageContaining("127.0.0.1:" + port);
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(2));
    }

    @Test
    void aNameThatIsNotKnownFailsInDns() {
        Rig rig = closing(Rig.resolving(host -> {
            throw new UnknownHostException(host);
        }));

        SshConnectException failure = rig.failure(SshConnectException.class, named("nowhere.invalid", 22), LONG);

        assertIs(failure, Phase.DNS, Kind.UNREACHABLE);
        assertThat(failure).hasMessageContaining("nowhere.invalid");
    }

    @Test
    void aSlowNameEndsWithTheTimeoutAndHoldsNobodyUp() {
        EmbeddedServer server = closing(new EmbeddedServer());
        CountDownLatch answer = new CountDownLatch(1);
        closing(answer::countDown);
        Rig rig = closing(Rig.resolving(host -> {
            if (host.equals("slow.invalid")) {
                awaitQuietly(answer);
            }
            return new InetAddress[] {InetAddress.getLoopbackAddress()};
        }));
        List<CompletableFuture<SshConnection>> slow = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            slow.add(rig.factory().connect(named("slow.invalid", server.port()), SHORT));
        }

        assertThat(rig.connect(server.port()).isOpen()).isTrue();

        for (CompletableFuture<SshConnection> each : slow) {
            SshConnectException failure = (SshConnectException) ConnectionFactoryContract.failureOf(each);
            assertIs(failure, Phase.DNS, Kind.UNREACHABLE);
        }
    }

    @Test
    void aSlowCredentialProviderEndsWithTheTimeout() {
        CountDownLatch answer = new CountDownLatch(1);
        closing(answer::countDown);
        Rig rig = closing(Rig.asking(target -> {
            awaitQuietly(answer);
            return List.<Credential>of();
        }));

        SshConnectException failure = rig.failure(SshConnectException.class, 22, SHORT);

        assertIs(failure, Phase.AUTH, Kind.UNREACHABLE);
        assertThat(failure).hasMessageContaining("credentials");
    }

    @Test
    void anAddressThatRefusesMakesWayForTheNext() {
        EmbeddedServer server = closing(new EmbeddedServer());
        Rig rig = closing(Rig.resolving(
                host -> new InetAddress[] {InetAddress.getByName("127.0.0.2"), InetAddress.getByName("127.0.0.1")}));

        assertThat(rig.connect(server.port()).isOpen()).isTrue();
    }

    @Test
    void anAddressThatSwallowsEverythingLeavesTimeForTheNext() throws IOException {
        EmbeddedServer server = closing(new EmbeddedServer());
        InetAddress hole = InetAddress.getByName("127.0.0.3");
        closing(new ServerSocket(server.port(), 5, hole));
        Rig rig = closing(Rig.resolving(host -> new InetAddress[] {hole, InetAddress.getLoopbackAddress()}));

        SshConnection connection = ConnectionFactoryContract.await(
                rig.factory().connect(FixedHostKeys.target(server.port()), Duration.ofSeconds(2)));

        assertThat(connection.isOpen()).isTrue();
    }

    @Test
    void silenceInPlaceOfABannerEndsWithTheTimeout() {
        RawServer silent = closing(new RawServer("", RawServer.Then.HOLD));
        long start = System.nanoTime();

        SshConnectException failure = failureAt(silent.port(), SHORT);

        assertIs(failure, Phase.BANNER, Kind.UNREACHABLE);
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isBetween(SHORT, SHORT.plus(EPSILON));
        silent.awaitDepartures(1);
    }

    @Test
    void halfABannerEndsWithTheTimeout() {
        RawServer halting = closing(new RawServer("SSH-2.0-Open", RawServer.Then.HOLD));

        assertIs(failureAt(halting.port(), SHORT), Phase.BANNER, Kind.UNREACHABLE);

        halting.awaitDepartures(1);
    }

    @Test
    void anEndBeforeTheBannerIsTransient() {
        RawServer server = closing(new RawServer("", RawServer.Then.CLOSE));

        assertIs(failureAt(server.port(), LONG), Phase.BANNER, Kind.TRANSIENT);
    }

    @Test
    void aResetBeforeTheBannerIsTransient() {
        RawServer server = closing(new RawServer("", RawServer.Then.RESET));

        // The reset comes before, while or after the connect is noticed.
        for (int i = 0; i < 30; i++) {
            SshConnectException failure = failureAt(server.port(), LONG);

            assertThat(failure.kind()).as(failure.getMessage()).isEqualTo(Kind.TRANSIENT);
        }
    }

    @Test
    void aResetAfterTheBannerIsTransient() {
        RawServer server = closing(new RawServer("SSH-2.0-x\r\n", RawServer.Then.RESET));

        assertThat(failureAt(server.port(), LONG).kind()).isEqualTo(Kind.TRANSIENT);
    }

    @ParameterizedTest
    @ValueSource(strings = {"Exceeded MaxStartups", "Not allowed at this time"})
    void sshdWithTooManyConnectionsIsTransient(String answer) {
        RawServer server = closing(new RawServer(answer + "\r\n", RawServer.Then.CLOSE));

        SshConnectException failure = failureAt(server.port(), LONG);

        assertIs(failure, Phase.BANNER, Kind.TRANSIENT);
        assertThat(failure).hasMessageContaining(answer).hasMessageContaining("MaxStartups");
        assertThat(failure.isRetryable()).isTrue();
    }

    @Test
    void anotherProtocolIsNamedByItsFirstLine() {
        RawServer http = closing(new RawServer("HTTP/1.1 400 Bad\u001b[31m Request\r\n\r\n", RawServer.Then.CLOSE));

        SshConnectException failure = failureAt(http.port(), LONG);

        assertIs(failure, Phase.BANNER, Kind.INCOMPATIBLE);
        assertThat(failure).hasMessageContaining("\"HTTP/1.1 400 Bad?[31m Request\"");
        assertThat(failure.isRetryable()).isFalse();
        http.awaitDepartures(1);
    }

    @Test
    void anotherProtocolThatWaitsForUsIsNamedToo() {
        RawServer smtp = closing(new RawServer("220 mail.invalid ESMTP\r\n", RawServer.Then.HOLD));

        SshConnectException failure = failureAt(smtp.port(), SHORT);

        assertIs(failure, Phase.BANNER, Kind.INCOMPATIBLE);
        assertThat(failure).hasMessageContaining("220 mail.invalid ESMTP");
        smtp.awaitDepartures(1);
    }

    @Test
    void bytesThatAreNoTextAreNoBanner() {
        RawServer mysql =
                closing(new RawServer(new byte[] {74, 0, 0, 0, 10, 56, 46, 48, 0, 10}, 1, RawServer.Then.HOLD));

        assertIs(failureAt(mysql.port(), LONG), Phase.BANNER, Kind.INCOMPATIBLE);
        mysql.awaitDepartures(1);
    }

    @Test
    void linesWithoutEndBeforeABannerAreNotReadForEver() {
        byte[] line = "welcome to this machine\r\n".getBytes(StandardCharsets.US_ASCII);
        RawServer endless = closing(new RawServer(line, 10_000, RawServer.Then.HOLD));

        assertIs(failureAt(endless.port(), LONG), Phase.BANNER, Kind.INCOMPATIBLE);
        endless.awaitDepartures(1);
    }

    @Test
    void aKeyExchangeThatStallsEndsWithTheTimeout() {
        EmbeddedServer server = closing(new EmbeddedServer());
        FaultProxy proxy = closing(new FaultProxy(server.port()));
        proxy.stopAfter(300, FaultProxy.Fault.STALL);

        assertIs(failureAt(proxy.port(), SHORT), Phase.KEX, Kind.UNREACHABLE);
    }

    @Test
    void anEndDuringTheKeyExchangeIsTransient() {
        EmbeddedServer server = closing(new EmbeddedServer());
        FaultProxy proxy = closing(new FaultProxy(server.port()));
        proxy.stopAfter(300, FaultProxy.Fault.END);

        assertIs(failureAt(proxy.port(), LONG), Phase.KEX, Kind.TRANSIENT);
    }

    @Test
    void aKeyExchangeWithNothingInCommonNamesBothOffers() {
        EmbeddedServer server = closing(new EmbeddedServer());
        server.mina()
                .setKeyExchangeFactories(NamedFactory.setUpTransformedFactories(
                        false,
                        List.of(BuiltinDHFactories.fromFactoryName("diffie-hellman-group14-sha1")),
                        ServerBuilder.DH2KEX));

        SshConnectException failure = failureAt(server.port(), LONG);

        assertIs(failure, Phase.KEX, Kind.INCOMPATIBLE);
        assertThat(failure)
                .hasMessageContaining("curve25519-sha256")
                .hasMessageContaining("diffie-hellman-group14-sha1")
                .hasMessageContaining("legacy-algorithms");
        server.awaitConnections(0);
    }

    @Test
    void aLegacyTargetTakesWeakAlgorithms() {
        EmbeddedServer server = closing(new EmbeddedServer());
        server.mina()
                .setKeyExchangeFactories(NamedFactory.setUpTransformedFactories(
                        false,
                        List.of(BuiltinDHFactories.fromFactoryName("diffie-hellman-group14-sha1")),
                        ServerBuilder.DH2KEX));
        Target plain = FixedHostKeys.target(server.port());
        Target legacy = new Target(
                plain.name(),
                true,
                plain.user(),
                plain.host(),
                plain.port(),
                plain.trust(),
                plain.limits(),
                true,
                false);

        assertThat(ConnectionFactoryContract.await(
                                closing(Rig.plain()).factory().connect(legacy, LONG))
                        .isOpen())
                .isTrue();
    }

    @Test
    void aServerThatHangsUpOnACredentialIsNotTriedSoonAgain() {
        EmbeddedServer server = closing(new EmbeddedServer());
        server.stallAuthentication();
        CompletableFuture<SshConnection> dial =
                closing(Rig.plain()).factory().connect(FixedHostKeys.target(server.port()), LONG);
        server.awaitAuthentications(1);

        server.killConnections();

        SshConnectException failure = (SshConnectException) ConnectionFactoryContract.failureOf(dial);
        assertIs(failure, Phase.AUTH, Kind.UNREACHABLE);
        assertThat(failure).hasMessageContaining("is the account locked, expired");
    }

    @Test
    void abandonedHandshakesLeaveNoSocket() {
        RawServer silent = closing(new RawServer("SSH-2.0-silent\r\n", RawServer.Then.HOLD));
        Rig rig = closing(Rig.plain());
        for (int round = 0; round < 5; round++) {
            List<CompletableFuture<SshConnection>> dials = new ArrayList<>();
            for (int i = 0; i < 30; i++) {
                dials.add(rig.factory().connect(FixedHostKeys.target(silent.port()), LONG));
            }
            silent.awaitArrivals(30);
            dials.forEach(dial -> dial.cancel(false));
            silent.awaitDepartures(30);
        }
    }

    @Test
    void aHandshakeAbandonedAtAnyMomentLeavesNoSocket() {
        RawServer silent = closing(new RawServer("SSH-2.0-silent\r\n", RawServer.Then.HOLD));
        Rig rig = closing(Rig.plain());
        for (int i = 0; i < 400; i++) {
            CompletableFuture<SshConnection> dial = rig.factory().connect(FixedHostKeys.target(silent.port()), LONG);
            long until = System.nanoTime() + i * 5_000L;
            while (System.nanoTime() < until) {
                Thread.onSpinWait();
            }
            dial.cancel(false);
        }
        // Behind those that a worker has still to begin, and will not.
        rig.failure(SshConnectException.class, silent.port(), SHORT);

        silent.awaitNobody();
    }

    @Test
    void deadHostsDoNotHoldUpOthers() throws IOException {
        EmbeddedServer server = closing(new EmbeddedServer());
        // A full backlog: the kernel answers no further SYN.
        ServerSocket full = closing(new ServerSocket(0, 1, InetAddress.getLoopbackAddress()));
        Rig rig = closing(Rig.plain());
        for (int i = 0; i < 12; i++) {
            rig.factory().connect(FixedHostKeys.target(full.getLocalPort()), LONG);
        }
        long start = System.nanoTime();

        rig.connect(server.port());

        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(3));
    }

    private static Target named(String host, int port) {
        Target plain = FixedHostKeys.target(port);
        return new Target(plain.name(), true, plain.user(), host, port, plain.trust(), plain.limits(), false, false);
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
