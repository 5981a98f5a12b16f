package io.sshpool.impl.pool;

import static org.assertj.core.api.Assertions.assertThat;

import io.sshpool.PoolConfig;
import io.sshpool.PoolStats;
import io.sshpool.PoolStats.State;
import java.util.Map;
import java.util.stream.Collectors;

/** What holds of every pool, by its own figures and by those of the {@link FakeServer servers}. */
final class Invariants {

    private final PoolConfig config;
    private final FakeConnectionFactory factory;
    private final Targets targets;

    Invariants(PoolConfig config, FakeConnectionFactory factory, Targets targets) {
        this.config = config;
        this.factory = factory;
        this.targets = targets;
    }

    /** At any moment. */
    void always(PoolStats stats) {
        assertThat(stats.totalConnections()).as("connections").isLessThanOrEqualTo(config.maxConnections());
        Map<String, Long> byTarget = stats.connections().stream()
                .collect(Collectors.groupingBy(PoolStats.Connection::target, Collectors.counting()));
        byTarget.forEach(
                (name, count) -> assertThat(count).as("connections to " + name).isLessThanOrEqualTo(limit(name)));
        assertThat(stats.waiting()).as("waiting").isBetween(0, config.maxWaiters());
        long open = count(stats, State.OPEN);
        assertThat(stats.idleConnections() + stats.usedConnections())
                .as("idle and used")
                .isEqualTo((int) open);
        int channels = stats.connections().stream()
                .mapToInt(PoolStats.Connection::channels)
                .sum();
        assertThat(stats.channelsInUse()).as("channels in use").isEqualTo(channels);
        assertThat(stats.connections()).allMatch(row -> row.channels() >= 0);
        long closed = stats.closed().values().stream().mapToLong(n -> n).sum();
        long alive = open + count(stats, State.RETIRED) + count(stats, State.CLOSING);
        assertThat(stats.created()).as("created = closed + alive").isEqualTo(closed + alive);
        assertThat(stats.reused()).as("reused").isBetween(0L, stats.acquired());
        limitsOfServers();
    }

    /** When nothing moves. */
    void atRest(PoolStats stats) {
        always(stats);
        int dialing = factory.servers().stream().mapToInt(s -> s.dialing.get()).sum();
        int open = factory.servers().stream().mapToInt(s -> s.open.size()).sum();
        assertThat(count(stats, State.CONNECTING)).as("connecting").isEqualTo(dialing);
        assertThat(stats.totalConnections() - dialing).as("open connections").isEqualTo(open);
    }

    /** When the pool is closed. */
    void afterClose(PoolStats stats) {
        atRest(stats);
        assertThat(stats.connections()).isEmpty();
        assertThat(stats.waiting()).isZero();
        assertThat(factory.closes).as("closes of the factory").hasValue(1);
        for (FakeServer server : factory.servers()) {
            assertThat(server.transports()).isZero();
            assertThat(server.connections).allMatch(c -> !c.isOpen());
        }
    }

    /** What a listener has seen of a pool that is closed. */
    void afterClose(PoolStats stats, Witness witness) {
        afterClose(stats);
        assertThat(witness.closed).as("connections closed").hasSize((int) stats.created());
        assertThat(witness.imbalances()).as("out of balance").isEmpty();
    }

    private void limitsOfServers() {
        assertThat(factory.mostTransports.get()).as("most transports").isLessThanOrEqualTo(config.maxConnections());
        for (FakeServer server : factory.servers()) {
            assertThat(server.mostDialing.get())
                    .as("most handshakes at once")
                    .isLessThanOrEqualTo(config.maxConcurrentConnects());
            assertThat(server.most.get()).as("most connections").isLessThanOrEqualTo(config.maxConnections());
            assertThat(server.closedTwice).as("closed twice").hasValue(0);
        }
    }

    private long limit(String name) {
        int limit = targets.find(name).limits().maxConnections().orElse(config.connectionsPerTarget());
        return Math.min(limit, config.maxConnections());
    }

    private static long count(PoolStats stats, State state) {
        return stats.connections().stream().filter(row -> row.state() == state).count();
    }
}
