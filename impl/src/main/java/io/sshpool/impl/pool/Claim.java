package io.sshpool.impl.pool;

import io.sshpool.spi.PoolListener;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;

/** The wish for a slot, and the slot once it is granted. Guarded by the pool's lock. */
final class Claim {

    /** A claim ends in one of the last four. */
    enum State {
        /** Not yet put to the ledger, or put back by {@link Claim#renew}. */
        NEW,
        /** In the queue. */
        WAITING,
        /** Holds a slot. */
        GRANTED,
        /** Gave its slot back. */
        RETURNED,
        /** Had its slot taken back while it was at rest. */
        REVOKED,
        /** The ledger said no; see {@link Claim#refusal}. */
        REFUSED,
        /** Its caller gave up. */
        CANCELLED
    }

    Account account;
    /** The only connection that will do, or null for any of the target's. */
    final PooledConnection only;

    State state = State.NEW;
    /** Not a lease of its own: a further slot of one, or the move of one to another connection. */
    private final boolean furthers;

    /** Order of arrival; 0 until the ledger has seen it. */
    long sequence;

    PooledConnection connection;
    boolean reused;
    Refusal refusal;

    /** At rest: in the ledger's list of claims that may be taken back. */
    boolean resting;

    long restingSince;

    /** Since when the slot is held: the grant, or the end of the last rest. */
    long heldSince;

    /** Hears that the slot is back, however it came back. */
    PoolListener.Acquire observer = PoolListener.Acquire.NONE;

    /** How the pool tells whoever waits; null when nobody had to. */
    CompletableFuture<Claim> outcome;

    /** For a lease; with a connection, for a further slot of one. */
    Claim(Account account, PooledConnection only) {
        this(account, only, only != null);
    }

    private Claim(Account account, PooledConnection only, boolean furthers) {
        this.account = account;
        this.only = only;
        this.furthers = furthers;
    }

    /** For a lease that had a slot before, on any connection. */
    static Claim ofMove(Account account) {
        return new Claim(account, null, true);
    }

    boolean isLease() {
        return !furthers;
    }

    boolean isGranted() {
        return state == State.GRANTED;
    }

    /** Whether it has a slot that is not to be taken back. */
    boolean isHeld() {
        return isGranted() && !resting;
    }

    /** Where it waits. */
    TreeMap<Long, Claim> line() {
        return only == null ? account.waiters : account.bound;
    }

    /** A claim to the same, with the same place in the queue, on any connection. */
    Claim renew() {
        Claim next = ofMove(account);
        next.sequence = sequence;
        return next;
    }
}
