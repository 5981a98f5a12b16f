package io.sshpool.impl.pool;

import io.sshpool.PoolStats.CloseReason;
import io.sshpool.spi.SshConnection;
import java.util.concurrent.CompletableFuture;

/** The ledger's record of one connection. Guarded by the pool's lock. */
final class PooledConnection {

    final long id;
    final Account account;
    final long createdAt;
    /** The jump host's connection that carries it, or null. */
    final PooledConnection via;
    /** When it takes no more work: the end of its lifetime, or of the credential that it was opened with. */
    long expiresAt;

    private ConnectionState state = ConnectionState.CONNECTING;

    /** Slots held, those of idle request leases included. */
    int used;
    /** Slots held by request leases that run nothing. */
    int yielding;
    /** Channels that are open or being opened. */
    int operations;

    /** Tunnels through it, and its native objects in the hands of applications. */
    int kept;

    /** Connections that run through it, those being opened or closed included. */
    int carried;

    long uses;
    long lastUsedAt;
    /** When the peer was last known to answer. */
    long aliveAt;

    /** A probe decides whether it takes new work. */
    boolean validating;
    /** It is probed because another one of its target is dead. */
    boolean suspected;
    /** Takes no new work, as its place is needed by a waiter that would starve. */
    boolean draining;
    /** Retired while it was connecting. */
    boolean doomed;
    /** Whether it stands in its account's list of connections with a free slot. */
    boolean listed;

    CloseReason closeReason;

    /** The dial, while connecting; written by the pool. */
    CompletableFuture<SshConnection> dial;
    /** The transport, once open; written by the pool. */
    SshConnection transport;

    PooledConnection(long id, Account account, PooledConnection via, long createdAt, long expiresAt) {
        this.id = id;
        this.account = account;
        this.via = via;
        this.createdAt = createdAt;
        this.expiresAt = expiresAt;
        lastUsedAt = createdAt;
        aliveAt = createdAt;
    }

    ConnectionState state() {
        return state;
    }

    boolean is(ConnectionState other) {
        return state == other;
    }

    void become(ConnectionState next) {
        state = state.to(next);
    }

    /** Whether leases may go on using it, retired or not. */
    boolean isUsable() {
        return state == ConnectionState.OPEN || state == ConnectionState.RETIRED;
    }

    /** Whether it is to go because it did not answer. */
    boolean isSick() {
        return closeReason == CloseReason.UNHEALTHY;
    }

    /**
     * Whether it is to be probed in the background: when nothing runs on it; a required target's in any case, as its state is
     * asked for.
     */
    boolean isToBeChecked() {
        return isAtRest() || mayTakeWork() && account.target.required();
    }

    boolean mayTakeWork() {
        return state == ConnectionState.OPEN && !validating && !draining;
    }

    boolean hasFreeSlot() {
        return mayTakeWork() && used < account.channelLimit();
    }

    /** Whether it would have a free slot if the leases at rest on it gave way. */
    boolean canBeFreed() {
        return mayTakeWork() && yielding > 0 && used - yielding < account.channelLimit();
    }

    /** Whether something of an application's goes through it, which would be cut off. */
    boolean isBusy() {
        return operations > 0 || kept > 0;
    }

    /** Whether neither a lease nor another connection is on it. */
    boolean isUnused() {
        return used == 0 && carried == 0;
    }

    /** Whether what carries it takes no new work. */
    boolean isStranded() {
        return via != null && !via.is(ConnectionState.OPEN);
    }

    /** Whether it is open for nobody. */
    boolean isIdle() {
        return state == ConnectionState.OPEN && !validating && isUnused();
    }

    /** Whether nothing but request leases at rest is on it. */
    boolean isAtRest() {
        return state == ConnectionState.OPEN && !validating && used == yielding;
    }

    @Override
    public String toString() {
        return "connection " + id + " to " + account.target.name() + " " + state + " used=" + used;
    }
}
