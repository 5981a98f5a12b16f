package io.sshpool.it.openssh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.sshpool.Command;
import io.sshpool.ExecResult;
import io.sshpool.SshConfigException;
import io.sshpool.SshPool;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** User certificates for a server that trusts an authority and knows no key. */
@ExtendWith(NothingLeft.class)
class CertificateIT {

    private Folder folder;
    private Path authority;
    private Path key;
    private PrivateSshd sshd;

    @BeforeEach
    void start() {
        folder = Folder.temporary("certificates");
        authority = Keys.make(folder.path("authority"), "ed25519");
        key = Keys.make(folder.path("key"), "ed25519");
        sshd = PrivateSshd.start("TrustedUserCAKeys=" + authority + ".pub", "AuthorizedKeysFile=none");
    }

    @AfterEach
    void stop() {
        sshd.close();
        folder.close();
    }

    private String[] target() {
        return new String[] {
            sshd.targetWithoutCredential("build"),
            "sshpool.target.build.private-key=file:" + key,
            "sshpool.target.build.certificate=file:" + key + "-cert.pub"
        };
    }

    @ParameterizedTest
    @ValueSource(strings = {"ed25519", "ecdsa", "rsa"})
    void a_certificate_logs_in(String type) {
        key = Keys.make(folder.path("key-" + type), type);
        Keys.certify(authority, key, "-1m:+1h");

        try (SshPool pool = Pools.open(target())) {
            assertThat(pool.execute("build", "true").isSuccess()).isTrue();
        }
        assertThat(sshd.log()).contains("Accepted certificate ID");
        assertThat(sshd.failedAttempts()).isZero();
    }

    @Test
    void a_certificate_in_an_agent_logs_in() {
        Keys.certify(authority, key, "-1m:+1h");
        try (TestAgent agent = TestAgent.start()) {
            agent.add(key);
            String[] target = {sshd.targetWithoutCredential("build"), "sshpool.target.build.agent=" + agent.socket()};
            try (SshPool pool = Pools.open(target)) {
                assertThat(pool.execute("build", "true").isSuccess()).isTrue();
            }
        }
        assertThat(sshd.failedAttempts()).isZero();
    }

    @Test
    void a_certificate_in_a_file_logs_in_with_its_key_in_an_agent() {
        try (TestAgent agent = TestAgent.start()) {
            agent.add(Keys.make(folder.path("other"), "ed25519"), key);
            Keys.certify(authority, key, "-1m:+1h");
            String[] target = {
                sshd.targetWithoutCredential("build"),
                "sshpool.target.build.agent=" + agent.socket(),
                "sshpool.target.build.certificate=file:" + key + "-cert.pub"
            };
            try (SshPool pool = Pools.open(target)) {
                assertThat(pool.execute("build", "true").isSuccess()).isTrue();
            }
        }
        assertThat(sshd.failedAttempts()).isZero();
    }

    @Test
    void a_connection_ends_with_its_certificate_and_a_renewed_one_opens_the_next() {
        Keys.certify(authority, key, "-1m:+8s");
        try (SshPool pool = Pools.open(target())) {
            pool.execute("build", "true");
            assertThat(sshd.sessions()).isPositive();

            await().atMost(Duration.ofSeconds(30))
                    .until(() -> pool.stats().connections().isEmpty());

            long connects = sshd.connects();
            assertThatThrownBy(() -> pool.execute("build", "true"))
                    .isInstanceOf(SshConfigException.class)
                    .hasMessageContaining("expired at 20")
                    .hasMessageContaining("was not shown to the server");
            assertThat(sshd.connects()).isEqualTo(connects);
            assertThat(sshd.failedAttempts()).isZero();

            Keys.certify(authority, key, "-1m:+1h");

            await().atMost(Duration.ofSeconds(30)).until(() -> succeeds(pool));
        }
    }

    @Test
    void a_command_that_runs_when_the_certificate_expires_is_left_in_peace() {
        Keys.certify(authority, key, "-1m:+8s");
        try (SshPool pool = Pools.open(target())) {
            CompletionStage<ExecResult> running = pool.executeAsync("build", Command.shell("sleep 10; echo done"));

            assertThat(running.toCompletableFuture().join().stdout()).isEqualTo("done\n");

            await().atMost(Duration.ofSeconds(30))
                    .until(() -> pool.stats().connections().isEmpty());
        }
    }

    @Test
    void a_certificate_of_another_key_is_found_at_start() {
        Path other = Keys.make(folder.path("other"), "ed25519");
        Keys.certify(authority, other, "-1m:+1h");
        String[] target = {
            sshd.targetWithoutCredential("build"),
            "sshpool.target.build.private-key=file:" + key,
            "sshpool.target.build.certificate=file:" + other + "-cert.pub"
        };
        assertThatThrownBy(() -> Pools.open(target))
                .isInstanceOf(SshConfigException.class)
                .hasMessageContaining("sshpool.target.build.certificate: the certificate is for another key");
    }

    private static boolean succeeds(SshPool pool) {
        try {
            return pool.execute("build", "true").isSuccess();
        } catch (SshConfigException e) {
            return false;
        }
    }
}
