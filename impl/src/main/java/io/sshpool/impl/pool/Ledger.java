package io.sshpool.impl.pool;

import io.sshpool.PoolConfig;
import io.sshpool.PoolStats.CloseReason;
import io.sshpool.SshException;
import io.sshpool.spi.Target;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.function.DoubleSupplier;

/**
 * Decides who gets which connection, and which connections there are. A plain object: no lock, no clock, no input or output, no
 * callback. Whoever calls it holds the pool's lock, says what time it is, and afterwards carries out {@link #take() what was decided}.
 *
 * <p>A claim is served, in this order, by a free slot of an open connection; by the slot of a request lease at rest; by a new
 * connection; by a new connection in the place of an idle one; by waiting.
 */
final class Ledger {

    private final PoolConfig config;
    private final Outbox outbox = new Outbox();
    private final Counters counters = new Counters();
    private final Queue queue = new Queue();
    private final Accounts accounts;
    final Fleet fleet;
    private final Allotment allotment;
    private final Expiry expiry;

    private long sequences;
    private int failed;
    private boolean closed;

    Ledger(PoolConfig config, DoubleSupplier jitter) {
        this.config = config;
        accounts = new Accounts(config, jitter, outbox);
        fleet = new Fleet(config, jitter, outbox);
        allotment = new Allotment(fleet, queue, outbox, counters);
        expiry = new Expiry(config, accounts, fleet, allotment);
    }

    /** What was decided since the last call, or null for nothing. */
    Decisions take() {
        return outbox.take();
    }

    Account account(Target target, long now) {
        return accounts.of(target, now);
    }

    boolean remembers(Account account) {
        return accounts.has(account);
    }

    // ---- claims

    /** Puts a claim: afterwards it is granted, refused, or waiting. Does nothing when it was cancelled before it came here. */
    void request(Claim claim, long now) {
        if (claim.state != Claim.State.NEW) {
            return;
        }
        Account account = claim.account;
        if (accounts.of(account.target, now) != account) {
            // forgotten while nothing was going on; whoever holds it now gets the account that took its place
            account = accounts.of(account.target, now);
            claim.account = account;
        }
        if (claim.sequence == 0) {
            claim.sequence = ++sequences;
        }
        if (closed) {
            allotment.refuse(claim, Refusal.of(Refusal.Kind.CLOSED));
            return;
        }
        if (claim.only == null && account.waiters.isEmpty()) {
            PooledConnection free = account.available.peekFirst();
            if (free != null && fleet.isFresh(free, now)) {
                allotment.grant(claim, free, now);
                return;
            }
        }
        Account obstacle = claim.only == null ? obstacle(account, now) : null;
        if (obstacle != null) {
            allotment.refuse(claim, refusal(Refusal.Kind.BACKING_OFF, obstacle, now));
        } else if (claim.only != null && !claim.only.is(ConnectionState.OPEN)) {
            allotment.refuse(claim, Refusal.of(Refusal.Kind.CONNECTION_GONE));
        } else if (queue.size() >= config.maxWaiters()) {
            allotment.refuse(claim, Refusal.of(Refusal.Kind.QUEUE_FULL));
        } else {
            queue.add(claim);
            allotment.serve(account, now);
            allotment.provide(now);
        }
    }

    /** Puts a claim again whose connection turned out to be dead the moment it was granted. */
    void regrant(Claim claim, long now) {
        if (claim.isLease()) {
            counters.acquired--;
            counters.reused -= claim.reused ? 1 : 0;
        }
        PooledConnection dead = claim.connection;
        release(claim, now);
        died(dead, CloseReason.LOST, now);
        // or whoever waits would be told of the grant that has just been taken back
        outbox.add().granted.remove(claim);
        claim.state = Claim.State.NEW;
        request(claim, now);
    }

    /**
     * Takes a waiting claim out of the queue, or keeps it from ever coming there.
     *
     * @return false when it was not waiting any more
     */
    boolean cancel(Claim claim, long now) {
        if (claim.state == Claim.State.NEW) {
            claim.state = Claim.State.CANCELLED;
            return true;
        }
        if (claim.state != Claim.State.WAITING) {
            return false;
        }
        queue.remove(claim);
        claim.state = Claim.State.CANCELLED;
        allotment.provide(now);
        return true;
    }

    /** Gives a slot back. Does nothing when the claim holds none. */
    void release(Claim claim, long now) {
        if (!claim.isGranted()) {
            return;
        }
        allotment.vacate(claim, Claim.State.RETURNED);
        claim.connection.lastUsedAt = now;
        allotment.freed(claim.connection, now);
    }

    /** Whoever holds the slot of a yielding claim runs nothing: from now on it may be taken back. */
    void rest(Claim claim, long now) {
        if (!claim.isGranted() || claim.resting) {
            return;
        }
        allotment.rest(claim, now);
        if (!claim.connection.is(ConnectionState.OPEN)) {
            allotment.revoke(claim, now);
        } else {
            allotment.freed(claim.connection, now);
        }
    }

    /**
     * Ends the rest of a claim.
     *
     * @return false when its slot has been taken back
     */
    boolean resume(Claim claim, long now) {
        if (claim.resting) {
            allotment.unrest(claim);
            claim.heldSince = now;
        }
        return claim.isGranted();
    }

    // ---- operations

    void operationStarted(PooledConnection connection) {
        connection.operations++;
    }

    void operationEnded(PooledConnection connection, long now) {
        connection.operations--;
        closeIfOver(connection, now);
    }

    /** At the pool's end, leases alone keep no connection. */
    private void closeIfOver(PooledConnection connection, long now) {
        boolean free = connection.isUnused() || closed && connection.operations == 0 && connection.carried == 0;
        if (free && connection.is(ConnectionState.RETIRED)) {
            allotment.close(connection, closed ? CloseReason.SHUTDOWN : connection.closeReason, now);
        }
    }

    /** What a connection carried is gone. */
    private void unload(PooledConnection carrier, long now) {
        if (carrier != null) {
            carrier.lastUsedAt = now;
            closeIfOver(carrier, now);
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
        connection.account.connections.forEach(fleet::refile);
        allotment.serve(connection.account, now);
        allotment.provide(now);
        return true;
    }

    // ---- connections

    void dialSucceeded(PooledConnection connection, long now) {
        Account account = connection.account;
        fleet.opened(connection, now);
        account.backOff.succeeded();
        counters.created++;
        if (connection.doomed) {
            account.backOff.doubt();
        }
        if (connection.doomed || connection.isStranded()) {
            allotment.wither(connection, CloseReason.RETIRED, now);
        }
        allotment.serve(account, now);
        allotment.provide(now);
        ensureBehind(account, now);
    }

    void dialFailed(PooledConnection connection, SshException failure, long now) {
        Account account = connection.account;
        fleet.notOpened(connection);
        unload(connection.via, now);
        counters.connectFailures++;
        if (connection.doomed) {
            // it may have shown a credential that has changed since: no reason to keep the new one waiting
            account.backOff.doubt();
            allotment.provide(now);
            return;
        }
        outbox.add().wakes.add(account.backOff.failed(failure, account.connecting > 0, now));
        if (closed) {
            return;
        }
        failWithoutProspect(account, now);
        allotment.provide(now);
    }

    /** A probe was answered, or was not. */
    void validated(PooledConnection connection, boolean alive, long now) {
        connection.validating = false;
        connection.suspected = false;
        if (!alive) {
            unanswered(connection, now);
            return;
        }
        connection.aliveAt = now;
        fleet.refile(connection);
        if (connection.is(ConnectionState.OPEN)) {
            allotment.serve(connection.account, now);
            allotment.provide(now);
        }
    }

    /**
     * A probe was not answered in time. A connection on which something runs may just be slow: it takes no new work, and the
     * heartbeat decides whether it is dead.
     */
    void unanswered(PooledConnection connection, long now) {
        Account account = connection.account;
        boolean wasOpen = connection.is(ConnectionState.OPEN);
        if (!connection.isBusy() && fleet.carriedBy(connection).stream().noneMatch(PooledConnection::isBusy)) {
            died(connection, CloseReason.UNHEALTHY, now);
        } else if (wasOpen) {
            failed++;
            allotment.wither(connection, CloseReason.UNHEALTHY, now);
            fleet.suspect(account);
            allotment.serve(account, now);
            allotment.provide(now);
            replace(connection, now);
        }
        account.silent |= wasOpen && account.open() == 0;
    }

    /** The transport is down, or does not answer; what it carries is down with it. */
    void died(PooledConnection connection, CloseReason reason, long now) {
        if (!connection.isUsable()) {
            return;
        }
        List<PooledConnection> dead = fleet.carriedBy(connection);
        dead.removeIf(carried -> !carried.isUsable());
        dead.add(connection);
        for (PooledConnection each : dead) {
            failed += each.isSick() ? 0 : 1;
            allotment.close(each, reason, now);
        }
        if (!closed) {
            // not before all of them are closed, or a waiter would get one of them
            for (PooledConnection each : dead) {
                fleet.suspect(each.account);
                failWithoutProspect(each.account, now);
                allotment.serve(each.account, now);
            }
            allotment.provide(now);
        }
    }

    /** Lets a connection take no new work; it closes when its leases are back. */
    void retire(PooledConnection connection, CloseReason reason, long now) {
        allotment.wither(connection, reason, now);
        allotment.serve(connection.account, now);
        allotment.provide(now);
    }

    /** The transport is down for good, or given up: the place is free. */
    void closed(PooledConnection connection, long now) {
        if (!connection.is(ConnectionState.CLOSING)) {
            return;
        }
        fleet.closed(connection);
        unload(connection.via, now);
        counters.closed.merge(connection.closeReason, 1L, Long::sum);
        noteDrained();
        allotment.provide(now);
        replace(connection, now);
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
                allotment.wither(connection, CloseReason.RETIRED, now);
                count++;
            }
        }
        allotment.serve(account, now);
        allotment.provide(now);
        return count;
    }

    /** Ends the back-off, as something changed that may let the next dial succeed. */
    void endBackOff(Account account, long now) {
        account.backOff.end();
        allotment.provide(now);
    }

    /** A background check begins: dials required targets that have no connection, or makes room for the next time. */
    void beginCheck(long now) {
        failed = 0;
        accounts.all().forEach(account -> ensure(account, now));
    }

    /**
     * Dials for a required target whose last connection ended. One that did not last waits for the next check, so that a server
     * that hangs up on us is not dialled in a loop.
     */
    private void replace(PooledConnection gone, long now) {
        if (now - gone.createdAt >= config.healthInterval().toNanos() / 2) {
            ensure(gone.account, now);
        }
    }

    private void ensure(Account account, long now) {
        if (!account.target.required()) {
            return;
        }
        boolean mayDial = account.backOff.mayDial(now) || !account.backOff.isRejected();
        if (closed || account.hasProspect() || !mayDial || fleet.allowance(account) < 1) {
            return;
        }
        Account next = fleet.nextHop(account, true, now);
        if (next == null) {
            fleet.prove(account, now);
        } else if (fleet.hasRoom()) {
            fleet.dial(next, now);
        } else {
            allotment.makeRoom(account, now);
        }
    }

    /** A jump host can be reached: required targets behind it need not wait for the next check. */
    private void ensureBehind(Account jump, long now) {
        for (Account account : jump.behind) {
            ensure(account, now);
            ensureBehind(account, now);
        }
    }

    /** What the connection was opened with holds no longer than that. */
    void expires(PooledConnection connection, long nanos, long now) {
        if (now + nanos - connection.expiresAt < 0) {
            connection.expiresAt = now + nanos;
            // what is further away, a sweep retires in time
            if (nanos < config.cleanupInterval().toNanos()) {
                outbox.add().wakes.add(Math.max(nanos, 0));
            }
        }
    }

    /** A back-off may be over, or what a connection was opened with. */
    void wake(long now) {
        expiry.retireExpired(now);
        allotment.provide(now);
    }

    /** Nothing will come for these waiters before the back-off is over: they get the failure. */
    private void failWithoutProspect(Account account, long now) {
        Account obstacle = obstacle(account, now);
        if (obstacle != null) {
            for (Claim claim : List.copyOf(account.waiters.values())) {
                allotment.bounce(claim, refusal(Refusal.Kind.DIAL_FAILED, obstacle, now));
            }
        }
        account.behind.forEach(other -> failWithoutProspect(other, now));
    }

    /** Who backs off, so that nothing will come for an account: itself or a jump host on the way; null when nobody does. */
    private static Account obstacle(Account account, long now) {
        if (account.hasProspect()) {
            return null;
        }
        if (account.backOff.isRefusing(now)) {
            return account;
        }
        return account.jump == null ? null : obstacle(account.jump, now);
    }

    private static Refusal refusal(Refusal.Kind kind, Account obstacle, long now) {
        return new Refusal(kind, obstacle.backOff.lastFailure(), obstacle.backOff.left(now), obstacle);
    }

    // ---- time

    /**
     * Closes what has been idle for too long, retires what is too old, takes back what request leases left.
     *
     * @return how many connections
     */
    int sweep(long now) {
        return expiry.sweep(now);
    }

    /** Nanoseconds until the next sweep has something to do, as far as is known now. */
    long untilNextSweep(long now) {
        return expiry.untilNextSweep(now);
    }

    // ---- the end

    /** Refuses all waiters, gives up all dials, and closes every connection on which nothing runs. */
    void close(long now) {
        closed = true;
        allotment.end();
        for (Account account : accounts.all()) {
            List<Claim> waiters = new ArrayList<>(account.waiters.values());
            waiters.addAll(account.bound.values());
            waiters.forEach(claim -> allotment.bounce(claim, Refusal.of(Refusal.Kind.CLOSED)));
        }
        for (PooledConnection connection : fleet.all()) {
            if (connection.is(ConnectionState.CONNECTING)) {
                fleet.notOpened(connection);
                outbox.add().cancelledDials.add(connection);
                unload(connection.via, now);
            } else if (connection.isUsable() && connection.operations == 0 && connection.carried == 0) {
                allotment.close(connection, CloseReason.SHUTDOWN, now);
            } else {
                allotment.wither(connection, CloseReason.SHUTDOWN, now);
            }
        }
        noteDrained();
    }

    /** Closes what still carries operations. */
    void force(long now) {
        List<PooledConnection> innermostFirst = fleet.all().stream()
                .sorted(Comparator.comparingLong((PooledConnection connection) -> connection.id)
                        .reversed())
                .toList();
        for (PooledConnection connection : innermostFirst) {
            if (connection.isUsable()) {
                allotment.close(connection, CloseReason.SHUTDOWN, now);
            }
        }
    }

    private void noteDrained() {
        if (closed && fleet.total() == 0) {
            outbox.add().drained = true;
        }
    }

    // ---- what there is

    boolean isClosed() {
        return closed;
    }

    int total() {
        return fleet.total();
    }

    int waiting() {
        return queue.size();
    }

    Counters counters() {
        return counters;
    }

    Collection<Account> accounts() {
        return accounts.all();
    }

    List<PooledConnection> connections() {
        return fleet.all();
    }

    /** Connections that were found dead since the last background check began. */
    int failed() {
        return failed;
    }
}
