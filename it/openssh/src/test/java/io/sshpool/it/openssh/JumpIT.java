package io.sshpool.it.openssh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.sshpool.ConnectionLostException;
import io.sshpool.ExecResult;
import io.sshpool.HostKeyException;
import io.sshpool.PoolStats;
import io.sshpool.SshConnectException;
import io.sshpool.SshConnectException.Kind;
import io.sshpool.SshLease;
import io.sshpool.SshPool;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Servers behind others: {@code inner} is reached through {@code middle}, {@code middle} through {@code outer}. */
@ExtendWith(NothingLeft.class)
@Timeout(120)
class JumpIT {

    private static final Duration SOON = Duration.ofSeconds(10);

    private PrivateSshd outer;
    private PrivateSshd middle;
    private PrivateSshd inner;

    @BeforeEach
    void startServers() {
        outer = PrivateSshd.start("RekeyLimit=1M");
        middle = PrivateSshd.start();
        inner = PrivateSshd.start("RekeyLimit=2M", "Subsystem=sftp internal-sftp");
    }

    @AfterEach
    void stopServers() {
        inner.close();
        middle.close();
        outer.close();
    }

    private SshPool oneHop(String... more) {
        return Pools.open(
                outer.target("outer"),
                inner.target("inner"),
                "sshpool.target.inner.proxy-jump=outer",
                String.join("\n", more));
    }

    private SshPool twoHops(String... more) {
        return Pools.open(
                outer.target("outer"),
                middle.target("middle"),
                inner.target("inner"),
                "sshpool.target.middle.proxy-jump=outer",
                "sshpool.target.inner.proxy-jump=middle",
                String.join("\n", more));
    }

    @Test
    void one_hop() {
        long before = NothingLeft.sockets();
        try (SshPool pool = oneHop()) {
            assertThat(whereFrom(pool.execute("inner", "echo $HOME; echo $SSH_CONNECTION")))
                    .isEqualTo(inner);
            assertThat(NothingLeft.sockets() - before)
                    .as("one to the jump host, none that listens")
                    .isEqualTo(1);
        }
        assertThat(outer.accepted()).isEqualTo(1);
        assertThat(inner.accepted()).isEqualTo(1);
    }

    @Test
    void two_hops() {
        try (SshPool pool = twoHops()) {
            for (int i = 0; i < 20; i++) {
                assertThat(pool.execute("inner", "echo " + i).stdout()).isEqualTo(i + "\n");
            }
            assertThat(whereFrom(pool.execute("middle", "echo $HOME"))).isEqualTo(middle);
            assertThat(whereFrom(pool.execute("outer", "echo $HOME"))).isEqualTo(outer);
            assertThat(pool.stats().connections())
                    .extracting(PoolStats.Connection::target)
                    .containsExactlyInAnyOrder("outer", "middle", "inner");
            assertThat(outer.sessions() > 0 && middle.sessions() > 0 && inner.sessions() > 0)
                    .isTrue();
        }
        assertThat(List.of(outer.accepted(), middle.accepted(), inner.accepted()))
                .containsExactly(1L, 1L, 1L);
        await().atMost(SOON).until(() -> outer.sessions() + middle.sessions() + inner.sessions() == 0);
    }

    @Test
    void three_places_are_enough_for_two_hops_and_a_crowd() {
        try (SshPool pool = twoHops("sshpool.max-connections=3")) {
            Crowd.succeed(
                    30,
                    caller -> () -> pool.execute(
                                    List.of("outer", "middle", "inner").get(caller % 3), "echo " + caller)
                            .orThrow());
        }
    }

    @Test
    void ten_mebibytes_each_way_and_new_keys_on_the_way(@TempDir Path folder) throws IOException {
        byte[] content = new byte[10 << 20];
        new Random(1).nextBytes(content);
        Path here = Files.write(folder.resolve("here"), content);
        Path back = folder.resolve("back");
        String there = inner.path("there").toString();
        try (SshPool pool = twoHops();
                SshLease lease = pool.acquire("inner")) {
            lease.files().upload(here, there);
            lease.files().download(there, back);
        }
        assertThat(Files.mismatch(here, back)).isEqualTo(-1);
    }

    @Test
    void a_hop_killed_in_mid_command_loses_the_command_and_nothing_else() {
        try (SshPool pool = twoHops();
                SshLease lease = pool.acquire("inner")) {
            CompletableFuture<ExecResult> running =
                    lease.executeAsync("echo begun; sleep 60").toCompletableFuture();
            await().atMost(SOON).until(() -> pool.stats().connections().size() == 3);
            assertThat(lease.execute("echo beside").stdout()).isEqualTo("beside\n");

            outer.killConnections();

            assertThat(running)
                    .failsWithin(SOON)
                    .withThrowableThat()
                    .withCauseInstanceOf(ConnectionLostException.class);
            long killed = System.nanoTime();
            assertThat(lease.execute("echo again").stdout()).isEqualTo("again\n");
            assertThat(Duration.ofNanos(System.nanoTime() - killed)).isLessThan(SOON);
        }
    }

    @Test
    void a_hop_killed_while_idle_is_replaced_unseen() {
        try (SshPool pool = twoHops()) {
            for (int i = 0; i < 10; i++) {
                long begun = System.nanoTime();
                assertThat(pool.execute("inner", "echo " + i).stdout()).isEqualTo(i + "\n");
                assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(SOON);
                (i % 2 == 0 ? outer : middle).killConnections();
            }
        }
        assertThat(inner.accepted()).isEqualTo(10);
    }

    @Test
    void a_hop_that_freezes_is_found_out_and_replaced() {
        try (SshPool pool = oneHop(
                "sshpool.validation-interval=100ms",
                "sshpool.validation-timeout=500ms",
                "sshpool.connect-timeout=5s")) {
            pool.execute("inner", "true");
            outer.freezeConnections();
            await().pollDelay(Duration.ofMillis(200)).until(() -> true);

            assertThat(pool.execute("inner", "echo again").stdout()).isEqualTo("again\n");
            assertThat(outer.accepted()).isEqualTo(2);
        } finally {
            outer.thawConnections();
        }
    }

    @Test
    void a_jump_host_that_forbids_forwarding_is_named() {
        try (PrivateSshd strict = PrivateSshd.start("AllowTcpForwarding=no");
                SshPool pool = Pools.open(
                        strict.target("strict"), inner.target("inner"), "sshpool.target.inner.proxy-jump=strict")) {
            assertThatThrownBy(() -> pool.execute("inner", "true"))
                    .isInstanceOfSatisfying(SshConnectException.class, e -> {
                        assertThat(e.target()).isEqualTo("inner");
                        assertThat(e.kind()).isEqualTo(Kind.INCOMPATIBLE);
                    })
                    .hasMessageContaining("inner")
                    .hasMessageContaining("through the jump host strict")
                    .hasMessageContaining("AllowTcpForwarding");
            assertThat(pool.execute("strict", "echo on").stdout()).isEqualTo("on\n");
        }
    }

    @Test
    void a_server_that_is_down_is_told_from_its_jump_host() {
        try (SshPool pool = oneHop("sshpool.back-off=100ms")) {
            inner.stopMaster();
            assertThatThrownBy(() -> pool.execute("inner", "true"))
                    .isInstanceOfSatisfying(
                            SshConnectException.class, e -> assertThat(e.kind()).isEqualTo(Kind.UNREACHABLE))
                    .hasMessageContaining("127.0.0.1:" + inner.port())
                    .hasMessageContaining("the jump host cannot reach it");
            assertThat(pool.execute("outer", "echo on").stdout()).isEqualTo("on\n");
            inner.startMaster();
            await().atMost(SOON)
                    .ignoreExceptions()
                    .untilAsserted(
                            () -> assertThat(pool.execute("inner", "echo up").stdout())
                                    .isEqualTo("up\n"));
        }
        assertThat(outer.accepted()).isEqualTo(1);
    }

    @Test
    void a_jump_host_that_is_down_is_told_from_the_server() {
        try (SshPool pool = oneHop("sshpool.back-off=100ms")) {
            outer.stopMaster();
            assertThatThrownBy(() -> pool.execute("inner", "true"))
                    .isInstanceOfSatisfying(
                            SshConnectException.class,
                            e -> assertThat(e.target()).isEqualTo("inner"))
                    .hasMessageContaining("jump host outer");
            outer.startMaster();
            await().atMost(SOON)
                    .ignoreExceptions()
                    .untilAsserted(
                            () -> assertThat(pool.execute("inner", "echo up").stdout())
                                    .isEqualTo("up\n"));
        }
    }

    @Test
    void the_key_of_the_server_behind_is_checked() {
        inner.trust(outer.hostKey());
        try (SshPool pool = oneHop()) {
            assertThatThrownBy(() -> pool.execute("inner", "true")).isInstanceOf(HostKeyException.class);
            assertThat(inner.failedAttempts() + inner.accepted()).isZero();
        }
    }

    private PrivateSshd whereFrom(ExecResult home) {
        String first = home.orThrow().stdout().lines().findFirst().orElseThrow();
        return List.of(outer, middle, inner).stream()
                .filter(server -> first.equals(server.home().toString()))
                .findFirst()
                .orElseThrow();
    }
}
