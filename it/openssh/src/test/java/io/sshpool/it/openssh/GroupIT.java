package io.sshpool.it.openssh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.sshpool.Command;
import io.sshpool.CommandCancelledException;
import io.sshpool.GroupResult;
import io.sshpool.SshConnectException;
import io.sshpool.SshGroup;
import io.sshpool.SshPool;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** One command on three hosts, one of which is frozen: it lets one connect, and says nothing. */
@ExtendWith(NothingLeft.class)
class GroupIT {

    private static final Duration LONG = Duration.ofSeconds(30);
    private static final Command UNTIL_TOLD =
            Command.shell("touch $HOME/begun; until [ -e $HOME/go ]; do sleep 0.05; done; basename $(dirname $HOME)");

    private PrivateSshd one;
    private PrivateSshd two;
    private PrivateSshd frozen;

    @BeforeEach
    void startServers() {
        one = PrivateSshd.start();
        two = PrivateSshd.start();
        frozen = PrivateSshd.start();
        frozen.freeze();
    }

    @AfterEach
    void stopServers() {
        frozen.thaw();
        List.of(one, two, frozen).forEach(PrivateSshd::close);
    }

    @Test
    void each_host_has_its_own_result_and_a_frozen_one_its_failure() throws Exception {
        Files.createFile(two.home().resolve("broken"));
        try (SshPool pool = open("5s")) {
            GroupResult result = pool.each(List.of("two", "frozen", "one"))
                    .execute("echo $HOME; [ ! -e $HOME/broken ] || { echo broken >&2; exit 3; }");

            assertThat(result.keys()).containsExactly("two", "frozen", "one");
            assertThat(result.succeeded()).containsExactly("one");
            assertThat(result.failed()).containsExactly("two", "frozen");
            assertThat(result.results().get("one").stdout()).isEqualTo(one.home() + "\n");
            assertThat(result.results().get("two").exitCode()).isEqualTo(3);
            assertThat(result.results().get("two").stdout()).isEqualTo(two.home() + "\n");
            assertThat(result.results().get("two").stderr()).isEqualTo("broken\n");
            assertThat(result.failures()).containsOnlyKeys("frozen");
            assertThat(result.failures().get("frozen")).isInstanceOf(SshConnectException.class);
            assertUnused(pool);
        }
    }

    @Test
    void all_hosts_run_at_a_time_and_none_waits_for_the_frozen_one() throws Exception {
        try (SshPool pool = open("1m")) {
            CompletableFuture<GroupResult> run = begin(group(pool));
            awaitBegun(one);
            awaitBegun(two);
            tell(one);
            tell(two);
            await().atMost(LONG).until(() -> pool.stats().channelsInUse() == 0);
            assertThat(run).isNotDone();

            run.cancel(true);
            assertUnused(pool);
        }
    }

    @Test
    void no_more_hosts_run_at_a_time_than_allowed_and_a_frozen_one_holds_one_place() throws Exception {
        try (SshPool pool = open("1m")) {
            CompletableFuture<GroupResult> run = begin(group(pool).parallel(2));
            awaitBegun(one);
            await().atMost(LONG).until(() -> pool.stats().totalConnections() == 2);
            await().during(Duration.ofSeconds(1))
                    .atMost(LONG)
                    .until(() -> two.connects() == 0 && pool.stats().totalConnections() == 2);

            tell(one);
            awaitBegun(two);
            tell(two);
            frozen.thaw();
            tell(frozen);

            assertThat(run.join().orThrow().keys()).containsExactly("one", "frozen", "two");
            assertThat(run.join().results().get("frozen").stdout().trim())
                    .isEqualTo(frozen.home().getParent().getFileName().toString());
            assertUnused(pool);
        }
    }

    @Test
    void the_first_failure_ends_the_run_on_a_running_and_on_a_frozen_host() throws Exception {
        Files.createFile(two.home().resolve("broken"));
        try (SshPool pool = open("1m")) {
            CompletableFuture<GroupResult> run = group(pool)
                    .stopOnFailure()
                    .executeAsync(
                            Command.shell(
                                    "if [ -e $HOME/broken ]; then until [ -e $HOME/go ]; do sleep 0.05; done; exit 3; fi; touch $HOME/begun; sleep 60"))
                    .toCompletableFuture();
            awaitBegun(one);
            assertThat(run).isNotDone();
            tell(two);

            await().atMost(LONG).until(run::isDone);
            GroupResult result = run.join();
            assertThat(result.results().get("two").exitCode()).isEqualTo(3);
            assertThat(result.failures()).containsOnlyKeys("one", "frozen");
            assertThat(result.failures().values())
                    .allSatisfy(e -> assertThat(e).isInstanceOf(CommandCancelledException.class));
            assertUnused(pool);
        }
    }

    @Test
    void cancel_ends_what_runs_and_starts_no_more() throws Exception {
        try (SshPool pool = open("1m")) {
            CompletableFuture<GroupResult> run = begin(group(pool).parallel(2));
            awaitBegun(one);
            run.cancel(true);

            assertUnused(pool);
            assertThat(two.connects()).isZero();
            tell(one);
        }
    }

    private SshPool open(String connectTimeout) {
        return Pools.open(
                one.target("one"),
                two.target("two"),
                frozen.target("frozen"),
                "sshpool.acquire-timeout=1m",
                "sshpool.connect-timeout=" + connectTimeout);
    }

    private static SshGroup group(SshPool pool) {
        return pool.each(List.of("one", "frozen", "two"));
    }

    private static CompletableFuture<GroupResult> begin(SshGroup group) {
        return group.executeAsync(UNTIL_TOLD).toCompletableFuture();
    }

    private static void awaitBegun(PrivateSshd host) {
        Path begun = host.home().resolve("begun");
        await().atMost(LONG).until(() -> Files.exists(begun));
    }

    private static void tell(PrivateSshd host) throws Exception {
        Files.createFile(host.home().resolve("go"));
    }

    private static void assertUnused(SshPool pool) {
        await().atMost(LONG)
                .until(() -> pool.stats().channelsInUse() == 0
                        && pool.stats().usedConnections() == 0
                        && pool.stats().waiting() == 0);
    }
}
