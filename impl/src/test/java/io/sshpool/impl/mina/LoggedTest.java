package io.sshpool.impl.mina;

import static io.sshpool.impl.pool.ConnectionFactoryContract.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.sshpool.Command;
import io.sshpool.ExecResult;
import io.sshpool.spi.SshConnection;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.logging.Level;
import org.apache.sshd.client.session.ClientSession;
import org.apache.sshd.common.kex.extension.KexExtensionHandler;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What MINA, and our classes on top of it, write to the log. */
@Timeout(60)
final class LoggedTest {

    private static final String OURS = "io.sshpool";
    private static final String MINAS = "org.apache.sshd";

    private final EmbeddedServer server = new EmbeddedServer();

    @AfterEach
    void close() {
        server.close();
    }

    // Three times, so that one of them is whole in a dump of so many bytes a line.
    private static String canary(String name) {
        return (name + "Qx7").repeat(3);
    }

    private static void assertSilentOn(List<String> lines, String... names) {
        assertThat(lines).isNotEmpty().allSatisfy(line -> {
            String dense = line.replaceAll("[ :]", "").toLowerCase(Locale.ROOT);
            for (String name : names) {
                byte[] bytes = (name + "Qx7").getBytes(StandardCharsets.US_ASCII);
                assertThat(line).doesNotContain(name + "Qx7");
                assertThat(dense).doesNotContain(HexFormat.of().formatHex(bytes));
            }
        });
    }

    private void runWithCanaries() {
        try (Rig rig = Rig.plain()) {
            SshConnection connection = rig.connect(server.port());
            Command command = Command.shell("cat; : " + canary("text"))
                    .env("A", canary("env"))
                    .stdin(canary("stdin"));

            ExecResult result = await(connection.execute(command).result());

            assertThat(result.stdout()).isEqualTo(canary("stdin"));
        }
    }

    @Test
    void noLevelOfOurLoggerShowsTextEnvironmentInputOutputOrPassword() {
        try (Records ours = new Records(OURS, Level.FINEST)) {
            runWithCanaries();

            assertSilentOn(ours.lines(), "text", "env", "stdin");
            assertThat(ours.lines()).noneMatch(line -> line.contains(EmbeddedServer.PASSWORD));
        }
    }

    @Test
    void debugOfMinaShowsThemNeither() {
        try (Records minas = new Records(MINAS, Level.FINE)) {
            runWithCanaries();

            assertSilentOn(minas.lines(), "text", "env", "stdin");
        }
    }

    @Test
    void plannedClosesAndLostConnectionsLeaveNoLine() {
        try (Records ours = new Records(OURS, Level.INFO);
                Records minas = new Records(MINAS, Level.INFO);
                Rig rig = Rig.plain()) {
            SshConnection closed = rig.connect(server.port());
            await(closed.execute(Command.shell("true")).result());
            await(closed.close());

            SshConnection killed = rig.connect(server.port());
            server.killConnections();
            await(killed.closed());

            try (FaultProxy proxy = new FaultProxy(server.port())) {
                SshConnection reset = rig.connect(proxy.port());
                proxy.strike(FaultProxy.Fault.RESET, 0);
                await(reset.closed());
            }

            assertThat(ours.lines()).isEmpty();
            assertThat(minas.lines()).isEmpty();
        }
    }

    @Test
    void whatOpenSshAnnouncesAtEachConnectLeavesNoLine() throws Exception {
        try (Records minas = new Records(MINAS, Level.INFO);
                Rig rig = Rig.plain()) {
            ClientSession session =
                    rig.connect(server.port()).unwrap(ClientSession.class).orElseThrow();
            KexExtensionHandler handler = session.getKexExtensionHandler();

            assertThat(handler.handleKexExtensionRequest(
                            session, 0, 1, "publickey-hostbound@openssh.com", new byte[] {'0'}))
                    .isTrue();

            assertThat(minas.lines()).isEmpty();
        }
    }

    @Test
    void theCryptographyProviderLeavesNoLine() {
        try (Records ours = new Records(OURS, Level.INFO)) {
            Providers.UnnamedBouncyCastle provider = new Providers.UnnamedBouncyCastle();
            assertThat(provider.isSupported()).isTrue();
            assertThat(provider.getSecurityProvider()).isNotNull();

            assertThat(ours.lines()).isEmpty();
        }
    }
}
