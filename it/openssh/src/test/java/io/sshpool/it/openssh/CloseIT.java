package io.sshpool.it.openssh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.sshpool.Command;
import io.sshpool.ExecResult;
import io.sshpool.PoolClosedException;
import io.sshpool.SshException;
import io.sshpool.SshLease;
import io.sshpool.SshPool;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(NothingLeft.class)
class CloseIT {

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
    void no_thread_no_socket_and_no_session_is_left_however_often_a_pool_is_opened_and_closed() {
        long sockets = NothingLeft.sockets();
        for (int i = 0; i < 5; i++) {
            SshPool pool = Pools.open(
                    sshd.target("a"), sshd.target("b"), sshd.target("c"), "sshpool.max-channels-per-connection=2");
            Crowd.succeed(12, caller -> () -> {
                String alias = "abc".substring(caller % 3, caller % 3 + 1);
                return pool.execute(alias, "sleep 0.2").orThrow();
            });
            assertThat(NothingLeft.sockets()).isGreaterThan(sockets);
            assertThat(NothingLeft.threads()).isNotEmpty();

            pool.close();
            pool.close();

            assertThat(NothingLeft.sockets()).isEqualTo(sockets);
            assertThat(pool.stats().connections()).isEmpty();
            await().until(() -> sshd.sessions() == 0);
            await().atMost(Duration.ofSeconds(10))
                    .until(() -> NothingLeft.threads().isEmpty());
        }
    }

    @Test
    void running_commands_may_finish_while_nobody_new_is_let_in() {
        SshPool pool =
                Pools.open(sshd.target("build"), "sshpool.max-connections=1", "sshpool.max-channels-per-connection=1");
        CompletableFuture<ExecResult> running = pool.executeAsync(
                        "build", Command.shell("touch $HOME/runs; sleep 1; echo whole"))
                .toCompletableFuture();
        await().until(() -> sshd.home().resolve("runs").toFile().exists());
        CompletableFuture<SshLease> waiting = pool.acquireAsync("build").toCompletableFuture();
        await().until(() -> pool.stats().waiting() == 1);

        pool.close();

        assertThat(running.join().stdout()).isEqualTo("whole\n");
        assertThat(Crowd.failure(waiting)).isInstanceOf(PoolClosedException.class);
        assertThatThrownBy(() -> pool.acquire("build")).isInstanceOf(PoolClosedException.class);
    }

    @Test
    void commands_that_take_too_long_are_ended_by_force() {
        SshPool pool = Pools.open(sshd.target("build"), "sshpool.shutdown-timeout=500ms");
        CompletableFuture<ExecResult> running = pool.executeAsync("build", Command.shell("touch $HOME/runs; sleep 60"))
                .toCompletableFuture();
        await().until(() -> sshd.home().resolve("runs").toFile().exists());

        long began = System.nanoTime();
        pool.close();

        assertThat(Duration.ofNanos(System.nanoTime() - began))
                .isBetween(Duration.ofMillis(500), Duration.ofSeconds(8));
        assertThat(Crowd.failure(running)).isInstanceOf(SshException.class);
    }

    @Test
    void a_server_that_hangs_does_not_hold_the_close_up() {
        SshPool pool = Pools.open(sshd.target("build"), "sshpool.shutdown-timeout=500ms");
        pool.execute("build", "true");
        sshd.freezeConnections();

        long began = System.nanoTime();
        pool.close();

        assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(8));
        sshd.killConnections();
    }
}
