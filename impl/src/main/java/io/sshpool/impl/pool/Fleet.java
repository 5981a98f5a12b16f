package io.sshpool.impl.pool;

import io.sshpool.PoolConfig;
import io.sshpool.PoolStats.CloseReason;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.DoubleSupplier;

/** The connections: how many there are and may be, which is idle, and which could make room. Guarded by the pool's lock. */
final class Fleet {

    private static final long NEVER = Long.MAX_VALUE / 2;

    private final PoolConfig config;
    private final long validationInterval;
    private final DoubleSupplier jitter;
    private final Outbox outbox;
    /** Few enough to be looked through when one must make room. */
    private final List<PooledConnection> all = new ArrayList<>();

    private int closing;
    private long connectionIds;

    Fleet(PoolConfig config, DoubleSupplier jitter, Outbox outbox) {
        this.config = config;
        this.jitter = jitter;
        this.outbox = outbox;
        validationInterval = config.validationInterval().toNanos();
    }

    boolean hasRoom() {
        return all.size() < config.maxConnections();
    }

    int total() {
        return all.size();
    }

    /** How many are being closed: places that come free by themselves. */
    int closing() {
        return closing;
    }

    List<PooledConnection> all() {
        return List.copyOf(all);
    }

    int dialsWanted(Account account, long now) {
        if (!account.backOff.mayDial(now)) {
            return 0;
        }
        int unserved = account.waiters.size() - account.slotsBeingValidated();
        int channels = account.channelLimit();
        int wanted = (unserved + channels - 1) / channels - account.connecting;
        if (!account.backOff.isProven() || account.open() == 0) {
            // what it shows may have become wrong since the last one was opened: one finds out for all
            wanted = Math.min(wanted, 1 - account.connecting);
        }
        return Math.min(wanted, allowance(account));
    }

    /** How many dials the target's limit and its server's gate allow. */
    int allowance(Account account) {
        int room = account.maxConnections - account.connections.size();
        int gate = config.maxConcurrentConnects() - account.server.connecting;
        return Math.min(room, gate);
    }

    // ---- jump hosts

    /** A connection through which another one can be opened at once, or null. */
    private PooledConnection carrier(Account jump, long now) {
        for (PooledConnection connection : jump.connections) {
            if (connection.mayTakeWork() && isFresh(connection, now)) {
                return connection;
            }
        }
        return null;
    }

    /**
     * Whom to dial so that an account is reached: itself, or the outermost jump host on the way that has no connection.
     *
     * @param insist whether to dial a jump host before its back-off is over, unless it rejected us
     * @return null while a jump host is being dialled or probed already, or cannot be dialled
     */
    Account nextHop(Account account, boolean insist, long now) {
        Account jump = account.jump;
        if (jump == null || carrier(jump, now) != null) {
            return account;
        }
        boolean mayDial = jump.backOff.mayDial(now) || insist && !jump.backOff.isRejected();
        boolean wanted = !isComing(jump) && unproven(jump, now) == null;
        return wanted && mayDial && allowance(jump) > 0 ? nextHop(jump, insist, now) : null;
    }

    /** Probes the jump connection that has been quiet for too long to be relied on, if that is what an account waits for. */
    void prove(Account account, long now) {
        Account jump = account.jump;
        if (jump == null || carrier(jump, now) != null || isComing(jump)) {
            return;
        }
        PooledConnection unproven = unproven(jump, now);
        if (unproven == null) {
            prove(jump, now);
        } else {
            validate(unproven);
        }
    }

    private static boolean isComing(Account jump) {
        boolean probed = false;
        for (PooledConnection connection : jump.connections) {
            probed |= connection.is(ConnectionState.OPEN) && connection.validating && !connection.suspected;
        }
        return probed || jump.connecting > 0;
    }

    private static PooledConnection unproven(Account jump, long now) {
        for (PooledConnection connection : jump.connections) {
            if (connection.mayTakeWork() && connection.expiresAt - now > 0) {
                return connection;
            }
        }
        return null;
    }

    /** What a connection carries, at any depth, the innermost first. */
    List<PooledConnection> carriedBy(PooledConnection connection) {
        List<PooledConnection> carried = new ArrayList<>();
        if (connection.carried > 0) {
            for (PooledConnection other : all()) {
                if (other.via == connection) {
                    carried.addAll(carriedBy(other));
                    carried.add(other);
                }
            }
        }
        return carried;
    }

    /** Whether it is the last connection of a jump host on the way to an account, or to one that has waited for longer. */
    private boolean isNeeded(PooledConnection connection, Account forAccount, long now) {
        return connection.account.open() == 1 && isAwaited(connection.account, forAccount, now);
    }

    private boolean isAwaited(Account jump, Account forAccount, long now) {
        for (Account account : jump.behind) {
            boolean older = account.queuedAs != 0
                    && (forAccount.queuedAs == 0 || account.queuedAs < forAccount.queuedAs)
                    && dialsWanted(account, now) > 0;
            if (account == forAccount || older || isAwaited(account, forAccount, now)) {
                return true;
            }
        }
        return false;
    }

    // ---- from the dial to the end

    void dial(Account account, long now) {
        // up to a tenth earlier, so that connections that were opened together do not end together
        long life = config.maxLifetime()
                .map(Duration::toNanos)
                .map(nanos -> nanos - (long) (nanos / 10.0 * jitter.getAsDouble()))
                .orElse(NEVER);
        PooledConnection via = account.jump == null ? null : carrier(account.jump, now);
        PooledConnection connection = new PooledConnection(++connectionIds, account, via, now, now + life);
        if (via != null) {
            via.carried++;
        }
        account.connections.add(connection);
        account.connecting++;
        account.server.connecting++;
        all.add(connection);
        outbox.add().dials.add(connection);
    }

    /** A dial ended well, or was not ended by the ledger. */
    void opened(PooledConnection connection, long now) {
        endDial(connection.account);
        connection.account.silent = false;
        connection.become(ConnectionState.OPEN);
        connection.lastUsedAt = now;
        connection.aliveAt = now;
        refile(connection);
    }

    void notOpened(PooledConnection connection) {
        endDial(connection.account);
        gone(connection);
    }

    void closing(PooledConnection connection, CloseReason reason) {
        connection.closeReason = reason;
        connection.become(ConnectionState.CLOSING);
        closing++;
        refile(connection);
        outbox.add().closes.add(connection);
    }

    void closed(PooledConnection connection) {
        closing--;
        gone(connection);
    }

    void retired(PooledConnection connection, CloseReason reason) {
        connection.closeReason = reason;
        connection.become(ConnectionState.RETIRED);
        refile(connection);
    }

    boolean isFresh(PooledConnection connection, long now) {
        return connection.expiresAt - now > 0 && now - connection.aliveAt <= validationInterval;
    }

    void validate(PooledConnection connection) {
        connection.validating = true;
        refile(connection);
        outbox.add().probes.add(connection);
    }

    /**
     * Puts an account's idle connections to the test at once, so that a dead host costs one time-out. Who waits need not wait for
     * that: one dial finds out whether there is a better connection to be had.
     */
    void suspect(Account account) {
        for (PooledConnection connection : account.connections) {
            if (connection.is(ConnectionState.OPEN) && connection.used == 0 && !connection.validating) {
                connection.suspected = true;
                account.backOff.doubt();
                validate(connection);
            }
        }
    }

    /** Files a connection where its state says that it belongs. */
    void refile(PooledConnection connection) {
        boolean listed = connection.hasFreeSlot();
        if (listed != connection.listed) {
            connection.listed = listed;
            if (listed) {
                connection.account.available.addFirst(connection);
            } else {
                connection.account.available.remove(connection);
            }
        }
    }

    /** The least recently used connection without a lease whose place another target may take, or null. */
    PooledConnection leastRecentlyUsed(Account forAccount, long now) {
        PooledConnection found = null;
        for (PooledConnection connection : all) {
            boolean fits = connection.isIdle() && isVictim(connection, forAccount, now);
            if (fits && (found == null || connection.lastUsedAt - found.lastUsedAt < 0)) {
                found = connection;
            }
        }
        return found;
    }

    /** Whether nothing runs on it, so that its place may go to another target. */
    boolean isVictim(PooledConnection connection, Account forAccount, long now) {
        return connection.isAtRest() && mayGo(connection, forAccount, now);
    }

    private boolean mayGo(PooledConnection connection, Account forAccount, long now) {
        return connection.account != forAccount
                && connection.carried == 0
                && !connection.account.keeps(connection)
                && !isNeeded(connection, forAccount, now);
    }

    PooledConnection leastBusy(Account starving, long now) {
        PooledConnection found = null;
        for (PooledConnection connection : all) {
            boolean fits = connection.mayTakeWork() && mayGo(connection, starving, now);
            if (fits && (found == null || isLessBusy(connection, found))) {
                found = connection;
            }
        }
        return found;
    }

    /** Fewer slots, or the one that gave one back more recently: it will be free sooner. */
    private static boolean isLessBusy(PooledConnection a, PooledConnection b) {
        return a.used != b.used ? a.used < b.used : a.lastUsedAt - b.lastUsedAt > 0;
    }

    private void endDial(Account account) {
        account.connecting--;
        account.server.connecting--;
    }

    private void gone(PooledConnection connection) {
        connection.become(ConnectionState.CLOSED);
        connection.account.connections.remove(connection);
        all.remove(connection);
        if (connection.via != null) {
            connection.via.carried--;
        }
    }
}
