package io.sshpool.it.openssh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.sshpool.Command;
import io.sshpool.ConnectionLostException;
import io.sshpool.ExecResult;
import io.sshpool.PoolStats.CloseReason;
import io.sshpool.SshConnectException;
import io.sshpool.SshLease;
import io.sshpool.SshPool;
import io.sshpool.TargetUnavailableException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(NothingLeft.class)
class LostConnectionIT {

    private static final Duration PROMPT = Duration.ofMillis(250);

    private PrivateSshd sshd;

    @BeforeEach
    void startServer() {
        sshd = PrivateSshd.start();
    }

    @AfterEach
    void stopServer() {
        sshd.close();
    }

    @Test
    void a_connection_killed_while_idle_is_replaced_unseen() {
        try (SshPool pool = Pools.open(sshd.target("build"))) {
            for (int i = 0; i < 20; i++) {
                assertThat(pool.execute("build", "echo " + i).stdout()).isEqualTo(i + "\n");
                sshd.killConnections();
            }
            assertThat(sshd.accepted()).isEqualTo(20);
            await().until(() -> pool.stats().closed().getOrDefault(CloseReason.LOST, 0L) == 20);
        }
    }

    @Test
    void a_lease_moves_when_its_connection_is_killed_between_two_commands() {
        try (SshPool pool = Pools.open(sshd.target("build"));
                SshLease lease = pool.acquire("build")) {
            lease.execute("true");
            sshd.killConnections();

            assertThat(lease.execute("echo again").stdout()).isEqualTo("again\n");
            assertThat(sshd.accepted()).isEqualTo(2);
        }
    }

    @Test
    void commands_under_way_are_told_at_once_what_had_arrived_and_never_run_again() {
        try (SshPool pool = Pools.open(sshd.target("build"))) {
            Duration best = Timing.best(() -> {
                List<Timing.Outcome<ExecResult>> running = begin(pool, 3);
                long killed = System.nanoTime();
                sshd.killConnections();
                for (Timing.Outcome<ExecResult> outcome : running) {
                    assertLost(outcome);
                }
                assertThat(sshd.home().resolve("runs")).hasContent("run\n".repeat(3));
                return running.get(2).since(killed);
            });
            assertThat(best).isLessThan(PROMPT);
        }
    }

    @Test
    void a_frozen_connection_is_probed_before_it_is_handed_out() {
        String[] configuration = {
            sshd.target("build"), "sshpool.validation-interval=100ms", "sshpool.validation-timeout=300ms"
        };
        try (SshPool pool = Pools.open(configuration)) {
            pool.execute("build", "true");
            sshd.freezeConnections();
            await().until(() -> isIdleFor(pool, Duration.ofMillis(150)));

            assertThat(pool.execute("build", "echo alive").stdout()).isEqualTo("alive\n");

            assertThat(pool.stats().closed()).containsEntry(CloseReason.UNHEALTHY, 1L);
            assertThat(sshd.accepted()).isEqualTo(2);
        }
    }

    @Test
    void a_frozen_connection_is_found_though_nobody_asks_for_it() {
        String[] configuration = {
            sshd.target("build"), "sshpool.health-interval=200ms", "sshpool.validation-timeout=300ms"
        };
        try (SshPool pool = Pools.open(configuration)) {
            pool.execute("build", "true");
            sshd.freezeConnections();

            await().until(() -> pool.stats().closed().containsKey(CloseReason.UNHEALTHY));

            assertThat(pool.stats().connections()).isEmpty();
            assertThat(pool.stats().acquired()).isEqualTo(1);
        }
    }

    @Test
    void a_command_on_a_frozen_connection_is_given_up_after_the_missed_heartbeats() {
        Duration bound = Duration.ofMillis(3 * 300);
        String[] configuration = {
            sshd.target("build"), "sshpool.keep-alive-interval=300ms", "sshpool.keep-alive-count-max=3"
        };
        try (SshPool pool = Pools.open(configuration)) {
            Duration best = Timing.best(() -> {
                List<Timing.Outcome<ExecResult>> running = begin(pool, 1);
                long frozen = System.nanoTime();
                sshd.freezeConnections();
                assertLost(running.get(0));
                sshd.killConnections();
                assertThat(pool.execute("build", "echo alive").stdout()).isEqualTo("alive\n");
                return running.get(0).since(frozen);
            });
            assertThat(best).isBetween(bound.dividedBy(2), bound.plus(PROMPT));
        }
    }

    @Test
    void a_frozen_connection_that_comes_back_in_time_is_not_given_up() {
        String[] configuration = {
            sshd.target("build"), "sshpool.keep-alive-interval=500ms", "sshpool.keep-alive-count-max=4"
        };
        try (SshPool pool = Pools.open(configuration)) {
            CompletableFuture<ExecResult> running = pool.executeAsync(
                            "build", Command.shell("touch $HOME/slow; sleep 2; echo done"))
                    .toCompletableFuture();
            await().until(() -> Files.exists(sshd.home().resolve("slow")));
            sshd.freezeConnections();
            await().pollDelay(Duration.ofMillis(700)).until(() -> true);
            sshd.thawConnections();

            assertThat(running.join().stdout()).isEqualTo("done\n");
            assertThat(sshd.accepted()).isEqualTo(1);
        }
    }

    @Test
    void while_the_server_is_down_open_connections_serve_and_new_ones_fail_fast_until_it_is_back() {
        String[] configuration = {sshd.target("build"), "sshpool.back-off=500ms", "sshpool.max-back-off=1s"};
        try (SshPool pool = Pools.open(configuration)) {
            pool.execute("build", "true");
            sshd.stopMaster();
            assertThat(pool.execute("build", "echo still here").stdout()).isEqualTo("still here\n");

            sshd.killConnections();
            assertThatThrownBy(() -> pool.execute("build", "true"))
                    .isInstanceOfSatisfying(
                            SshConnectException.class,
                            e -> assertThat(e.phase()).isEqualTo(SshConnectException.Phase.TCP));
            Duration best = Timing.best(() -> {
                long asked = System.nanoTime();
                assertThatThrownBy(() -> pool.acquire("build"))
                        .isInstanceOfAny(TargetUnavailableException.class, SshConnectException.class);
                return Duration.ofNanos(System.nanoTime() - asked);
            });
            assertThat(best).isLessThan(PROMPT);
            await().pollInterval(Duration.ofMillis(50))
                    .during(Duration.ofSeconds(3))
                    .atMost(Duration.ofSeconds(8))
                    .until(() -> !succeeds(pool));

            sshd.startMaster();
            await().pollInterval(Duration.ofMillis(50))
                    .atMost(Duration.ofSeconds(10))
                    .until(() -> succeeds(pool));
        }
    }

    @Test
    void a_restart_of_the_server_leaves_open_connections_in_use() {
        try (SshPool pool = Pools.open(sshd.target("build"))) {
            pool.execute("build", "true");
            sshd.stopMaster();
            sshd.startMaster();
            pool.execute("build", "true");
            assertThat(sshd.accepted()).isEqualTo(1);

            sshd.killConnections();
            pool.execute("build", "true");
            assertThat(sshd.accepted()).isEqualTo(2);
        }
    }

    /** Begins commands that write, then only sleep, and waits until they do. */
    private List<Timing.Outcome<ExecResult>> begin(SshPool pool, int count) {
        Shell.run("rm", "-f", sshd.home() + "/runs");
        String text = "echo partial; echo complaint >&2; sleep 0.3; echo run >>$HOME/runs; sleep 60";
        List<Timing.Outcome<ExecResult>> running = Stream.generate(
                        () -> Timing.of(pool.executeAsync("build", Command.shell(text))))
                .limit(count)
                .toList();
        await().until(() -> sshd.home().resolve("runs").toFile().length() == 4 * count);
        return running;
    }

    private static void assertLost(Timing.Outcome<ExecResult> outcome) {
        assertThat(outcome.failure()).isInstanceOfSatisfying(ConnectionLostException.class, lost -> {
            assertThat(lost.partialOutput().stdout()).isEqualTo("partial\n");
            assertThat(lost.partialOutput().stderr()).isEqualTo("complaint\n");
            assertThat(lost.isRetryable()).isFalse();
        });
    }

    private static boolean isIdleFor(SshPool pool, Duration time) {
        return pool.stats().connections().stream().allMatch(c -> c.idle().compareTo(time) > 0);
    }

    private static boolean succeeds(SshPool pool) {
        try {
            return pool.execute("build", "true").isSuccess();
        } catch (SshConnectException | TargetUnavailableException e) {
            return false;
        }
    }
}
