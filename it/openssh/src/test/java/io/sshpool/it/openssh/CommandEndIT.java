package io.sshpool.it.openssh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.sshpool.Command;
import io.sshpool.CommandTimeoutException;
import io.sshpool.ExecResult;
import io.sshpool.LeaseClosedException;
import io.sshpool.SshInterruptedException;
import io.sshpool.SshLease;
import io.sshpool.SshPool;
import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Commands that are not let run to their end. Logged in as root, sshd ignores the signal that we send, so that its slot is free
 * no sooner than the command has ended by itself.
 */
@ExtendWith(NothingLeft.class)
class CommandEndIT {

    private static final Duration PROMPT = Duration.ofMillis(250);

    private PrivateSshd sshd;
    private SshPool pool;

    @BeforeEach
    void open() {
        sshd = PrivateSshd.start();
        pool = Pools.open(sshd.target("build"), "sshpool.max-connections=1", "sshpool.max-channels-per-connection=10");
    }

    @AfterEach
    void close() {
        pool.close();
        sshd.close();
    }

    @Test
    void sixty_four_timed_out_commands_leave_the_connection_as_usable_as_before() {
        Command slow = Command.shell("echo partial; sleep 0.7").timeout(Duration.ofMillis(200));
        Crowd.succeed(64, caller -> () -> {
            assertThatThrownBy(() -> pool.execute("build", slow))
                    .isInstanceOf(CommandTimeoutException.class)
                    .hasMessageContaining("200 ms");
            return caller;
        });

        await().until(() -> pool.stats().channelsInUse() == 0);
        // All ten slots of the server, at the same time.
        Crowd.succeed(10, caller -> () -> pool.execute("build", "sleep 0.5").orThrow());
        assertThat(sshd.accepted()).isEqualTo(1);
    }

    @Test
    void a_time_out_comes_in_time_and_has_the_partial_output() {
        Command hanging =
                Command.shell("echo partial; echo complaint >&2; sleep 60").timeout(Duration.ofMillis(500));

        Duration best = Timing.best(() -> {
            long asked = System.nanoTime();
            assertThatThrownBy(() -> pool.execute("build", hanging))
                    .isInstanceOfSatisfying(CommandTimeoutException.class, e -> {
                        assertThat(e.partialOutput().stdout()).isEqualTo("partial\n");
                        assertThat(e.partialOutput().stderr()).isEqualTo("complaint\n");
                    });
            return Duration.ofNanos(System.nanoTime() - asked);
        });

        assertThat(best)
                .isBetween(Duration.ofMillis(500), Duration.ofMillis(500).plus(PROMPT));
    }

    @Test
    void a_connection_whose_slots_hang_is_replaced_and_the_neighbours_finish() {
        CompletableFuture<ExecResult> neighbour =
                pool.executeAsync("build", Command.shell("sleep 7; echo whole")).toCompletableFuture();
        Command hanging = Command.shell("sleep 60").timeout(Duration.ofMillis(200));
        Crowd.succeed(9, caller -> () -> {
            assertThatThrownBy(() -> pool.execute("build", hanging)).isInstanceOf(CommandTimeoutException.class);
            return caller;
        });

        assertThat(pool.execute("build", "echo served").stdout()).isEqualTo("served\n");
        assertThat(neighbour.join().stdout()).isEqualTo("whole\n");
        assertThat(sshd.accepted()).isEqualTo(2);
        await().until(() -> sshd.sessions() == 1);
    }

    @Test
    void the_time_out_of_the_target_holds_for_commands_without_one() {
        try (SshPool bounded = Pools.open(sshd.target("build"), "sshpool.target.build.command-timeout=200ms")) {
            assertThatThrownBy(() -> bounded.execute("build", "sleep 0.6")).isInstanceOf(CommandTimeoutException.class);
        }
    }

    @Test
    void a_cancelled_command_gives_its_slot_back() {
        for (int i = 0; i < 25; i++) {
            CompletableFuture<ExecResult> running =
                    pool.executeAsync("build", Command.shell("sleep 0.5")).toCompletableFuture();
            running.cancel(true);
            assertThatThrownBy(running::join).isInstanceOf(CancellationException.class);
        }
        CompletableFuture<ExecResult> underWay = pool.executeAsync("build", Command.shell("touch $HOME/runs; sleep 1"))
                .toCompletableFuture();
        await().until(() -> sshd.home().resolve("runs").toFile().exists());
        underWay.cancel(true);

        await().until(() -> pool.stats().channelsInUse() == 0);
        Crowd.succeed(10, caller -> () -> pool.execute("build", "sleep 0.3").orThrow());
        assertThat(sshd.accepted()).isEqualTo(1);
    }

    @Test
    void an_interrupt_ends_the_wait_for_a_command_and_gives_its_slot_back() {
        pool.execute("build", "true");
        Duration best = Timing.best(() -> interrupted("sleep 1"));

        assertThat(best).isLessThan(Duration.ofMillis(100));
        await().until(() -> pool.stats().channelsInUse() == 0);
        assertThat(pool.execute("build", "echo served").stdout()).isEqualTo("served\n");
        assertThat(sshd.accepted()).isEqualTo(1);
    }

    @Test
    void closing_a_lease_ends_what_runs_on_it() {
        SshLease lease = pool.acquire("build");
        CompletableFuture<ExecResult> running =
                lease.executeAsync(Command.shell("sleep 1")).toCompletableFuture();
        await().until(() -> pool.stats().channelsInUse() == 1);

        lease.close();

        assertThat(Crowd.failure(running)).isInstanceOf(LeaseClosedException.class);
        assertThatThrownBy(() -> lease.execute("true")).isInstanceOf(LeaseClosedException.class);
        await().until(() -> pool.stats().channelsInUse() == 0);
        assertThat(pool.execute("build", "true").isSuccess()).isTrue();
        assertThat(sshd.accepted()).isEqualTo(1);
    }

    /** From the interrupt to the exception. */
    private Duration interrupted(String text) {
        AtomicReference<Throwable> failure = new AtomicReference<>();
        AtomicBoolean flag = new AtomicBoolean();
        CompletableFuture<Long> ended = new CompletableFuture<>();
        Thread caller = new Thread(() -> {
            try {
                pool.execute("build", text);
            } catch (RuntimeException e) {
                failure.set(e);
                flag.set(Thread.currentThread().isInterrupted());
            }
            ended.complete(System.nanoTime());
        });
        caller.start();
        await().until(() -> pool.stats().channelsInUse() == 1 && caller.getState() == Thread.State.WAITING);
        long interrupted = System.nanoTime();
        caller.interrupt();
        Duration took = Duration.ofNanos(ended.join() - interrupted);
        assertThat(failure.get()).isInstanceOf(SshInterruptedException.class);
        assertThat(flag).isTrue();
        await().until(() -> pool.stats().channelsInUse() == 0);
        return took;
    }
}
