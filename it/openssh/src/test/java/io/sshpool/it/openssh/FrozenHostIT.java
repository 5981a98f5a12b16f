package io.sshpool.it.openssh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.sshpool.PoolStats.CloseReason;
import io.sshpool.SshLease;
import io.sshpool.TargetHealth.State;
import io.sshpool.impl.pool.ConnectionPool;
import io.sshpool.impl.pool.Readiness;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Servers that are stopped (SIGSTOP): the kernel keeps their connections, and nobody answers. */
@ExtendWith(NothingLeft.class)
class FrozenHostIT {

    private static final int IDLE = 12;
    private static final Duration INTERVAL = Duration.ofSeconds(2);
    private static final Duration TIMEOUT = Duration.ofSeconds(1);
    private static final Duration ROOM = Duration.ofSeconds(3);

    private PrivateSshd frozen;
    private PrivateSshd well;

    @BeforeEach
    void startServers() {
        frozen = PrivateSshd.start();
        well = PrivateSshd.start();
    }

    @AfterEach
    void stopServers() {
        frozen.close();
        well.close();
    }

    @Test
    void fail_over_costs_one_time_out_however_many_idle_connections_the_frozen_host_has() {
        try (ConnectionPool pool = open("sshpool.health-interval=1h", "sshpool.validation-interval=1ms")) {
            idle(pool, "frozen", IDLE);
            frozen.freezeConnections();

            long start = System.nanoTime();
            assertThat(pool.execute("frozen", "echo again").stdout()).isEqualTo("again\n");
            Duration took = Duration.ofNanos(System.nanoTime() - start);

            System.out.println("fail-over from " + IDLE + " frozen connections: " + took.toMillis() + " ms, time-out "
                    + TIMEOUT.toMillis() + " ms");
            assertThat(took).isBetween(TIMEOUT, TIMEOUT.plus(ROOM));
            await().atMost(TIMEOUT.plus(ROOM))
                    .until(() -> pool.stats().closed().getOrDefault(CloseReason.UNHEALTHY, 0L) == IDLE);
        }
    }

    @Test
    void the_background_finds_a_frozen_host_while_the_probes_of_another_go_on() {
        try (ConnectionPool pool = open("sshpool.health-interval=2s")) {
            idle(pool, "frozen", IDLE);
            idle(pool, "well", IDLE);
            frozen.freezeConnections();

            long start = System.nanoTime();
            await().atMost(INTERVAL.plus(TIMEOUT.multipliedBy(2)).plus(ROOM))
                    .until(() -> pool.stats().closed().getOrDefault(CloseReason.UNHEALTHY, 0L) == IDLE);

            System.out.println(IDLE + " frozen connections found and closed after "
                    + (System.nanoTime() - start) / 1_000_000 + " ms, interval " + INTERVAL.toMillis() + " ms");
            assertThat(pool.stats().idleConnections()).isEqualTo(IDLE);
            Readiness readiness = pool.readiness().orElseThrow();
            assertThat(readiness.ready()).isTrue();
            assertThat(readiness.report().targets().get("frozen").state()).isEqualTo(State.DOWN);
            assertThat(readiness.report().targets().get("well").state()).isEqualTo(State.UP);
        }
    }

    @Test
    void a_required_host_that_freezes_is_down_within_two_intervals_and_up_again_when_it_answers() {
        try (ConnectionPool pool = open(
                "sshpool.health-interval=2s",
                "sshpool.connect-timeout=1s",
                "sshpool.max-connections-per-target=1",
                "sshpool.max-channels-per-connection=1",
                "sshpool.target.frozen.required=true")) {
            await().until(() -> pool.readiness().orElseThrow().ready());
            SshLease held = pool.acquire("frozen");
            CompletableFuture<SshLease> waiting = pool.acquireAsync("frozen").toCompletableFuture();
            frozen.freeze();

            long start = System.nanoTime();
            await().atMost(INTERVAL.multipliedBy(2))
                    .until(() -> !pool.readiness().orElseThrow().ready());
            System.out.println("frozen and exhausted: unready after " + (System.nanoTime() - start) / 1_000_000
                    + " ms, of " + INTERVAL.multipliedBy(2).toMillis());
            System.out.println("readiness meanwhile: p99 " + p99Micros(pool) + " µs");

            frozen.thaw();
            await().atMost(Duration.ofSeconds(20))
                    .until(() -> pool.readiness().orElseThrow().ready());
            held.close();
            waiting.cancel(true);
        }
    }

    private ConnectionPool open(String... settings) {
        String[] all = Stream.concat(
                        Stream.of(
                                frozen.target("frozen"),
                                well.target("well"),
                                "sshpool.max-connections=" + (2 * IDLE + 1),
                                "sshpool.max-channels-per-connection=1",
                                "sshpool.validation-timeout=" + TIMEOUT.toMillis() + "ms"),
                        Arrays.stream(settings))
                .toArray(String[]::new);
        return Pools.open(all);
    }

    private static void idle(ConnectionPool pool, String key, int connections) {
        List<SshLease> leases =
                Stream.generate(() -> pool.acquire(key)).limit(connections).toList();
        leases.forEach(SshLease::close);
    }

    private static long p99Micros(ConnectionPool pool) {
        long[] nanos = new long[1_000];
        for (int i = 0; i < nanos.length; i++) {
            long start = System.nanoTime();
            pool.readiness();
            nanos[i] = System.nanoTime() - start;
        }
        Arrays.sort(nanos);
        assertThat(Duration.ofNanos(nanos[990])).isLessThan(Duration.ofMillis(50));
        return nanos[990] / 1_000;
    }
}
