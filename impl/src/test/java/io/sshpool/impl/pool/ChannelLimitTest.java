package io.sshpool.impl.pool;

import static org.assertj.core.api.Assertions.assertThat;

import io.sshpool.AcquireTimeoutException;
import io.sshpool.ChannelRefusedException;
import io.sshpool.Command;
import io.sshpool.ExecResult;
import io.sshpool.PoolStats;
import io.sshpool.SshLease;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;

@ExtendWith(NothingLeftBehind.class)
class ChannelLimitTest {

    @RegisterExtension
    final PoolFixture fixture = new PoolFixture();

    @Test
    void aRefusedChannelIsPlacedElsewhereAndTheLimitIsLearned() {
        fixture.open(c -> c.withMaxChannelsPerConnection(8));
        fixture.server("a").maxSessions = 2;
        List<CompletionStage<ExecResult>> results = run(6, "a");
        fixture.advance(Duration.ofSeconds(1));
        for (CompletionStage<ExecResult> result : results) {
            assertThat(fixture.valueOf(result).isSuccess()).isTrue();
        }
        assertThat(fixture.server("a").commands).hasSize(6);
        assertThat(fixture.server("a").connections).hasSize(3);
        assertThat(fixture.witness.learned).contains(2);
    }

    @Test
    void afterwardsTheLimitIsKept() {
        fixture.open(c -> c);
        fixture.server("a").maxSessions = 1;
        run(2, "a");
        fixture.advance(Duration.ofSeconds(1));
        fixture.lease("a");
        fixture.lease("a");
        fixture.lease("a");
        assertThat(fixture.pool.stats().connections().stream().map(PoolStats.Connection::channels))
                .allMatch(channels -> channels <= 2);
        int refusals = fixture.witness.learned.size();
        run(1, "a");
        fixture.settle();
        assertThat(fixture.witness.learned).hasSize(refusals);
    }

    @Test
    void withOneSessionManyLeasesRunThoughMoreThanThereAreConnections() {
        fixture.open(c -> c.withMaxConnections(3));
        fixture.server("a").maxSessions = 1;
        List<CompletionStage<ExecResult>> results = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            results.add(fixture.pool.executeAsync("a", Command.shell("sleep 1")));
        }
        fixture.settle();
        assertThat(fixture.server("a").running()).isEqualTo(3);
        fixture.advance(Duration.ofSeconds(7));
        for (CompletionStage<ExecResult> result : results) {
            assertThat(fixture.valueOf(result).isSuccess()).isTrue();
        }
        assertThat(fixture.server("a").commands).hasSize(20);
        assertThat(fixture.server("a").connections).hasSize(3);
    }

    @Test
    void whenThePoolIsFullTooTheCallerRunsOutOfTime() {
        fixture.open(c -> c.withMaxConnections(1).withAcquireTimeout(Duration.ofSeconds(5)));
        fixture.server("a").maxSessions = 1;
        SshLease lease = fixture.lease("a");
        SshLease other = fixture.lease("a");
        lease.executeAsync("sleep 60");
        CompletionStage<ExecResult> refused = other.executeAsync("true");
        fixture.advance(Duration.ofSeconds(5));
        assertThat(fixture.failureOf(refused)).isInstanceOf(AcquireTimeoutException.class);
        assertThat(fixture.server("a").connections).hasSize(1);
    }

    @Test
    void aRefusalWithNoneOpenIsTheCallersAndTeachesNothing() {
        fixture.open(c -> c);
        fixture.server("a").maxSessions = 0;
        assertThat(fixture.failureOf(fixture.lease("a").executeAsync("true")))
                .isInstanceOf(ChannelRefusedException.class);
        assertThat(fixture.witness.learned).isEmpty();
        assertThat(fixture.server("a").open).as("the connection is kept").hasSize(1);
    }

    @Test
    void theLimitIsForgottenAfterTenMinutes() {
        fixture.open(c -> c.withMaxIdleTime(Duration.ofHours(5)).withCleanupInterval(Duration.ofHours(5)));
        fixture.server("a").maxSessions = 1;
        run(2, "a");
        fixture.advance(Duration.ofSeconds(1));
        fixture.server("a").maxSessions = 10;
        fixture.advance(Duration.ofMinutes(9));
        assertThat(leasesOnOneConnection()).isEqualTo(1);
        fixture.advance(Duration.ofMinutes(1));
        assertThat(leasesOnOneConnection()).isEqualTo(8);
    }

    @Test
    void theLimitIsForgottenByEvict() {
        fixture.open(c -> c);
        fixture.server("a").maxSessions = 1;
        run(2, "a");
        fixture.advance(Duration.ofSeconds(1));
        assertThat(leasesOnOneConnection()).isEqualTo(1);
        fixture.pool.evict("a");
        fixture.settle();
        assertThat(leasesOnOneConnection()).isEqualTo(8);
    }

    @Test
    void anotherTargetsLimitIsItsOwn() {
        fixture.open(c -> c);
        fixture.server("a").maxSessions = 1;
        run(2, "a");
        run(8, "b");
        fixture.settle();
        assertThat(fixture.server("b").running()).isEqualTo(8);
        assertThat(fixture.server("b").connections).hasSize(1);
        fixture.advance(Duration.ofSeconds(1));
    }

    /** Runs that many commands at once, each on a lease of its own, for a second. */
    private List<CompletionStage<ExecResult>> run(int commands, String target) {
        List<CompletionStage<ExecResult>> results = new ArrayList<>();
        for (int i = 0; i < commands; i++) {
            results.add(fixture.pool.executeAsync(target, Command.shell("sleep 1")));
        }
        fixture.settle();
        return results;
    }

    /** How many of eight leases at most share a connection. */
    private int leasesOnOneConnection() {
        List<SshLease> leases = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            leases.add(fixture.lease("a"));
        }
        int most = fixture.pool.stats().connections().stream()
                .mapToInt(PoolStats.Connection::channels)
                .max()
                .orElse(0);
        leases.forEach(fixture::close);
        return most;
    }
}
