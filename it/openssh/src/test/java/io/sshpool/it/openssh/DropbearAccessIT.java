package io.sshpool.it.openssh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.sshpool.Command;
import io.sshpool.ConnectionLostException;
import io.sshpool.ExecResult;
import io.sshpool.HostKeyException;
import io.sshpool.PoolStats.CloseReason;
import io.sshpool.SshAuthenticationException;
import io.sshpool.SshPool;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** How a pool gets in to dropbear, and what it does when that fails. The first word of a test's name is its feature in README's table. */
@ExtendWith(NothingLeft.class)
class DropbearAccessIT {

    private static final String PASSWORD = "hush";

    private static Dropbear dropbear;

    private long accepted;
    private long connects;

    @BeforeAll
    static void startServer() {
        dropbear = Dropbear.start(PASSWORD);
    }

    @AfterAll
    static void stopServer() {
        dropbear.close();
    }

    @BeforeEach
    void count() {
        accepted = dropbear.accepted();
        connects = dropbear.connects();
    }

    private long logIns() {
        return dropbear.accepted() - accepted;
    }

    private static void assertRuns(SshPool pool) {
        assertThat(pool.execute("build", "echo in").stdout()).isEqualTo("in\n");
    }

    // ---- credentials

    @Test
    void credentials_may_be_a_password() {
        String target = dropbear.targetWithoutCredential("build");
        try (SshPool pool = Pools.open(target, "sshpool.target.build.password=" + PASSWORD)) {
            assertRuns(pool);
        }
        assertThat(logIns()).isEqualTo(1);
        try (SshPool pool = Pools.open(target, "sshpool.target.build.password=wrong")) {
            for (int i = 0; i < 3; i++) {
                assertThatThrownBy(() -> pool.execute("build", "true")).isInstanceOf(SshAuthenticationException.class);
            }
        }
        assertThat(dropbear.count("Bad password attempt")).isEqualTo(1);
    }

    @Test
    void credentials_may_be_a_key_of_any_type() {
        for (String type : new String[] {"ed25519", "ecdsa", "rsa"}) {
            Path key = Keys.make(dropbear.path("of-" + type), type);
            dropbear.authorize(key);
            try (SshPool pool = Pools.open(
                    dropbear.targetWithoutCredential("build"), "sshpool.target.build.private-key=file:" + key)) {
                assertRuns(pool);
            } finally {
                dropbear.authorize(dropbear.userKey());
            }
        }
        assertThat(logIns()).isEqualTo(3);
    }

    @Test
    void agent_keys_log_in() {
        try (TestAgent agent = TestAgent.start()) {
            agent.add(Keys.make(dropbear.path("stranger"), "ed25519"), dropbear.userKey());
            try (SshPool pool = Pools.open(
                    dropbear.targetWithoutCredential("build"), "sshpool.target.build.agent=" + agent.socket())) {
                assertRuns(pool);
            }
        }
        assertThat(logIns()).isEqualTo(1);
    }

    @Test
    void config_of_ssh_is_enough() throws IOException {
        Path config = Files.writeString(dropbear.path("config"), """
                Host build
                  HostName 127.0.0.1
                  Port %d
                  User %s
                  IdentityFile %s
                  UserKnownHostsFile %s
                """.formatted(
                        dropbear.port(), dropbear.user().name(), dropbear.userKey(), dropbear.knownHosts()));
        try (SshPool pool = Pools.open("sshpool.ssh-config=" + config)) {
            assertRuns(pool);
        }
        assertThat(logIns()).isEqualTo(1);
    }

    // ---- host keys

    @Test
    void hostkeys_that_are_unknown_or_changed_are_refused_before_a_credential_is_shown() throws IOException {
        Path other = Keys.make(dropbear.path("other"), "ed25519");
        String changed = "[127.0.0.1]:" + dropbear.port() + " " + Keys.publicLine(other) + "\n";
        for (String line : new String[] {"", changed}) {
            Path known = Files.writeString(dropbear.path("known"), line);
            try (SshPool pool = Pools.open(dropbear.target("build"), "sshpool.target.build.known-hosts=" + known)) {
                assertThatThrownBy(() -> pool.execute("build", "true")).isInstanceOf(HostKeyException.class);
            }
        }
        assertThat(dropbear.connects() - connects).isEqualTo(2);
        assertThat(logIns()).isZero();
    }

    @Test
    void hostkeys_that_are_new_are_kept() {
        Path known = dropbear.path("kept");
        for (String checking : new String[] {"accept-new", "strict"}) {
            try (SshPool pool = Pools.open(
                    dropbear.target("build"),
                    "sshpool.target.build.known-hosts=" + known,
                    "sshpool.target.build.host-key-checking=" + checking)) {
                assertRuns(pool);
            }
        }
        assertThat(known).hasContent(dropbear.knownHostsLine().strip());
    }

    // ---- faults

    @Test
    void faults_of_an_idle_connection_are_not_seen() {
        try (SshPool pool = Pools.open(
                dropbear.target("build"),
                "sshpool.validation-interval=100ms",
                "sshpool.validation-timeout=500ms",
                "sshpool.max-connections=1")) {
            assertRuns(pool);
            dropbear.killConnections();
            assertRuns(pool);
            dropbear.freezeConnections();
            await().until(() -> pool.stats().connections().stream()
                    .allMatch(row -> row.idle().toMillis() > 150));
            assertRuns(pool);
            assertThat(pool.stats().closed()).containsEntry(CloseReason.UNHEALTHY, 1L);
        }
        assertThat(logIns()).isEqualTo(3);
        dropbear.killConnections();
    }

    @Test
    void faults_in_mid_command_lose_the_command_and_nothing_else() {
        try (SshPool pool = Pools.open(dropbear.target("build"))) {
            CompletableFuture<ExecResult> running = pool.executeAsync(
                            "build", Command.shell("echo run >> runs; exec sleep 60"))
                    .toCompletableFuture();
            Path runs = dropbear.user().home().resolve("runs");
            await().until(() -> Files.exists(runs) && Files.size(runs) > 0);

            dropbear.killConnections();

            assertThat(Crowd.failure(running)).isInstanceOf(ConnectionLostException.class);
            assertRuns(pool);
            assertThat(runs).hasContent("run");
        }
    }

    /** Dropbear drops whom it does not know yet when there are more than five of one address. */
    @Test
    void faults_of_a_busy_server_are_not_seen() {
        try (SshPool pool = Pools.open(
                dropbear.target("build"), "sshpool.max-connections=10", "sshpool.max-channels-per-connection=1")) {
            assertRuns(pool);
            Crowd.succeed(10, caller -> () -> pool.execute("build", "sleep 0.5").orThrow());
            assertThat(pool.stats().created()).isGreaterThan(1);
        }
    }

    @Test
    void faults_of_silence_are_told_from_a_long_command() {
        try (SshPool pool = Pools.open(
                dropbear.target("build"), "sshpool.keep-alive-interval=1s", "sshpool.keep-alive-count-max=5")) {
            // were the heartbeats not answered, the connection would be given up before
            assertThat(pool.execute("build", "sleep 8; echo on").stdout()).isEqualTo("on\n");
        }
        assertThat(logIns()).isEqualTo(1);
    }
}
