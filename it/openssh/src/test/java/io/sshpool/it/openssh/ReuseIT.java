package io.sshpool.it.openssh;

import static org.assertj.core.api.Assertions.assertThat;

import io.sshpool.ExecResult;
import io.sshpool.SshPool;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@ExtendWith(NothingLeft.class)
class ReuseIT {

    private static final int CALLERS = 32;
    private static final int COMMANDS = 50;

    @Test
    void a_thousand_commands_log_in_once() {
        try (PrivateSshd sshd = PrivateSshd.start();
                SshPool pool = Pools.open(sshd.target("build"))) {
            for (int i = 0; i < 1000; i++) {
                assertThat(pool.execute("build", "true").exitCode()).isZero();
            }
            assertThat(sshd.accepted()).isEqualTo(1);
            assertThat(pool.stats().created()).isEqualTo(1);
            assertThat(pool.stats().reused()).isEqualTo(999);
        }
    }

    /** 1 and 2 are below the channels that the pool would open, 10 is OpenSSH's default. */
    @ParameterizedTest
    @ValueSource(ints = {10, 1, 2})
    void a_crowd_shares_three_connections_whatever_number_of_channels_the_server_bears(int maxSessions) {
        try (PrivateSshd sshd = PrivateSshd.start("MaxSessions=" + maxSessions);
                SshPool pool = Pools.open(sshd.target("build"), "sshpool.max-connections=3");
                Watch watch = new Watch(sshd, pool)) {
            List<List<String>> answers = Crowd.succeed(CALLERS, caller -> () -> {
                List<String> mine = new ArrayList<>();
                for (int i = 0; i < COMMANDS; i++) {
                    ExecResult result = pool.execute("build", "echo " + id(caller, i) + "; echo e >&2");
                    assertThat(result.isSuccess()).isTrue();
                    assertThat(result.stderr()).isEqualTo("e\n");
                    mine.add(result.stdout());
                }
                return mine;
            });

            for (int caller = 0; caller < CALLERS; caller++) {
                int c = caller;
                assertThat(answers.get(caller))
                        .containsExactlyElementsOf(IntStream.range(0, COMMANDS)
                                .mapToObj(i -> id(c, i) + "\n")
                                .toList());
            }
            assertThat(watch.samples.get()).isPositive();
            assertThat(watch.mostProcesses.get()).isBetween(1, 3);
            assertThat(watch.mostConnections.get()).isBetween(1, 3);
            assertThat(sshd.accepted()).isLessThanOrEqualTo(3);
        }
    }

    @ParameterizedTest
    @CsvSource({"10, 1", "2, 2", "1, 3"})
    void what_a_server_refuses_on_one_connection_runs_on_another(int maxSessions, int connections) {
        try (PrivateSshd sshd = PrivateSshd.start("MaxSessions=" + maxSessions);
                SshPool pool = Pools.open(sshd.target("build"))) {
            Crowd.succeed(3, caller -> () -> pool.execute("build", "sleep 0.5").orThrow());

            assertThat(sshd.accepted()).isEqualTo(connections);
        }
    }

    private static String id(int caller, int command) {
        return caller + "-" + command;
    }

    /** Samples the number of connections, as the server's process table and as the pool has it. */
    private static final class Watch implements AutoCloseable {
        private final AtomicInteger samples = new AtomicInteger();
        private final AtomicInteger mostProcesses = new AtomicInteger();
        private final AtomicInteger mostConnections = new AtomicInteger();
        private final AtomicBoolean over = new AtomicBoolean();
        private final Thread thread;

        private Watch(PrivateSshd sshd, SshPool pool) {
            thread = new Thread(() -> {
                while (!over.get()) {
                    mostProcesses.accumulateAndGet(sshd.sessions(), Math::max);
                    mostConnections.accumulateAndGet(pool.stats().totalConnections(), Math::max);
                    samples.incrementAndGet();
                    LockSupport.parkNanos(2_000_000);
                }
            });
            thread.start();
        }

        @Override
        public void close() {
            over.set(true);
            try {
                thread.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
