package io.sshpool;

import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * A consistent snapshot of the pool. Counters run from the pool's start.
 *
 * @param connections a row per connection, the connecting and closing ones included
 * @param idleConnections open ones on which no lease rests
 * @param usedConnections open ones with at least one lease
 * @param waiting acquires that wait
 * @param channelsInUse slots that leases hold
 * @param targets targets that the pool remembers
 * @param acquired leases granted
 * @param reused leases granted on a connection that had been used before
 * @param created connections opened
 * @param connectFailures connects that failed
 * @param timeouts acquires that ran out of time
 * @param closed connections closed, by reason
 */
public record PoolStats(
        List<Connection> connections,
        int idleConnections,
        int usedConnections,
        int waiting,
        int channelsInUse,
        int targets,
        long acquired,
        long reused,
        long created,
        long connectFailures,
        long timeouts,
        Map<CloseReason, Long> closed) {

    /** Copies the collections. */
    public PoolStats {
        connections = List.copyOf(connections);
        closed = Map.copyOf(closed);
    }

    /**
     * All connections that count towards the limit: connecting, open and closing.
     *
     * @return how many
     */
    public int totalConnections() {
        return connections.size();
    }

    /** What a connection is doing. */
    public enum State {
        /** The handshake is under way. */
        CONNECTING,
        /** It takes work. */
        OPEN,
        /** It takes no new work and closes after what it carries. */
        RETIRED,
        /** It is being closed. */
        CLOSING
    }

    /** Why a connection was closed. */
    public enum CloseReason {
        /** Idle for longer than {@code max-idle-time}. */
        IDLE,
        /** Older than {@code max-lifetime}. */
        LIFETIME,
        /** Its place was needed for another target. */
        EVICTED,
        /** {@link SshPool#evict(String)} asked for it. */
        RETIRED,
        /** It did not answer a probe. */
        UNHEALTHY,
        /** The peer or the network ended it. */
        LOST,
        /** Its native object was unwrapped, or a channel could not be freed. */
        TAINTED,
        /** The pool was closed. */
        SHUTDOWN
    }

    /**
     * One connection.
     *
     * @param id unique within the pool
     * @param target the target's name
     * @param state what it is doing
     * @param age since its connect began
     * @param idle since its last use
     * @param useCount leases that it has carried
     * @param channels slots that leases hold on it
     */
    public record Connection(
            long id, String target, State state, Duration age, Duration idle, long useCount, int channels) {}
}
