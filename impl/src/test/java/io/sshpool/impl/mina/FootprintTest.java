package io.sshpool.impl.mina;

import static io.sshpool.impl.pool.ConnectionFactoryContract.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.sshpool.Command;
import io.sshpool.PoolClosedException;
import io.sshpool.spi.Credential;
import io.sshpool.spi.SshConnection;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.Provider;
import java.security.Security;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.apache.sshd.client.session.ClientSession;
import org.apache.sshd.common.config.keys.KeyUtils;
import org.apache.sshd.common.config.keys.writer.openssh.OpenSSHKeyPairResourceWriter;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a factory leaves behind: nothing. */
@Timeout(60)
final class FootprintTest {

    @Test
    void theJvmsSecurityProvidersStayAsTheyWere() throws Exception {
        Provider[] before = Security.getProviders();
        KeyPair key = KeyUtils.generateKeyPair("ssh-ed25519", 256);
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        OpenSSHKeyPairResourceWriter.INSTANCE.writePrivateKey(key, "test", null, text);
        try (EmbeddedServer server = new EmbeddedServer();
                Rig rig = Rig.showing(
                        new Credential.PrivateKey(text.toString(StandardCharsets.US_ASCII), Optional.empty()))) {
            server.authorize(key.getPublic());

            SshConnection connection = rig.connect(server.port());
            assertThat(await(connection.execute(Command.shell("true")).result()).isSuccess())
                    .isTrue();
        }

        assertThat(Security.getProviders()).containsExactly(before);
        assertThat(Security.getProvider(BouncyCastleProvider.PROVIDER_NAME)).isNull();
    }

    @Test
    void anApplicationsOwnBouncyCastleIsNoHindrance() {
        Provider own = new BouncyCastleProvider();
        Security.addProvider(own);
        try (EmbeddedServer server = new EmbeddedServer();
                Rig rig = Rig.plain()) {
            rig.connect(server.port());
        } finally {
            assertThat(Security.getProvider(BouncyCastleProvider.PROVIDER_NAME)).isSameAs(own);
            Security.removeProvider(BouncyCastleProvider.PROVIDER_NAME);
        }
    }

    @Test
    void aClosedFactoryHasNoThread() throws InterruptedException {
        try (EmbeddedServer server = new EmbeddedServer()) {
            Set<Thread> before = Thread.getAllStackTraces().keySet();
            Set<Thread> ours;
            try (Rig rig = Rig.plain()) {
                for (int i = 0; i < 5; i++) {
                    rig.connect(server.port()).execute(Command.shell("sleep 60"));
                }
                server.awaitCommands(5);
                ours = Thread.getAllStackTraces().keySet().stream()
                        .filter(thread -> !before.contains(thread))
                        .filter(thread ->
                                thread.getName().matches("sshpool-.*|SshClient.*|sshd-SshClient.*|kex-flusher.*"))
                        .collect(Collectors.toSet());
                assertThat(ours).isNotEmpty();
            }
            for (Thread thread : ours) {
                // Idle workers, and MINA's thread for the end of a key exchange, last some seconds.
                thread.join(TimeUnit.SECONDS.toMillis(12));
                assertThat(thread.isAlive()).as(thread.getName()).isFalse();
            }
        }
    }

    @Test
    void aFactoryThatNeverConnectedClosesToo() {
        Rig rig = Rig.plain();

        rig.close();

        assertThat(rig.failure(PoolClosedException.class, 22, Duration.ofSeconds(1)))
                .hasMessageContaining("build");
    }

    @Test
    void aConnectionOffersItsSessionAndNothingElse() {
        try (EmbeddedServer server = new EmbeddedServer();
                Rig rig = Rig.plain()) {
            SshConnection connection = rig.connect(server.port());

            assertThat(connection.unwrap(ClientSession.class)).isPresent();
            assertThat(connection.unwrap(List.class)).isEmpty();
        }
    }
}
