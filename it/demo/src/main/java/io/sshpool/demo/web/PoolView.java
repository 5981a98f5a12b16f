package io.sshpool.demo.web;

import io.sshpool.PoolStats;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/**
 * The pool's statistics as the page shows them; times in milliseconds.
 *
 * @param limits what the pool may have at most
 * @param idle open connections on which no lease rests
 * @param used open connections with a lease
 * @param waiting acquires that wait
 * @param channels slots that leases hold
 * @param acquired leases granted
 * @param reused leases granted on a connection that had been used before
 * @param created connections opened
 * @param connectFailures connects that failed
 * @param timeouts acquires that ran out of time
 * @param closed connections closed, by reason
 * @param connections a row each
 * @param running which fake hosts run
 * @param burst how far the burst is
 */
public record PoolView(
        Limits limits,
        int idle,
        int used,
        int waiting,
        int channels,
        long acquired,
        long reused,
        long created,
        long connectFailures,
        long timeouts,
        Map<PoolStats.CloseReason, Long> closed,
        List<Row> connections,
        Map<String, Boolean> running,
        Burst.Progress burst) {

    /**
     * The pool's limits.
     *
     * @param connections over all hosts
     * @param channels a connection
     */
    public record Limits(int connections, int channels) {}

    /**
     * One connection.
     *
     * @param id unique within the pool
     * @param target the host
     * @param state what it is doing
     * @param age since its connect began
     * @param idle since its last use
     * @param uses leases that it has carried
     * @param channels slots that leases hold on it
     */
    public record Row(long id, String target, PoolStats.State state, long age, long idle, long uses, int channels) {

        static Row of(PoolStats.Connection connection) {
            return new Row(
                    connection.id(),
                    connection.target(),
                    connection.state(),
                    connection.age().toMillis(),
                    connection.idle().toMillis(),
                    connection.useCount(),
                    connection.channels());
        }
    }

    static PoolView of(PoolStats stats, Limits limits, Map<String, Boolean> running, Burst.Progress burst) {
        return new PoolView(
                limits,
                stats.idleConnections(),
                stats.usedConnections(),
                stats.waiting(),
                stats.channelsInUse(),
                stats.acquired(),
                stats.reused(),
                stats.created(),
                stats.connectFailures(),
                stats.timeouts(),
                stats.closed(),
                stats.connections().stream()
                        .map(Row::of)
                        .sorted(Comparator.comparingLong(Row::id))
                        .toList(),
                running,
                burst);
    }
}
