package io.sshpool.impl.pool;

import io.sshpool.PoolStats.CloseReason;
import io.sshpool.spi.PoolListener;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Brings claims and connections together: hands out free slots, takes back those of request leases at rest, and has connections
 * opened, closed and drained for those who wait. Guarded by the pool's lock.
 */
final class Allotment {

    private final Fleet fleet;
    private final Queue queue;
    private final Outbox outbox;
    private final Counters counters;
    /** Claims of request leases at rest, the longest at rest first. */
    private final Set<Claim> resting = new LinkedHashSet<>();

    private PooledConnection draining;
    private boolean closed;

    Allotment(Fleet fleet, Queue queue, Outbox outbox, Counters counters) {
        this.fleet = fleet;
        this.queue = queue;
        this.outbox = outbox;
        this.counters = counters;
    }

    /** From now on nothing is provided any more. */
    void end() {
        closed = true;
    }

    /** Hands an account's free slots to its waiters, in the order of arrival among those that can be served. */
    void serve(Account account, long now) {
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
            queue.remove(next);
            grant(next, boundFirst ? bound.only : free, now);
            outbox.add().granted.add(next);
        }
    }

    void grant(Claim claim, PooledConnection connection, long now) {
        claim.state = Claim.State.GRANTED;
        claim.connection = connection;
        claim.heldSince = now;
        claim.reused = connection.uses > 0;
        connection.used++;
        connection.uses++;
        connection.lastUsedAt = now;
        if (claim.isLease()) {
            counters.acquired++;
            counters.reused += claim.reused ? 1 : 0;
        }
        fleet.refile(connection);
    }

    void refuse(Claim claim, Refusal refusal) {
        claim.state = Claim.State.REFUSED;
        claim.refusal = refusal;
    }

    /** Refuses a claim that waits. */
    void bounce(Claim claim, Refusal refusal) {
        queue.remove(claim);
        refuse(claim, refusal);
        outbox.add().refused.add(claim);
    }

    /** A connection with a slot for the account's oldest waiter, or null; begins what brings one about. */
    private PooledConnection freeConnection(Account account, long now) {
        while (true) {
            PooledConnection connection = freshest(account, now);
            boolean provided = account.waiters.size() <= account.slotsBeingValidated();
            if (connection == null) {
                if (provided || !giveWay(account, now)) {
                    return null;
                }
            } else if (connection.expiresAt - now <= 0) {
                wither(connection, CloseReason.LIFETIME, now);
            } else if (fleet.isFresh(connection, now)) {
                return connection;
            } else if (provided) {
                return null;
            } else {
                fleet.validate(connection);
            }
        }
    }

    /** A connection with a free slot, if there is one that may be handed out at once such a one, else null. */
    private PooledConnection freshest(Account account, long now) {
        for (PooledConnection connection : account.available) {
            if (fleet.isFresh(connection, now)) {
                return connection;
            }
        }
        return account.available.peekFirst();
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

    /** Adds a granted claim to those that may be taken back. */
    void rest(Claim claim, long now) {
        claim.resting = true;
        claim.restingSince = now;
        claim.connection.lastUsedAt = now;
        claim.connection.yielding++;
        claim.account.resting.add(claim);
        resting.add(claim);
    }

    void unrest(Claim claim) {
        if (claim.resting) {
            claim.resting = false;
            claim.connection.yielding--;
            claim.account.resting.remove(claim);
            resting.remove(claim);
        }
    }

    /** Claims that may be taken back, the longest at rest first. */
    List<Claim> resting() {
        return List.copyOf(resting);
    }

    /** Ends a granted claim. Its slot is free, but nobody has looked who could use it. */
    void vacate(Claim claim, Claim.State how) {
        unrest(claim);
        claim.state = how;
        claim.connection.used--;
        if (claim.observer != PoolListener.Acquire.NONE) {
            outbox.add().released.add(claim.observer);
        }
    }

    /** Takes a slot back from a request lease at rest. Serves nobody: that is the caller's business. */
    void revoke(Claim claim, long now) {
        vacate(claim, Claim.State.REVOKED);
        PooledConnection connection = claim.connection;
        fleet.refile(connection);
        if (connection.isUnused() && connection.is(ConnectionState.RETIRED)) {
            close(connection, connection.closeReason, now);
        }
    }

    /** A slot came free, or its holder came to rest. */
    void freed(PooledConnection connection, long now) {
        fleet.refile(connection);
        Account account = connection.account;
        if (connection.is(ConnectionState.RETIRED)) {
            if (connection.isUnused()) {
                close(connection, connection.closeReason, now);
            }
        } else if (connection.is(ConnectionState.OPEN)) {
            if (connection.draining && connection.isAtRest()) {
                close(connection, CloseReason.EVICTED, now);
            } else {
                serve(account, now);
            }
            // who has been served leaves the jump host on the way to others
            if (connection.isAtRest() || account.jump != null) {
                provide(now);
            }
        }
    }

    /** Closes a connection, whatever rests on it or waits for it. */
    void close(PooledConnection connection, CloseReason reason, long now) {
        if (connection == draining) {
            draining = null;
            connection.draining = false;
        }
        fleet.closing(connection, reason);
        revokeResting(connection, now);
        bounceBound(connection);
    }

    /**
     * Lets a connection take no new work; it closes when its leases are back, and what it carries is closed. That takes no new work
     * either, as it could hold the place of a new jump connection for ever. Serves nobody.
     */
    void wither(PooledConnection connection, CloseReason reason, long now) {
        if (!connection.is(ConnectionState.OPEN)) {
            return;
        }
        fleet.retired(connection, reason);
        revokeResting(connection, now);
        bounceBound(connection);
        for (PooledConnection carried : fleet.carriedBy(connection)) {
            wither(carried, reason, now);
        }
        if (connection.isUnused() && connection.is(ConnectionState.RETIRED)) {
            close(connection, reason, now);
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

    /** Begins the dials that the waiters need, the oldest first, as far as there is or can be made room. */
    void provide(long now) {
        if (closed) {
            return;
        }
        int promised = 0;
        Account starving = null;
        Account account = queue.first();
        while (account != null && starving == null) {
            for (int wanted = fleet.dialsWanted(account, now); wanted > 0 && starving == null; wanted--) {
                Account next = fleet.nextHop(account, false, now);
                if (next == null) {
                    fleet.prove(account, now);
                    break;
                }
                if (fleet.hasRoom()) {
                    fleet.dial(next, now);
                } else if (promised < fleet.closing() || makeRoom(account, now)) {
                    promised++;
                } else {
                    starving = account;
                }
            }
            account = queue.after(account);
        }
        boolean starves = starving != null && starving == queue.first() && !starving.hasProspect();
        drainFor(starves ? starving : null, now);
    }

    /** Closes the least recently used connection on which nothing runs. */
    boolean makeRoom(Account account, long now) {
        PooledConnection victim = fleet.leastRecentlyUsed(account, now);
        for (Claim claim : resting) {
            if (victim == null && fleet.isVictim(claim.connection, account, now)) {
                victim = claim.connection;
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
                fleet.refile(spared);
                serve(spared.account, now);
                if (!spared.account.behind.isEmpty()) {
                    // it may be what somebody behind it waits for
                    provide(now);
                }
            }
        } else if (draining == null) {
            draining = fleet.leastBusy(starving, now);
            if (draining != null) {
                draining.draining = true;
                fleet.refile(draining);
            }
        }
    }
}
