package io.sshpool.impl.mina;

import static org.assertj.core.api.Assertions.assertThat;

import io.sshpool.HostKeyException;
import io.sshpool.SshConnectException.Kind;
import io.sshpool.impl.pool.ConnectionFactoryContract;
import io.sshpool.spi.Target;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.apache.sshd.common.config.keys.OpenSshCertificate;
import org.apache.sshd.common.keyprovider.FileKeyPairProvider;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A server that shows a host certificate, reached by its name, which DNS does not know. */
@Timeout(30)
final class CertifiedServerTest {

    private static final Duration LONG = Duration.ofSeconds(10);
    private static final String NAME = "web.example.org";

    @TempDir
    Path folder;

    private final EmbeddedServer server = new EmbeddedServer();
    private final Rig rig = Rig.reaching(new KnownHostsPolicy());
    private HostKeys keys;
    private String authority;
    private String host;
    private Path file;

    @BeforeEach
    void makeKeys() throws IOException {
        keys = new HostKeys(folder);
        authority = keys.make("ca", "ed25519");
        host = keys.make("host", "ed25519");
        file = folder.resolve("known_hosts");
        know("@cert-authority *.example.org " + authority);
        server.mina().setKeyPairProvider(new FileKeyPairProvider(folder.resolve("host")));
    }

    @AfterEach
    void close() {
        rig.close();
        server.close();
    }

    @Test
    void a_certificate_of_a_known_authority_lets_us_connect_by_name() {
        show("ca", "-h", "-n", NAME);

        assertThat(ConnectionFactoryContract.await(rig.factory().connect(target(), LONG))
                        .isOpen())
                .isTrue();
    }

    @Test
    void an_expired_certificate_is_refused_as_such() {
        show("ca", "-h", "-n", NAME, "-V", "20200101:20200102");

        assertThat(refusal()).hasMessageContaining("expired at 2020");
    }

    @Test
    void a_certificate_for_another_host_is_refused_as_such() {
        show("ca", "-h", "-n", "127.0.0.1");

        assertThat(refusal()).hasMessageContaining("for 127.0.0.1, not for " + NAME);
    }

    @Test
    void a_certificate_with_a_signature_by_sha1_is_refused_as_such() throws IOException {
        know("@cert-authority *.example.org " + keys.make("old", "rsa"));
        show("old", "-t", "ssh-rsa", "-h", "-n", NAME);

        assertThat(refusal()).hasMessageContaining("no valid signature");
    }

    @Test
    void a_server_whose_certificate_has_expired_is_known_by_its_key_if_that_is_listed() throws IOException {
        know("@cert-authority * " + authority, "[" + NAME + "]:" + server.port() + " " + host);
        show("ca", "-h", "-n", NAME, "-V", "20200101:20200102");

        assertThat(ConnectionFactoryContract.await(rig.factory().connect(target(), LONG))
                        .isOpen())
                .isTrue();
    }

    private void know(String... lines) throws IOException {
        Files.write(file, List.of(lines));
    }

    private void show(String signer, String... options) {
        OpenSshCertificate certificate = (OpenSshCertificate) keys.certify(signer, "host", options);
        server.mina().setHostKeyCertificateProvider(session -> List.of(certificate));
    }

    private HostKeyException refusal() {
        HostKeyException failure = rig.failure(HostKeyException.class, target(), LONG);
        assertThat(failure.kind()).isEqualTo(Kind.REJECTED);
        assertThat(server.attempts()).isEmpty();
        return failure;
    }

    private Target target() {
        return HostKeys.strict(NAME, server.port(), file);
    }
}
