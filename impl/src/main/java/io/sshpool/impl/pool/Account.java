package io.sshpool.impl.pool;

import io.sshpool.PoolConfig;
import io.sshpool.spi.Target;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;

/** What the ledger knows of one target. Guarded by the pool's lock. */
final class Account {

    /** Handshakes under way with one server, whoever logs in. */
    static final class Server {
        int connecting;
    }

    final Target target;
    /** The jump host on the way to it, or null. */
    final Account jump;

    final Server server;
    final BackOff backOff;
    final int maxConnections;

    private final int configuredChannels;
    private int learnedChannels;
    private long learnedAt;

    /** All that count: every state but CLOSED. */
    final List<PooledConnection> connections = new ArrayList<>();
    /** Those with a free slot, the most recently used first, so that the others can become idle. */
    final Deque<PooledConnection> available = new ArrayDeque<>();
    /** Claims that any connection can serve, by arrival. */
    final TreeMap<Long, Claim> waiters = new TreeMap<>();
    /** Claims that only one connection can serve, by arrival. */
    final TreeMap<Long, Claim> bound = new TreeMap<>();
    /** Granted claims at rest that give way, the longest at rest first. */
    final Set<Claim> resting = new LinkedHashSet<>();

    /** Those to which it is the jump host. */
    final List<Account> behind = new ArrayList<>(0);

    /** The key under which the ledger has it among the waiting accounts, 0 when it is not there. */
    long queuedAs;

    int connecting;
    long touchedAt;

    /** Whether the last of its connections did not answer a probe, and none has been opened since. */
    boolean silent;

    Account(Target target, Account jump, Server server, PoolConfig config, BackOff backOff) {
        this.target = target;
        this.jump = jump;
        this.server = server;
        this.backOff = backOff;
        maxConnections = Math.min(
                config.maxConnections(), target.limits().maxConnections().orElse(config.connectionsPerTarget()));
        configuredChannels = target.limits().maxChannelsPerConnection().orElse(config.maxChannelsPerConnection());
    }

    int channelLimit() {
        return learnedChannels == 0 ? configuredChannels : learnedChannels;
    }

    void learnChannelLimit(int channels, long now) {
        learnedChannels = Math.max(1, Math.min(channels, channelLimit()));
        learnedAt = now;
    }

    void forgetChannelLimit() {
        learnedChannels = 0;
    }

    boolean hasLearned() {
        return learnedChannels != 0;
    }

    long learnedAt() {
        return learnedAt;
    }

    int open() {
        int open = 0;
        for (PooledConnection connection : connections) {
            if (connection.is(ConnectionState.OPEN)) {
                open++;
            }
        }
        return open;
    }

    /** Whether an open or coming connection may serve its waiters. */
    boolean hasProspect() {
        return connecting > 0 || open() > 0;
    }

    /** Slots that will be there when the probes under way have been answered; those of suspects are nothing to wait for. */
    int slotsBeingValidated() {
        int slots = 0;
        for (PooledConnection connection : connections) {
            if (connection.validating
                    && !connection.suspected
                    && !connection.draining
                    && connection.is(ConnectionState.OPEN)) {
                slots += Math.max(0, channelLimit() - connection.used);
            }
        }
        return slots;
    }

    /** Whether it is the one connection that a required target keeps. */
    boolean keeps(PooledConnection connection) {
        return target.required() && connection.is(ConnectionState.OPEN) && open() == 1;
    }

    boolean isUnused() {
        return connections.isEmpty() && waiters.isEmpty() && bound.isEmpty() && behind.isEmpty();
    }
}
