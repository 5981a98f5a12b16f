package io.sshpool.impl.config;

import static io.sshpool.impl.config.Reads.FINGERPRINT;
import static io.sshpool.impl.config.Reads.KEY;
import static io.sshpool.impl.config.Reads.problems;
import static io.sshpool.impl.config.Reads.reader;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sshpool.SshConfigException;
import io.sshpool.spi.Credential;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Agents, certificates, and values that change while the application runs. */
class AgentSettingsTest {

    private static final String WEB = "sshpool.target.web.";
    private static final String PUBLIC = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGJ deploy@laptop";
    private static final String CERTIFICATE = "ssh-ed25519-cert-v01@openssh.com AAAAIHNzaC1l";

    @TempDir
    Path folder;

    private Path socket;
    private ServerSocketChannel agent;

    @BeforeEach
    void listen() throws IOException {
        socket = folder.resolve("agent");
        agent = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        agent.bind(UnixDomainSocketAddress.of(socket));
    }

    @AfterEach
    void close() throws IOException {
        agent.close();
    }

    private static PlainConfig web(String... more) {
        return PlainConfig.of(WEB + "host=web1", WEB + "user=deploy", WEB + "host-key-fingerprint=" + FINGERPRINT)
                .with(more);
    }

    private static List<Credential> credentials(PlainConfig config) {
        Settings settings = reader(config).read();
        return settings.credentials().credentials(settings.targets().get(0));
    }

    @Test
    void anAgentIsNamedByItsSocket() {
        assertThat(credentials(web(WEB + "agent=" + socket)))
                .containsExactly(new Credential.Agent(socket, Optional.empty()));
    }

    @Test
    void trueIsTheAgentOfTheEnvironment() {
        assertThat(credentials(web(WEB + "agent=true", "SSH_AUTH_SOCK=" + socket)))
                .containsExactly(new Credential.Agent(socket, Optional.empty()));
    }

    @Test
    void falseTakesTheDefaultsAgentAway() {
        assertThat(credentials(web("sshpool.defaults.agent=" + socket, WEB + "agent=false", WEB + "password=p")))
                .containsExactly(new Credential.Password("p"));
    }

    @Test
    void aPublicKeyNamesTheOneToUse() {
        assertThat(credentials(web(WEB + "agent=" + socket, WEB + "private-key=" + PUBLIC)))
                .containsExactly(new Credential.Agent(socket, Optional.of(PUBLIC)));
    }

    @Test
    void aCertificateNamesItsKeyInTheAgent() {
        assertThat(credentials(web(WEB + "agent=" + socket, WEB + "certificate=" + CERTIFICATE)))
                .containsExactly(new Credential.Agent(socket, Optional.of(CERTIFICATE)));
    }

    @Test
    void aPrivateKeyComesBeforeTheAgentAndThePasswordAfterIt() {
        assertThat(credentials(web(WEB + "agent=" + socket, WEB + "private-key=" + KEY, WEB + "password=p")))
                .containsExactly(
                        new Credential.PrivateKey(KEY, Optional.empty()),
                        new Credential.Agent(socket, Optional.empty()),
                        new Credential.Password("p"));
    }

    @Test
    void aCertificateIsReadFromItsFileAtEachCall() throws IOException {
        Path file = Files.writeString(folder.resolve("id-cert.pub"), CERTIFICATE + "\n");
        Settings settings = reader(web(WEB + "private-key=" + KEY, WEB + "certificate=file:" + file))
                .read();
        Files.writeString(file, CERTIFICATE + "renewed\n");

        assertThat(settings.credentials().credentials(settings.targets().get(0)))
                .containsExactly(
                        new Credential.PrivateKey(KEY, Optional.empty(), Optional.of(CERTIFICATE + "renewed")));
    }

    @Test
    void whatIsWrongIsFoundAtStart() {
        assertThat(problems(reader(web(WEB + "agent=true"))))
                .containsExactly(
                        WEB + "agent is true, but SSH_AUTH_SOCK is not set; start an ssh-agent, or name its socket");
        assertThat(problems(reader(web(WEB + "agent=" + folder.resolve("gone")))))
                .containsExactly(WEB + "agent names a socket that does not exist: " + folder.resolve("gone"));
        assertThat(problems(reader(web(WEB + "agent=" + folder))))
                .containsExactly(WEB + "agent names something that is no socket: " + folder);
        assertThat(problems(reader(web(WEB + "certificate=" + CERTIFICATE, WEB + "password=p"))))
                .containsExactly(
                        WEB + "private-key is missing: a certificate needs its private key, here or in an agent");
        assertThat(problems(reader(web(WEB + "private-key=" + PUBLIC))))
                .containsExactly(WEB + "private-key: not a private key");
    }

    @Test
    void aSecretOfAConfigSourceIsReadAnewAtEachCall() {
        Map<String, String> values = new HashMap<>(web(WEB + "password=first").values());
        Settings settings = reader(PlainConfig.over(values)).read();

        values.put(WEB + "password", "second");
        assertThat(settings.credentials().credentials(settings.targets().get(0)))
                .containsExactly(new Credential.Password("second"));

        values.remove(WEB + "password");
        assertThatThrownBy(() ->
                        settings.credentials().credentials(settings.targets().get(0)))
                .isInstanceOf(SshConfigException.class)
                .hasMessage(WEB + "password is not set any more");
    }
}
