package io.sshpool.it.openssh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.sshpool.HostKeyException;
import io.sshpool.SshPool;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@ExtendWith(NothingLeft.class)
class HostKeyIT {

    private static final String ACCEPT_NEW = "sshpool.target.build.host-key-checking=accept-new";

    private Folder keys;
    private PrivateSshd sshd;
    private Path stranger;

    @BeforeEach
    void startServerWithTwoKeys() {
        keys = Folder.temporary("keys");
        sshd = PrivateSshd.start("HostKey=" + Keys.make(keys.path("ecdsa"), "ecdsa"), "LogLevel=DEBUG1");
        stranger = Keys.make(keys.path("stranger"), "ed25519");
    }

    @AfterEach
    void stopServer() {
        sshd.close();
        keys.close();
    }

    @Test
    void an_unknown_host_is_shown_no_credential_until_it_becomes_known() {
        sshd.knowOnly("");
        try (SshPool pool = Pools.open(sshd.target("build"))) {
            assertThatThrownBy(() -> pool.execute("build", "true"))
                    .isInstanceOf(HostKeyException.class)
                    .hasMessageContaining(sshd.knownHosts().toString());
            assertThatThrownBy(() -> pool.execute("build", "true")).isInstanceOf(HostKeyException.class);
            assertThat(sshd.connects()).isEqualTo(1);
            assertThat(logIns()).isZero();

            sshd.trust(sshd.hostKey());

            await().atMost(Duration.ofSeconds(20)).until(() -> succeeds(pool));
            assertThat(logIns()).isPositive();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"strict", "accept-new"})
    void a_host_with_another_key_than_is_known_is_shown_no_credential(String checking) {
        sshd.knowOnly(sshd.knownHostsLine(stranger));
        String before = sshd.knownHostsLine(stranger) + "\n";
        try (SshPool pool = Pools.open(sshd.target("build"), "sshpool.target.build.host-key-checking=" + checking)) {
            assertThatThrownBy(() -> pool.execute("build", "true"))
                    .isInstanceOf(HostKeyException.class)
                    .hasMessageContaining(Keys.fingerprint(stranger))
                    .hasMessageContaining(Keys.fingerprint(sshd.hostKey()))
                    .hasMessageContaining(sshd.knownHosts() + ":1");
            assertThat(logIns()).isZero();
            assertThat(sshd.knownHosts()).hasContent(before.strip());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"strict", "accept-new"})
    void a_revoked_key_is_refused_though_the_host_is_known_by_it(String checking) {
        sshd.knowOnly(sshd.knownHostsLine(sshd.hostKey()) + "\n@revoked * " + Keys.publicLine(sshd.hostKey()));
        try (SshPool pool = Pools.open(sshd.target("build"), "sshpool.target.build.host-key-checking=" + checking)) {
            assertThatThrownBy(() -> pool.execute("build", "true"))
                    .isInstanceOf(HostKeyException.class)
                    .hasMessageContaining("revoked")
                    .hasMessageContaining(Keys.fingerprint(sshd.hostKey()));
            assertThat(logIns()).isZero();
        }
    }

    @Test
    void one_of_the_servers_key_types_is_enough_whichever_it_is() {
        Path rsa = Keys.make(keys.path("rsa"), "rsa");
        try (PrivateSshd server = PrivateSshd.start("HostKey=" + keys.path("ecdsa"), "HostKey=" + rsa)) {
            for (Path known : List.of(rsa, keys.path("ecdsa"), server.hostKey())) {
                server.trust(known);
                try (SshPool pool = Pools.open(server.target("build"))) {
                    assertThat(pool.execute("build", "true").isSuccess()).isTrue();
                }
            }
        }
    }

    @Test
    void names_hashed_by_ssh_keygen_are_found() throws IOException {
        Shell.run("ssh-keygen", "-q", "-H", "-f", sshd.knownHosts().toString());
        assertThat(Files.readString(sshd.knownHosts())).startsWith("|1|").doesNotContain("127.0.0.1");
        try (SshPool pool = Pools.open(sshd.target("build"))) {
            assertThat(pool.execute("build", "true").isSuccess()).isTrue();
        }
    }

    @Test
    void accept_new_adds_one_line_however_often_and_by_however_many_a_host_is_met() throws IOException {
        Files.delete(sshd.knownHosts());
        String[] configuration = {
            sshd.target("build"),
            ACCEPT_NEW,
            sshd.target("deploy"),
            "sshpool.target.deploy.host-key-checking=accept-new",
            "sshpool.max-channels-per-connection=1"
        };
        for (int i = 0; i < 2; i++) {
            try (SshPool pool = Pools.open(configuration)) {
                Crowd.succeed(8, caller -> () -> pool.execute(caller % 2 == 0 ? "build" : "deploy", "sleep 0.1"));
                assertThat(pool.stats().created()).isGreaterThan(1);
            }
        }
        assertThat(Files.readAllLines(sshd.knownHosts()))
                .singleElement()
                .satisfies(line -> assertThat(
                                Stream.of(sshd.hostKey(), keys.path("ecdsa")).map(sshd::knownHostsLine))
                        .contains(line));
        try (SshPool strict = Pools.open(sshd.target("build"))) {
            assertThat(strict.execute("build", "true").isSuccess()).isTrue();
        }
    }

    @Test
    void a_fingerprint_is_trusted_without_a_file() {
        String line = "sshpool.target.build.host-key-fingerprint=";
        String known = "sshpool.target.build.known-hosts=";
        try (SshPool pool = Pools.open(sshd.target("build"), known, line + Keys.fingerprint(sshd.hostKey()))) {
            assertThat(pool.execute("build", "true").isSuccess()).isTrue();
        }
        try (SshPool pool = Pools.open(sshd.target("build"), known, line + Keys.fingerprint(stranger))) {
            assertThatThrownBy(() -> pool.execute("build", "true"))
                    .isInstanceOf(HostKeyException.class)
                    .hasMessageContaining(Keys.fingerprint(stranger));
        }
    }

    @Test
    void a_certificate_of_a_known_authority_is_trusted() {
        Path authority = Keys.make(keys.path("ca"), "ed25519");
        Path host = Keys.make(keys.path("certified"), "ed25519");
        Shell.run("ssh-keygen", "-q", "-s", authority.toString(), "-I", "host", "-h", "-n", "127.0.0.1", host + ".pub");
        try (PrivateSshd certified =
                PrivateSshd.start("HostKey=" + host, "HostCertificate=" + host + "-cert.pub", "LogLevel=DEBUG1")) {
            certified.knowOnly("@cert-authority [127.0.0.1]:" + certified.port() + " " + Keys.publicLine(authority));
            try (SshPool pool = Pools.open(certified.target("build"))) {
                assertThat(pool.execute("build", "true").isSuccess()).isTrue();
            }
            certified.knowOnly("@cert-authority [127.0.0.1]:" + certified.port() + " " + Keys.publicLine(stranger));
            try (SshPool pool = Pools.open(certified.target("build"))) {
                assertThatThrownBy(() -> pool.execute("build", "true")).isInstanceOf(HostKeyException.class);
            }
        }
    }

    /** Log-ins that were begun, a wrong credential or none included. */
    private long logIns() {
        return sshd.count("userauth-request");
    }

    private static boolean succeeds(SshPool pool) {
        try {
            return pool.execute("build", "true").isSuccess();
        } catch (HostKeyException e) {
            return false;
        }
    }
}
