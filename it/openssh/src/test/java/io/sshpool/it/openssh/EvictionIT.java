package io.sshpool.it.openssh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.sshpool.AcquireTimeoutException;
import io.sshpool.Command;
import io.sshpool.ExecResult;
import io.sshpool.PoolStats.CloseReason;
import io.sshpool.SshLease;
import io.sshpool.SshPool;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(NothingLeft.class)
class EvictionIT {

    private PrivateSshd a;
    private PrivateSshd b;
    private PrivateSshd c;

    @BeforeEach
    void startServers() {
        a = PrivateSshd.start();
        b = PrivateSshd.start();
        c = PrivateSshd.start();
    }

    @AfterEach
    void stopServers() {
        a.close();
        b.close();
        c.close();
    }

    @Test
    void at_the_limit_the_connection_used_least_recently_makes_room() {
        try (SshPool pool = open("sshpool.max-connections=2")) {
            pool.execute("a", "true");
            pool.execute("b", "true");
            pool.execute("a", "true");

            pool.execute("c", "true");
            await().until(() -> b.sessions() == 0);
            assertThat(a.sessions()).isEqualTo(1);
            pool.execute("a", "true");

            pool.execute("b", "true");
            await().until(() -> c.sessions() == 0);
            assertThat(a.accepted()).isEqualTo(1);
            assertThat(b.accepted()).isEqualTo(2);
            assertThat(c.accepted()).isEqualTo(1);
            assertThat(pool.stats().closed())
                    .containsOnlyKeys(CloseReason.EVICTED)
                    .containsValue(2L);
        }
    }

    @Test
    void a_connection_in_use_is_never_evicted() {
        try (SshPool pool = open("sshpool.max-connections=2");
                SshLease onA = pool.acquire("a")) {
            CompletableFuture<ExecResult> onB = pool.executeAsync("b", Command.shell("sleep 1.5; echo whole"))
                    .toCompletableFuture();
            await().until(() -> pool.stats().channelsInUse() == 2);

            assertThatThrownBy(() -> pool.acquire("c", Duration.ofMillis(500)))
                    .isInstanceOf(AcquireTimeoutException.class)
                    .hasMessageContaining("2 of 2");
            assertThat(c.connects()).isZero();

            // A waiter gets what comes free first: the place of b, as a's lease is held though it runs nothing.
            assertThat(pool.execute("c", "echo served").stdout()).isEqualTo("served\n");
            assertThat(onB.join().stdout()).isEqualTo("whole\n");
            await().until(() -> b.sessions() == 0);
            assertThat(onA.execute("true").isSuccess()).isTrue();
            assertThat(a.accepted()).isEqualTo(1);
        }
    }

    @Test
    void many_targets_take_turns_at_one_place() {
        try (SshPool pool = open("sshpool.max-connections=1")) {
            Crowd.succeed(12, caller -> () -> {
                String alias = "abc".substring(caller % 3, caller % 3 + 1);
                assertThat(pool.execute(alias, "echo " + alias).stdout()).isEqualTo(alias + "\n");
                return alias;
            });
            assertThat(pool.stats().totalConnections()).isLessThanOrEqualTo(1);
        }
    }

    @Test
    void connections_that_nobody_uses_are_closed_after_a_while() {
        try (SshPool pool = open("sshpool.max-idle-time=700ms")) {
            pool.execute("a", "true");
            pool.execute("b", "true");
            try (SshLease held = pool.acquire("c")) {
                await().atMost(Duration.ofSeconds(20)).until(() -> a.sessions() + b.sessions() == 0);

                assertThat(pool.stats().closed()).containsEntry(CloseReason.IDLE, 2L);
                assertThat(pool.stats().totalConnections()).isEqualTo(1);
                assertThat(held.execute("true").isSuccess()).isTrue();
                assertThat(c.accepted()).isEqualTo(1);
            }
            await().atMost(Duration.ofSeconds(20)).until(() -> c.sessions() == 0);
        }
    }

    @Test
    void a_connection_older_than_its_lifetime_is_replaced_between_commands() {
        try (SshPool pool = open("sshpool.max-lifetime=500ms")) {
            pool.execute("a", "sleep 0.8");
            pool.execute("a", "true");

            assertThat(a.accepted()).isEqualTo(2);
            assertThat(pool.stats().closed()).containsEntry(CloseReason.LIFETIME, 1L);
        }
    }

    private SshPool open(String setting) {
        return Pools.open(a.target("a"), b.target("b"), c.target("c"), setting);
    }
}
