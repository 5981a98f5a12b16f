package io.sshpool.impl.pool;

import io.sshpool.PoolConfig;
import io.sshpool.PoolStats.CloseReason;
import io.sshpool.SshException;
import io.sshpool.spi.Target;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.DoubleSupplier;

/**
 * Decides who gets which connection, and which connections there are. A plain object: no lock, no clock, no input or output, no
 * callback. Whoever calls it holds the pool's lock, says what time it is, and afterwards carries out {@link #take() what was decided}.
 *
 * <p>A claim is served, in this order, by a free slot of an open connection; by the slot of a request lease at rest; by a new
 * connection; by a new connection in the place of an idle one; by waiting.
 */
final class Ledger {

    private static final long LEARNED_FOR_NANOS = Duration.ofMinutes(10).toNanos();
    private static final long NEVER = Long.MAX_VALUE / 2;

    private final PoolConfig config;
    private final long validationInterval;
    private final DoubleSupplier jitter;

    private final Map<String, Account> accounts = new HashMap<>();
    private final Map<String, Account.Server> servers = new HashMap<>();
    /** Accounts with waiters that a new connection could serve, by their oldest one. */
    private final TreeMap<Long, Account> waitingAccounts = new TreeMap<>();
    /** Open connections without a lease, the least recently used first. */
    private final Set<PooledConnection> idle = new LinkedHashSet<>();
    /** Claims of request leases at rest, the longest at rest first. */
    private final Set<Claim> resting = new LinkedHashSet<>();

    private final Counters counters = new Counters();
    private Decisions decisions = new Decisions();
    private boolean undecided = true;

    private int spelledOut;
    private int total;
    private int closing;
    private int waiting;
    private long sequences;
    private long connectionIds;
    private PooledConnection draining;
    private boolean closed;

    Ledger(PoolConfig config, DoubleSupplier jitter) {
        this.config = config;
        this.jitter = jitter;
        validationInterval = config.validationInterval().toNanos();
    }

    // ---- accounts

    Account account(Target target, long now) {
        Account account = accounts.get(target.name());
        if (account == null) {
            if (!target.alias()) {
                forgetUnused();
                spelledOut++;
            }
            Account.Server server = servers.computeIfAbsent(target.server(), s -> new Account.Server());
            account = new Account(target, server, config, new BackOff(config, jitter));
            accounts.put(target.name(), account);
        }
        account.touchedAt = now;
        return account;
    }

    Collection<Account> accounts() {
        return accounts.values();
    }

    private void forgetUnused() {
        if (spelledOut < config.maxTargets()) {
            return;
        }
        Account oldest = null;
        for (Account account : accounts.values()) {
            if (!account.target.alias()
                    && account.isUnused()
                    && (oldest == null || account.touchedAt - oldest.touchedAt < 0)) {
                oldest = account;
            }
        }
        if (oldest != null) {
            forget(oldest);
        }
    }

    private void forget(Account account) {
        accounts.remove(account.target.name());
        spelledOut--;
        boolean serverInUse = accounts.values().stream().anyMatch(other -> other.server == account.server);
        if (!serverInUse) {
            servers.remove(account.target.server());
        }
        decide().forgotten.add(account.target);
    }

    // ---- claims

    /** Puts a claim: afterwards it is granted, refused, or waiting. */
    void request(Claim claim, long now) {
        Account account = claim.account;
        if (claim.sequence == 0) {
            claim.sequence = ++sequences;
        }
        if (closed) {
            refuse(claim, Refusal.of(Refusal.Kind.CLOSED));
            return;
        }
        if (claim.only == null && account.waiters.isEmpty()) {
            PooledConnection free = account.available.peekFirst();
            if (free != null && isFresh(free, now)) {
                grant(claim, free, now);
                return;
            }
        }
        if (claim.only == null && account.backOff.isRefusing(now) && !account.hasProspect()) {
            refuse(claim, account.backOff.refusal(Refusal.Kind.BACKING_OFF, now));
        } else if (claim.only != null && !claim.only.is(ConnectionState.OPEN)) {
            refuse(claim, Refusal.of(Refusal.Kind.CONNECTION_GONE));
        } else if (waiting >= config.maxWaiters()) {
            refuse(claim, Refusal.of(Refusal.Kind.QUEUE_FULL));
        } else {
            enqueue(claim);
            serve(account, now);
            provide(now);
        }
    }

    /** Puts a claim again whose connection turned out to be dead the moment it was granted. */
    void regrant(Claim claim, long now) {
        counters.acquired--;
        counters.reused -= claim.reused ? 1 : 0;
        PooledConnection dead = claim.connection;
        release(claim, now);
        died(dead, CloseReason.LOST, now);
        claim.state = Claim.State.NEW;
        request(claim, now);
    }

    /**
     * Takes a waiting claim out of the queue.
     *
     * @return false when it was not waiting any more
     */
    boolean cancel(Claim claim, long now) {
        if (claim.state != Claim.State.WAITING) {
            return false;
        }
        dequeue(claim);
        claim.state = Claim.State.CANCELLED;
        provide(now);
        return true;
    }

    /** Gives a slot back. Does nothing when the claim holds none. */
    void release(Claim claim, long now) {
        if (!claim.isGranted()) {
            return;
        }
        unrest(claim);
        claim.state = Claim.State.RETURNED;
        claim.connection.used--;
        claim.connection.lastUsedAt = now;
        freed(claim.connection, now);
    }

    /** Whoever holds the slot of a yielding claim runs nothing: from now on it may be taken back. */
    void rest(Claim claim, long now) {
        if (!claim.isGranted() || claim.resting) {
            return;
        }
        claim.resting = true;
        claim.restingSince = now;
        claim.connection.lastUsedAt = now;
        claim.connection.yielding++;
        claim.account.resting.add(claim);
        resting.add(claim);
        if (!claim.connection.is(ConnectionState.OPEN)) {
            revoke(claim, now);
        } else {
            freed(claim.connection, now);
        }
    }

    /**
     * Ends the rest of a claim.
     *
     * @return false when its slot has been taken back
     */
    boolean resume(Claim claim) {
        unrest(claim);
        return claim.isGranted();
    }

    // ---- operations

    void operationStarted(PooledConnection connection) {
        connection.operations++;
    }

    void operationEnded(PooledConnection connection, long now) {
        connection.operations--;
        if (closed && connection.operations == 0 && connection.is(ConnectionState.RETIRED)) {
            close(connection, CloseReason.SHUTDOWN, now);
        }
    }

    /** The peer answered. */
    void answered(PooledConnection connection, long now) {
        connection.aliveAt = now;
    }

    /**
     * The server refused a channel, while the refused one still counts among the operations.
     *
     * @return whether the work may find a place elsewhere; false when not even one channel is to be had
     */
    boolean refused(PooledConnection connection, long now) {
        int others = connection.operations - 1;
        if (others < 1) {
            return false;
        }
        connection.account.learnChannelLimit(others, now);
        connection.account.connections.forEach(this::refile);
        serve(connection.account, now);
        provide(now);
        return true;
    }

    // ---- connections

    void dialSucceeded(PooledConnection connection, long now) {
        Account account = connection.account;
        endDial(account);
        account.backOff.succeeded();
        counters.created++;
        connection.become(ConnectionState.OPEN);
        connection.lastUsedAt = now;
        connection.aliveAt = now;
        refile(connection);
        if (connection.doomed) {
            account.backOff.doubt();
            wither(connection, CloseReason.RETIRED, now);
        }
        serve(account, now);
        provide(now);
    }

    void dialFailed(PooledConnection connection, SshException failure, long now) {
        Account account = connection.account;
        endDial(account);
        gone(connection);
        counters.connectFailures++;
        decide().wakes.add(account.backOff.failed(failure, account.connecting > 0, now));
        if (closed) {
            return;
        }
        failWithoutProspect(account, now);
        provide(now);
    }

    /** A probe was answered, or was not. */
    void validated(PooledConnection connection, boolean alive, long now) {
        connection.validating = false;
        if (!alive) {
            died(connection, CloseReason.UNHEALTHY, now);
            return;
        }
        connection.aliveAt = now;
        refile(connection);
        if (connection.is(ConnectionState.OPEN)) {
            serve(connection.account, now);
            provide(now);
        }
    }

    /** The transport is down, or does not answer. */
    void died(PooledConnection connection, CloseReason reason, long now) {
        if (!connection.isUsable()) {
            return;
        }
        close(connection, reason, now);
        if (!closed) {
            suspect(connection.account);
            failWithoutProspect(connection.account, now);
            serve(connection.account, now);
            provide(now);
        }
    }

    /** Lets a connection take no new work; it closes when its leases are back. */
    void retire(PooledConnection connection, CloseReason reason, long now) {
        wither(connection, reason, now);
        serve(connection.account, now);
        provide(now);
    }

    private void wither(PooledConnection connection, CloseReason reason, long now) {
        if (!connection.is(ConnectionState.OPEN)) {
            return;
        }
        connection.become(ConnectionState.RETIRED);
        connection.closeReason = reason;
        refile(connection);
        revokeResting(connection, now);
        bounceBound(connection);
        if (connection.used == 0 && connection.is(ConnectionState.RETIRED)) {
            close(connection, reason, now);
        }
    }

    /** The transport is down for good, or given up: the place is free. */
    void closed(PooledConnection connection, long now) {
        if (!connection.is(ConnectionState.CLOSING)) {
            return;
        }
        closing--;
        gone(connection);
        counters.closed.merge(connection.closeReason, 1L, Long::sum);
        noteDrained();
        provide(now);
    }

    /**
     * Retires what a target has, and forgets what was learned of it.
     *
     * @return how many connections
     */
    int evict(Account account, long now) {
        int count = 0;
        account.forgetChannelLimit();
        account.backOff.end();
        account.backOff.doubt();
        for (PooledConnection connection : List.copyOf(account.connections)) {
            if (connection.is(ConnectionState.CONNECTING)) {
                connection.doomed = true;
                count++;
            } else if (connection.is(ConnectionState.OPEN)) {
                wither(connection, CloseReason.RETIRED, now);
                count++;
            }
        }
        serve(account, now);
        provide(now);
        return count;
    }

    /** Ends the back-off, as something changed that may let the next dial succeed. */
    void endBackOff(Account account, long now) {
        account.backOff.end();
        provide(now);
    }

    /** Dials a required target that has no connection, or makes room for the next time. */
    void ensure(Account account, long now) {
        boolean mayDial = account.backOff.mayDial(now) || !account.backOff.isRejected();
        if (closed || account.hasProspect() || !mayDial || allowance(account) < 1) {
            return;
        }
        if (total < config.maxConnections()) {
            dial(account, now);
        } else {
            makeRoom(account, now);
        }
    }

    /** A back-off may be over. */
    void wake(long now) {
        provide(now);
    }

    /** All open connections on which nothing runs, to be probed in the background. */
    List<PooledConnection> atRest() {
        return connections().stream().filter(PooledConnection::isAtRest).toList();
    }

    List<PooledConnection> connections() {
        return accounts.values().stream().flatMap(a -> a.connections.stream()).toList();
    }

    // ---- time

    /**
     * Closes what has been idle for too long, retires what is too old, takes back what request leases left.
     *
     * @return how many connections
     */
    int sweep(long now) {
        int removed = 0;
        for (PooledConnection connection : List.copyOf(idle)) {
            boolean expired =
                    now - connection.lastUsedAt >= config.maxIdleTime().toNanos();
            if (expired && connection.isAtRest() && !connection.account.keeps(connection)) {
                close(connection, CloseReason.IDLE, now);
                removed++;
            }
        }
        for (Claim claim : List.copyOf(resting)) {
            if (claim.resting
                    && now - claim.restingSince >= config.leaseIdleTimeout().toNanos()) {
                revoke(claim, now);
                freed(claim.connection, now);
            }
        }
        for (Account account : accounts.values()) {
            removed += retireExpired(account, now);
            if (account.hasLearned() && now - account.learnedAt() >= LEARNED_FOR_NANOS) {
                account.forgetChannelLimit();
                account.connections.forEach(this::refile);
                serve(account, now);
            }
        }
        provide(now);
        return removed;
    }

    private int retireExpired(Account account, long now) {
        int retired = 0;
        for (PooledConnection connection : List.copyOf(account.connections)) {
            if (connection.is(ConnectionState.OPEN) && connection.expiresAt - now <= 0) {
                wither(connection, CloseReason.LIFETIME, now);
                retired++;
            }
        }
        if (retired > 0) {
            serve(account, now);
        }
        return retired;
    }

    /** Nanoseconds until the next sweep has something to do, as far as is known now. */
    long untilNextSweep(long now) {
        long next = Math.min(
                config.maxIdleTime().toNanos(), config.leaseIdleTimeout().toNanos());
        for (PooledConnection connection : idle) {
            if (!connection.account.keeps(connection)) {
                next = Math.min(
                        next, connection.lastUsedAt + config.maxIdleTime().toNanos() - now);
            }
        }
        for (Claim claim : resting) {
            next = Math.min(next, claim.restingSince + config.leaseIdleTimeout().toNanos() - now);
        }
        for (Account account : accounts.values()) {
            for (PooledConnection connection : account.connections) {
                if (connection.is(ConnectionState.OPEN)) {
                    next = Math.min(next, connection.expiresAt - now);
                }
            }
        }
        return Math.max(next, 0);
    }

    // ---- the end

    /** Refuses all waiters, gives up all dials, and closes every connection on which nothing runs. */
    void close(long now) {
        closed = true;
        for (Account account : accounts.values()) {
            List<Claim> waiters = new ArrayList<>(account.waiters.values());
            waiters.addAll(account.bound.values());
            waiters.forEach(claim -> bounce(claim, Refusal.of(Refusal.Kind.CLOSED)));
        }
        for (PooledConnection connection : connections()) {
            if (connection.is(ConnectionState.CONNECTING)) {
                endDial(connection.account);
                gone(connection);
                decide().cancelledDials.add(connection);
            } else if (connection.isUsable() && connection.operations == 0) {
                close(connection, CloseReason.SHUTDOWN, now);
            } else {
                wither(connection, CloseReason.SHUTDOWN, now);
            }
        }
        noteDrained();
    }

    private void noteDrained() {
        if (closed && total == 0) {
            decide().drained = true;
        }
    }

    /** Closes what still carries operations. */
    void force(long now) {
        for (PooledConnection connection : connections()) {
            if (connection.isUsable()) {
                close(connection, CloseReason.SHUTDOWN, now);
            }
        }
    }

    boolean isClosed() {
        return closed;
    }

    int total() {
        return total;
    }

    int waiting() {
        return waiting;
    }

    Counters counters() {
        return counters;
    }

    /** What was decided since the last call, or null for nothing. */
    Decisions take() {
        if (undecided) {
            return null;
        }
        Decisions taken = decisions;
        decisions = new Decisions();
        undecided = true;
        return taken;
    }

    private Decisions decide() {
        undecided = false;
        return decisions;
    }

    // ---- serving claims

    private void enqueue(Claim claim) {
        claim.state = Claim.State.WAITING;
        Account account = claim.account;
        (claim.only == null ? account.waiters : account.bound).put(claim.sequence, claim);
        waiting++;
        requeue(account);
    }

    private void dequeue(Claim claim) {
        Account account = claim.account;
        (claim.only == null ? account.waiters : account.bound).remove(claim.sequence);
        waiting--;
        requeue(account);
    }

    /** Keeps the waiting accounts in the order of their oldest waiters. */
    private void requeue(Account account) {
        long oldest = account.waiters.isEmpty() ? 0 : account.waiters.firstKey();
        if (oldest != account.queuedAs) {
            if (account.queuedAs != 0) {
                waitingAccounts.remove(account.queuedAs);
            }
            if (oldest != 0) {
                waitingAccounts.put(oldest, account);
            }
            account.queuedAs = oldest;
        }
    }

    /** Hands an account's free slots to its waiters, in the order of arrival among those that can be served. */
    private void serve(Account account, long now) {
        while (!account.waiters.isEmpty() || !account.bound.isEmpty()) {
            // in this order: to look for a free connection may retire the one that a bound claim waits for
            Claim first = account.waiters.isEmpty()
                    ? null
                    : account.waiters.firstEntry().getValue();
            PooledConnection free = first == null ? null : freeConnection(account, now);
            Claim bound = firstServableBound(account, now);
            boolean boundFirst = bound != null && (free == null || bound.sequence < first.sequence);
            Claim next = boundFirst ? bound : free == null ? null : first;
            if (next == null) {
                return;
            }
            dequeue(next);
            grant(next, boundFirst ? bound.only : free, now);
            decide().granted.add(next);
        }
    }

    private void grant(Claim claim, PooledConnection connection, long now) {
        claim.state = Claim.State.GRANTED;
        claim.connection = connection;
        claim.reused = connection.uses > 0;
        connection.used++;
        connection.uses++;
        connection.lastUsedAt = now;
        counters.acquired++;
        if (claim.reused) {
            counters.reused++;
        }
        refile(connection);
    }

    private void refuse(Claim claim, Refusal refusal) {
        claim.state = Claim.State.REFUSED;
        claim.refusal = refusal;
    }

    /** Refuses a claim that waits. */
    private void bounce(Claim claim, Refusal refusal) {
        dequeue(claim);
        refuse(claim, refusal);
        decide().refused.add(claim);
    }

    private boolean isFresh(PooledConnection connection, long now) {
        return connection.expiresAt - now > 0 && now - connection.aliveAt <= validationInterval;
    }

    /** A connection with a slot for the account's oldest waiter, or null; begins what brings one about. */
    private PooledConnection freeConnection(Account account, long now) {
        while (true) {
            PooledConnection connection = account.available.peekFirst();
            boolean provided = account.waiters.size() <= account.slotsBeingValidated();
            if (connection == null) {
                if (provided || !giveWay(account, now)) {
                    return null;
                }
            } else if (connection.expiresAt - now <= 0) {
                wither(connection, CloseReason.LIFETIME, now);
            } else if (isFresh(connection, now)) {
                return connection;
            } else if (provided) {
                return null;
            } else {
                validate(connection);
            }
        }
    }

    /** Takes the slot of the request lease that has been at rest for longest, where that helps. */
    private boolean giveWay(Account account, long now) {
        for (Claim claim : account.resting) {
            if (claim.connection.canBeFreed()) {
                revoke(claim, now);
                return true;
            }
        }
        return false;
    }

    private Claim firstServableBound(Account account, long now) {
        for (Claim claim : account.bound.values()) {
            while (!claim.only.hasFreeSlot() && claim.only.canBeFreed()) {
                revoke(firstResting(claim.only), now);
            }
            if (claim.only.hasFreeSlot()) {
                return claim;
            }
        }
        return null;
    }

    private static Claim firstResting(PooledConnection connection) {
        for (Claim claim : connection.account.resting) {
            if (claim.connection == connection) {
                return claim;
            }
        }
        throw new IllegalStateException(connection + " has no claim at rest");
    }

    /** Takes a slot back from a request lease at rest. Serves nobody: that is the caller's business. */
    private void revoke(Claim claim, long now) {
        unrest(claim);
        claim.state = Claim.State.REVOKED;
        PooledConnection connection = claim.connection;
        connection.used--;
        refile(connection);
        if (connection.used == 0 && connection.is(ConnectionState.RETIRED)) {
            close(connection, connection.closeReason, now);
        }
    }

    private void unrest(Claim claim) {
        if (claim.resting) {
            claim.resting = false;
            claim.connection.yielding--;
            claim.account.resting.remove(claim);
            resting.remove(claim);
        }
    }

    private void revokeResting(PooledConnection connection, long now) {
        if (connection.yielding > 0) {
            for (Claim claim : List.copyOf(connection.account.resting)) {
                if (claim.connection == connection) {
                    revoke(claim, now);
                }
            }
        }
    }

    private void bounceBound(PooledConnection connection) {
        if (!connection.account.bound.isEmpty()) {
            for (Claim claim : List.copyOf(connection.account.bound.values())) {
                if (claim.only == connection) {
                    bounce(claim, Refusal.of(Refusal.Kind.CONNECTION_GONE));
                }
            }
        }
    }

    /** A slot came free, or its holder came to rest. */
    private void freed(PooledConnection connection, long now) {
        refile(connection);
        Account account = connection.account;
        if (connection.is(ConnectionState.RETIRED)) {
            if (connection.used == 0) {
                close(connection, connection.closeReason, now);
            }
        } else if (connection.is(ConnectionState.OPEN)) {
            if (connection.draining && connection.isAtRest()) {
                close(connection, CloseReason.EVICTED, now);
            } else {
                serve(account, now);
            }
            if (connection.isAtRest()) {
                provide(now);
            }
        }
    }

    /** Files a connection where its state says that it belongs. */
    private void refile(PooledConnection connection) {
        boolean listed = connection.hasFreeSlot();
        if (listed != connection.listed) {
            connection.listed = listed;
            if (listed) {
                connection.account.available.addFirst(connection);
            } else {
                connection.account.available.remove(connection);
            }
        }
        if (connection.is(ConnectionState.OPEN) && connection.used == 0 && !connection.validating) {
            idle.add(connection);
        } else {
            idle.remove(connection);
        }
    }

    // ---- providing connections

    /** Begins the dials that the waiters need, the oldest first, as far as there is or can be made room. */
    private void provide(long now) {
        if (closed) {
            return;
        }
        int promised = 0;
        Account starving = null;
        Map.Entry<Long, Account> entry = waitingAccounts.firstEntry();
        boolean oldest = true;
        while (entry != null && starving == null) {
            Account account = entry.getValue();
            for (int wanted = dialsWanted(account, now); wanted > 0; wanted--) {
                if (total < config.maxConnections()) {
                    dial(account, now);
                } else if (promised < closing || makeRoom(account, now)) {
                    promised++;
                } else {
                    starving = account;
                    break;
                }
            }
            if (starving == null) {
                oldest = false;
                entry = waitingAccounts.higherEntry(entry.getKey());
            }
        }
        drainFor(oldest && starving != null && !starving.hasProspect() ? starving : null, now);
    }

    int dialsWanted(Account account, long now) {
        if (!account.backOff.mayDial(now)) {
            return 0;
        }
        int unserved = account.waiters.size() - account.slotsBeingValidated();
        int channels = account.channelLimit();
        int wanted = (unserved + channels - 1) / channels - account.connecting;
        if (!account.backOff.isProven()) {
            wanted = Math.min(wanted, 1 - account.connecting);
        }
        return Math.min(wanted, allowance(account));
    }

    /** How many dials the target's limit and its server's gate allow. */
    private int allowance(Account account) {
        int room = account.maxConnections - account.connections.size();
        int gate = config.maxConcurrentConnects() - account.server.connecting;
        return Math.min(room, gate);
    }

    private void dial(Account account, long now) {
        // up to a tenth earlier, so that connections that were opened together do not end together
        long life = config.maxLifetime()
                .map(Duration::toNanos)
                .map(nanos -> nanos - (long) (nanos / 10.0 * jitter.getAsDouble()))
                .orElse(NEVER);
        PooledConnection connection = new PooledConnection(++connectionIds, account, now, now + life);
        account.connections.add(connection);
        account.connecting++;
        account.server.connecting++;
        total++;
        decide().dials.add(connection);
    }

    private void endDial(Account account) {
        account.connecting--;
        account.server.connecting--;
    }

    private void gone(PooledConnection connection) {
        connection.become(ConnectionState.CLOSED);
        connection.account.connections.remove(connection);
        total--;
    }

    /** Closes the least recently used connection on which nothing runs. */
    private boolean makeRoom(Account account, long now) {
        PooledConnection victim = null;
        for (PooledConnection connection : idle) {
            if (connection.account != account && !connection.account.keeps(connection)) {
                victim = connection;
                break;
            }
        }
        if (victim == null) {
            for (Claim claim : resting) {
                PooledConnection connection = claim.connection;
                if (connection.account != account && connection.isAtRest() && !connection.account.keeps(connection)) {
                    victim = connection;
                    break;
                }
            }
        }
        if (victim == null) {
            return false;
        }
        close(victim, CloseReason.EVICTED, now);
        return true;
    }

    /** Keeps one connection from taking new work while the oldest waiter of all could not be served otherwise. */
    private void drainFor(Account starving, long now) {
        if (starving == null || draining != null && draining.account == starving) {
            if (draining != null) {
                PooledConnection spared = draining;
                draining = null;
                spared.draining = false;
                refile(spared);
                serve(spared.account, now);
            }
        } else if (draining == null) {
            draining = leastBusy(starving);
            if (draining != null) {
                draining.draining = true;
                refile(draining);
            }
        }
    }

    private PooledConnection leastBusy(Account starving) {
        PooledConnection found = null;
        for (Account account : accounts.values()) {
            for (PooledConnection connection : account.connections) {
                boolean fits = account != starving && connection.mayTakeWork() && !account.keeps(connection);
                if (fits && (found == null || isLessBusy(connection, found))) {
                    found = connection;
                }
            }
        }
        return found;
    }

    /** Fewer slots, or the one that gave one back more recently: it will be free sooner. */
    private static boolean isLessBusy(PooledConnection a, PooledConnection b) {
        return a.used != b.used ? a.used < b.used : a.lastUsedAt - b.lastUsedAt > 0;
    }

    private void validate(PooledConnection connection) {
        connection.validating = true;
        refile(connection);
        decide().probes.add(connection);
    }

    /** Puts an account's idle connections to the test at once, so that a dead host costs one time-out. */
    private void suspect(Account account) {
        for (PooledConnection connection : account.connections) {
            if (connection.is(ConnectionState.OPEN) && connection.used == 0 && !connection.validating) {
                validate(connection);
            }
        }
    }

    private void close(PooledConnection connection, CloseReason reason, long now) {
        if (connection == draining) {
            draining = null;
            connection.draining = false;
        }
        connection.closeReason = reason;
        connection.become(ConnectionState.CLOSING);
        closing++;
        refile(connection);
        revokeResting(connection, now);
        bounceBound(connection);
        decide().closes.add(connection);
    }

    /** Nothing will come for these waiters before the back-off is over: they get the failure. */
    private void failWithoutProspect(Account account, long now) {
        if (account.backOff.isRefusing(now) && !account.hasProspect()) {
            for (Claim claim : List.copyOf(account.waiters.values())) {
                bounce(claim, account.backOff.refusal(Refusal.Kind.DIAL_FAILED, now));
            }
        }
    }
}
