package io.sshpool.impl.pool;

import io.sshpool.ConnectionLostException;
import io.sshpool.LeaseClosedException;
import io.sshpool.PoolStats.CloseReason;
import io.sshpool.spi.PoolListener;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;

/**
 * What stands behind a handle: one slot, its <em>home</em>, and the operations under way. Operations run on the home slot; those at the
 * same time on further slots of that connection. A home that is lost, was taken back at rest, or has been retired, is replaced by
 * the next operation. Fields are guarded by the pool's lock.
 */
final class Lease {

    final Core core;
    final Account account;

    private final boolean yields;
    private final List<Operation<?, ?>> operations = new ArrayList<>(0);
    /** Of the acquire whose lease this is, to its close; each slot of a request's lease has an acquire of its own. */
    private final PoolListener.Acquire observer;

    private Claim home;
    private boolean homeBusy;
    /** Slots of operations that do not run on the home slot. */
    private final List<Claim> extras = new ArrayList<>(0);
    /** The native object of the home connection was handed out. */
    private boolean pinned;
    /** How many are about to be handed that object. */
    private int unwrapping;
    /** What tunnels and natives wait for while there is no home. */
    private final List<Claim> awaited = new ArrayList<>(0);
    /** Those through the home connection. */
    private final Set<PooledTunnel> tunnels = new HashSet<>(0);

    private boolean closed;

    /** A lease that has its slot. */
    Lease(Core core, Claim home, PoolListener.Acquire observer) {
        this.core = core;
        this.account = home.account;
        this.home = home;
        this.observer = observer;
        yields = false;
    }

    /** A request's lease: borrows at its first operation, and gives way. */
    Lease(Core core, Account account) {
        this.core = core;
        this.account = account;
        observer = PoolListener.Acquire.NONE;
        yields = true;
    }

    boolean isConnected() {
        return core.ask((ledger, now) -> {
            return !closed
                    && (isHomeAlive()
                            || yields && ledger.account(account.target, now).open() > 0);
        });
    }

    /** For how long it has held the slot that it has held for longest; empty when what it has, if anything, may be taken back. */
    Optional<Duration> held() {
        return core.ask((ledger, now) -> Stream.concat(Stream.ofNullable(home), extras.stream())
                .filter(Claim::isHeld)
                .map(slot -> Duration.ofNanos(now - slot.heldSince))
                .max(Comparator.naturalOrder()));
    }

    // ---- slots, for operations

    /**
     * A slot for an operation: the home slot at once, or a claim for the operation to wait for.
     *
     * @param earlier the claim in whose place in the queue it waits, if any
     * @throws LeaseClosedException when the lease is closed
     */
    Claim take(Operation<?, ?> operation, Optional<Claim> earlier) {
        return core.ask((ledger, now) -> {
            requireOpen();
            if (!operations.contains(operation)) {
                operations.add(operation);
            }
            if (!homeBusy && resumeHome(ledger, now)) {
                homeBusy = true;
                operation.sought = null;
                ledger.operationStarted(home.connection);
                return home;
            }
            // known from here on: the home slot may come free for it before it stands in the queue
            operation.sought = earlier.map(Claim::renew).orElseGet(this::furtherSlot);
            return operation.sought;
        });
    }

    private Claim furtherSlot() {
        boolean takesMore = homeBusy && home.isGranted() && home.connection.is(ConnectionState.OPEN);
        return takesMore ? new Claim(account, home.connection) : newHome();
    }

    /** A slot in the place of a home that there is not: to a request's lease a lease of its own, to another the move of its one. */
    private Claim newHome() {
        return yields ? new Claim(account, null) : Claim.ofMove(account);
    }

    /**
     * An operation got the slot that it waited for.
     *
     * @param acquired hears when the slot is back
     * @return false when it is not wanted any more, and has been given back
     */
    boolean settle(Operation<?, ?> operation, Claim granted, PoolListener.Acquire acquired) {
        return core.ask((ledger, now) -> {
            granted.observer = acquired;
            if (closed || operation.sought == null) {
                ledger.release(granted, now);
                return false;
            }
            operation.sought = null;
            if (home == null) {
                home = granted;
                homeBusy = true;
            } else {
                extras.add(granted);
            }
            ledger.operationStarted(granted.connection);
            return true;
        });
    }

    /** An operation has ended and its channel is closed. */
    void free(Operation<?, ?> operation, Claim slot, boolean answered) {
        Runnable handOver = core.ask((ledger, now) -> {
            operations.remove(operation);
            ledger.operationEnded(slot.connection, now);
            if (answered) {
                ledger.answered(slot.connection, now);
            }
            return slot == home ? homeFreed(ledger, now) : releaseExtra(ledger, slot, now);
        });
        if (handOver != null) {
            handOver.run();
        }
    }

    /**
     * An operation leaves a slot on which it did not run, to look for another one. The lease moves along.
     *
     * @return false when the lease must stay where it is, and the operation with it
     */
    boolean leave(Claim slot) {
        return core.ask((ledger, now) -> {
            if (slot == home && isKept() && isHomeAlive()) {
                return false;
            }
            ledger.operationEnded(slot.connection, now);
            if (slot == home) {
                homeBusy = false;
                forgetHome();
            }
            extras.remove(slot);
            ledger.release(slot, now);
            return true;
        });
    }

    /** Whether the lease must keep the connection of this slot. */
    boolean isPinnedTo(Claim slot) {
        return core.ask((ledger, now) -> isKept() && slot == home);
    }

    /** Whether more work may begin on a channel of this slot. */
    boolean mayGoOn(Claim slot) {
        return core.ask((ledger, now) -> slot.connection.is(ConnectionState.OPEN) || slot == home && isKept());
    }

    private boolean isKept() {
        return pinned || unwrapping > 0 || !tunnels.isEmpty();
    }

    /** Who observes an acquire for this lease: nobody where the operation only takes one more slot. */
    PoolListener.Acquire acquiring(Claim claim) {
        return yields && claim.only == null ? core.listener.acquiring(account.target) : PoolListener.Acquire.NONE;
    }

    /** An operation ended without having had a slot: it looks for none any more. */
    void drop(Operation<?, ?> operation) {
        Claim sought = core.ask((ledger, now) -> {
            operations.remove(operation);
            Claim last = operation.sought;
            operation.sought = null;
            if (last != null) {
                ledger.cancel(last, now);
            }
            return last;
        });
        if (sought != null) {
            core.forgo(sought);
        }
    }

    private Runnable releaseExtra(Ledger ledger, Claim slot, long now) {
        extras.remove(slot);
        ledger.release(slot, now);
        return null;
    }

    private Runnable homeFreed(Ledger ledger, long now) {
        homeBusy = false;
        if (closed || !takesWork()) {
            releaseHome(ledger, now);
            return null;
        }
        for (Operation<?, ?> operation : operations) {
            Claim obsolete = operation.sought;
            if (obsolete != null && ledger.cancel(obsolete, now)) {
                operation.sought = null;
                homeBusy = true;
                ledger.operationStarted(home.connection);
                Claim slot = home;
                return () -> {
                    core.forgo(obsolete);
                    operation.run(slot);
                };
            }
        }
        if (yields && !isKept()) {
            ledger.rest(home, now);
        }
        return null;
    }

    /** Whether the home slot, on which nothing runs, may be used; one that is dead or retired is given up. */
    private boolean resumeHome(Ledger ledger, long now) {
        if (takesWork() && ledger.resume(home, now)) {
            return true;
        }
        releaseHome(ledger, now);
        return false;
    }

    /** Whether the next operation may begin on the home connection: on a retired one only if the lease must keep it. */
    private boolean takesWork() {
        return isHomeAlive() && (isKept() || home.connection.is(ConnectionState.OPEN));
    }

    private boolean isHomeAlive() {
        return home != null && home.isGranted() && home.connection.isUsable() && home.connection.transport.isOpen();
    }

    private void requireOpen() {
        if (closed) {
            throw closedBefore();
        }
    }

    private LeaseClosedException closedBefore() {
        String target = account.target.name();
        return new LeaseClosedException(
                target,
                yields
                        ? "the request to which this handle on " + target + " belonged has ended"
                        : "the lease on " + target + " is closed; acquire another one");
    }

    private void releaseHome(Ledger ledger, long now) {
        if (home == null) {
            return;
        }
        if (pinned) {
            ledger.retire(home.connection, CloseReason.TAINTED, now);
        }
        ledger.release(home, now);
        forgetHome();
    }

    private void forgetHome() {
        home.connection.kept -= tunnels.size() + (pinned ? 1 : 0);
        home = null;
        pinned = false;
        tunnels.clear();
    }

    // ---- unwrap, tunnels and close

    /** The native object of the home connection, which the lease keeps from now on. */
    <T> T unwrap(Class<T> type) {
        PooledConnection connection = keep(() -> unwrapping++);
        try {
            // before it is pinned: a wrong type is no reason to give a connection up
            T object = nativeObject(connection, type);
            core.change((ledger, now) -> pin(connection));
            return object;
        } finally {
            core.change((ledger, now) -> {
                unwrapping--;
                connection.kept--;
                restHome(ledger, now);
            });
        }
    }

    private void pin(PooledConnection connection) {
        requireOpen();
        if (home == null || home.connection != connection) {
            throw lost();
        }
        if (!pinned) {
            pinned = true;
            connection.kept++;
        }
    }

    /** The home connection, which the lease keeps from now on until the tunnel lets it go. */
    PooledConnection keepFor(PooledTunnel tunnel) {
        return keep(() -> tunnels.add(tunnel));
    }

    /** A tunnel is no more. */
    void letGo(PooledTunnel tunnel) {
        core.change((ledger, now) -> {
            if (tunnels.remove(tunnel)) {
                home.connection.kept--;
                restHome(ledger, now);
            }
        });
    }

    /** The home connection, which is kept for what this notes; a slot is waited for where there is none. */
    private PooledConnection keep(Runnable why) {
        // found and kept in one step: in between, a lease at rest could give way
        PooledConnection kept = core.ask((ledger, now) -> {
            requireOpen();
            return keepHome(why, ledger, now);
        });
        if (kept != null) {
            return kept;
        }
        Claim slot = awaitSlot();
        kept = core.ask((ledger, now) -> {
            adopt(slot, ledger, now);
            return keepHome(why, ledger, now);
        });
        if (kept == null) {
            core.change((ledger, now) -> requireOpen());
            throw lost();
        }
        return kept;
    }

    private PooledConnection keepHome(Runnable why, Ledger ledger, long now) {
        if (closed || !(homeBusy ? isHomeAlive() : resumeHome(ledger, now))) {
            return null;
        }
        why.run();
        home.connection.kept++;
        return home.connection;
    }

    private void adopt(Claim slot, Ledger ledger, long now) {
        // while this one waited, another may have found a home
        if (closed || homeBusy || resumeHome(ledger, now)) {
            ledger.release(slot, now);
        } else {
            home = slot;
        }
    }

    private Claim awaitSlot() {
        Claim claim = newHome();
        CompletableFuture<Claim> outcome = core.slot(claim, core.config.acquireTimeout());
        if (outcome == null) {
            return claim;
        }
        boolean late = core.ask((ledger, now) -> {
            awaited.add(claim);
            return closed;
        });
        if (late) {
            core.end(claim, closedBefore());
        }
        try {
            return Waits.await(
                    outcome, account.target.name(), "waiting for a connection to", () -> core.abandon(claim, outcome));
        } finally {
            core.change((ledger, now) -> awaited.remove(claim));
        }
    }

    private ConnectionLostException lost() {
        return ConnectionLostException.beforeSending(
                account.target.name(), "the connection to " + account.target.name() + " was lost", null);
    }

    private static <T> T nativeObject(PooledConnection connection, Class<T> type) {
        return connection
                .transport
                .unwrap(type)
                .orElseThrow(() -> new IllegalArgumentException("a connection has no " + type.getName()));
    }

    private void restHome(Ledger ledger, long now) {
        if (yields && !isKept() && !homeBusy && isHomeAlive()) {
            ledger.rest(home, now);
        }
    }

    /**
     * Ends the operations under way and gives the slot back, at the latest when their channels are closed.
     *
     * @return whether it held what only its holder's close gives back: anything, or for a request's lease a pinned connection
     */
    boolean close(String why) {
        End end = core.ask((ledger, now) -> {
            if (closed) {
                return End.BEFORE;
            }
            closed = true;
            boolean held = home != null && home.isGranted() && (!yields || isKept());
            List<PooledTunnel> open = List.copyOf(tunnels);
            if (!homeBusy) {
                releaseHome(ledger, now);
            }
            return new End(List.copyOf(operations), List.copyOf(awaited), open, observer, held);
        });
        for (Operation<?, ?> operation : end.running) {
            operation.giveUp(new LeaseClosedException(account.target.name(), why));
        }
        for (Claim claim : end.awaited) {
            core.end(claim, new LeaseClosedException(account.target.name(), why));
        }
        end.tunnels.forEach(PooledTunnel::close);
        end.observer.released();
        return end.held;
    }

    /** What a close leaves to be done outside the lock. */
    private record End(
            List<Operation<?, ?>> running,
            List<Claim> awaited,
            List<PooledTunnel> tunnels,
            PoolListener.Acquire observer,
            boolean held) {
        private static final End BEFORE = new End(List.of(), List.of(), List.of(), PoolListener.Acquire.NONE, false);
    }
}
