package io.sshpool.impl.pool;

import io.sshpool.ChannelRefusedException;
import io.sshpool.ConnectionLostException;
import io.sshpool.LeaseClosedException;
import io.sshpool.PoolStats.CloseReason;
import io.sshpool.spi.PoolListener;
import io.sshpool.spi.SshChannel;
import io.sshpool.spi.SshConnection;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiConsumer;
import java.util.function.Function;

/**
 * One channel on a lease: gets a slot, opens the channel on that slot's connection, and gives the slot back when the channel is
 * closed. As long as nothing was sent, it moves to another connection when its own dies or refuses the channel.
 *
 * <p>It knows nothing of what runs in the channel. A further kind is a subtype of {@link SshChannel}, a method of {@link SshConnection}
 * that opens it, and an operation that calls that method, as those of {@link Commands} do.
 *
 * @param <T> what is known at the channel's end
 * @param <C> the channel
 */
final class Operation<T, C extends SshChannel<T>> {

    private static final long FREEING_NANOS = Duration.ofSeconds(5).toNanos();
    private static final int MOST_LOSSES = 3;

    /** The channel, once it can be used; fails as the result does when it comes to an end before that. */
    final CompletableFuture<C> opened = new CompletableFuture<>();

    /** How it ends for whoever asked for it, which may be before the channel's end; the end has been told by then. */
    final CompletableFuture<T> result = new CompletableFuture<>();

    private final Lease lease;
    private final Core core;
    private final Function<SshConnection, C> opening;
    private final BiConsumer<? super T, ? super Throwable> told;
    private final long deadline;
    /** Keeps the application's handle reachable while the operation is under way. */
    private final Object handle;

    /** What it waits for while it has no slot, else null. Written by the lease under the pool's lock. */
    volatile Claim sought;

    private final AtomicBoolean over = new AtomicBoolean();
    private int losses;
    private volatile C channel;
    /** The slot of the channel. */
    private volatile Claim place;

    private Operation(
            Lease lease,
            Function<SshConnection, C> opening,
            BiConsumer<? super T, ? super Throwable> told,
            Object handle) {
        this.lease = lease;
        this.core = lease.core;
        this.opening = opening;
        this.told = told;
        this.handle = handle;
        deadline = core.now() + Core.nanos(core.config.acquireTimeout());
    }

    /**
     * Starts an operation; never throws.
     *
     * @param opening opens the channel; called once for each connection that is tried, and blocks no more than the connection does
     * @param told hears of the end once, before whoever waits for the result; must not throw
     * @param handle what the application holds, kept reachable to the end; may be null
     */
    static <T, C extends SshChannel<T>> Operation<T, C> start(
            Lease lease,
            Function<SshConnection, C> opening,
            BiConsumer<? super T, ? super Throwable> told,
            Object handle) {
        Operation<T, C> operation = new Operation<>(lease, opening, told, handle);
        operation.seek(Optional.empty());
        return operation;
    }

    // ---- getting a slot

    private void seek(Optional<Claim> earlier) {
        Claim slot;
        try {
            slot = lease.take(this, earlier);
        } catch (LeaseClosedException e) {
            fail(e);
            return;
        }
        if (slot.isGranted()) {
            run(slot);
        } else {
            await(slot);
        }
    }

    private void await(Claim wanted) {
        PoolListener.Acquire acquiring = lease.acquiring(wanted);
        CompletableFuture<Claim> outcome = core.slot(wanted, Duration.ofNanos(Math.max(0, deadline - core.now())));
        if (outcome == null) {
            granted(wanted, acquiring);
            return;
        }
        outcome.whenComplete((granted, failure) -> {
            if (failure == null) {
                granted(granted, acquiring);
            } else {
                notGranted(wanted, failure, acquiring);
            }
        });
        // given up before the wait could be seen
        if (over.get()) {
            lease.drop(this);
        }
    }

    private void granted(Claim slot, PoolListener.Acquire acquiring) {
        acquiring.granted(slot.connection.id, slot.reused);
        if (lease.settle(this, slot, acquiring)) {
            run(slot);
        }
    }

    private void notGranted(Claim wanted, Throwable failure, PoolListener.Acquire acquiring) {
        acquiring.failed(failure);
        if (sought != wanted) {
            // it has the lease's home slot instead, or was given up
            return;
        }
        if (wanted.refusal != null && wanted.refusal.kind() == Refusal.Kind.CONNECTION_GONE && !over.get()) {
            seek(Optional.of(wanted));
            return;
        }
        lease.drop(this);
        fail(failure);
    }

    // ---- running

    void run(Claim slot) {
        if (over.get()) {
            lease.free(this, slot, false);
            return;
        }
        place = slot;
        C begun;
        try {
            begun = opening.apply(slot.connection.transport);
        } catch (RuntimeException | Error broken) {
            fail(broken);
            lease.free(this, slot, false);
            return;
        }
        channel = begun;
        begun.opened().thenRun(() -> opened.complete(begun));
        begun.result().whenComplete((value, failure) -> ended(slot, begun, value, failure));
        if (over.get()) {
            // perhaps given up before the channel could be seen
            result.exceptionally(why -> {
                begun.cancel(why);
                return null;
            });
        }
    }

    private void ended(Claim slot, C ended, T value, Throwable failure) {
        if (failure instanceof ChannelRefusedException refused
                && refused.stage() == ChannelRefusedException.Stage.OPEN
                && !over.get()) {
            refused(slot, refused);
        } else if (failure instanceof ConnectionLostException lost && lost.isRetryable() && !over.get()) {
            core.died(slot.connection, CloseReason.LOST);
            move(slot, ++losses <= MOST_LOSSES, lost);
        } else {
            freeWhenReleased(slot, ended, failure == null);
            end(value, failure);
        }
    }

    private void refused(Claim slot, ChannelRefusedException refused) {
        if (lease.isPinnedTo(slot)) {
            // the application may have opened channels of its own: nothing can be learned, and the lease stays
            move(slot, false, refused);
            return;
        }
        int limit = core.ask((ledger, now) -> ledger.refused(slot.connection, now) ? lease.account.channelLimit() : 0);
        if (limit > 0) {
            core.listener.channelLimitLearned(lease.account.target, limit);
        }
        move(slot, limit > 0, refused);
    }

    private void move(Claim slot, boolean elsewhere, RuntimeException failure) {
        channel = null;
        if (elsewhere && deadline - core.now() > 0 && lease.leave(slot)) {
            seek(Optional.of(slot));
        } else {
            lease.free(this, slot, false);
            fail(failure);
        }
    }

    /** The slot is free when the server has closed the channel too; if that does not come, the connection goes. */
    private void freeWhenReleased(Claim slot, C ended, boolean answered) {
        CompletableFuture<Boolean> clean = new CompletableFuture<>();
        ended.released().whenComplete((done, failure) -> clean.complete(true));
        if (!clean.isDone()) {
            Future<?> alarm = core.after(FREEING_NANOS, () -> clean.complete(false));
            clean.thenRun(() -> alarm.cancel(false));
        }
        clean.thenAccept(isClean -> {
            if (!isClean) {
                core.change((ledger, now) -> ledger.retire(slot.connection, CloseReason.TAINTED, now));
            }
            lease.free(this, slot, answered);
        });
    }

    /** Whether more work may begin on its channel, which is open: not where the lease is to move on. */
    boolean mayGoOn() {
        return lease.mayGoOn(place);
    }

    // ---- the end

    /** Ends the operation for its caller now, and for the server as soon as that can be done. */
    void giveUp(Throwable why) {
        if (!fail(why)) {
            return;
        }
        C running = channel;
        if (running != null) {
            running.cancel(why);
        } else if (sought != null) {
            lease.drop(this);
        }
    }

    private boolean fail(Throwable failure) {
        return end(null, failure);
    }

    private boolean end(T value, Throwable failure) {
        if (!over.compareAndSet(false, true)) {
            return false;
        }
        told.accept(value, failure);
        if (failure == null) {
            result.complete(value);
        } else {
            result.completeExceptionally(failure);
            opened.completeExceptionally(failure);
        }
        return true;
    }

    @Override
    public String toString() {
        return "operation on " + lease.account.target.name() + (handle == null ? "" : " by " + handle.getClass());
    }
}
