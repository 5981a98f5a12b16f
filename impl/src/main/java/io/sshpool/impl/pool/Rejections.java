package io.sshpool.impl.pool;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;

/**
 * Ends the window after a rejected credential or host key when what was rejected has changed. Asking costs at most a look at a file
 * or a secret store, never an attempt at the server; callers who come together share one look.
 */
final class Rejections {

    private static final long PAUSE_NANOS = Duration.ofMillis(200).toNanos();

    private final Core core;
    private final Map<Account, Rejection> open = new ConcurrentHashMap<>();

    Rejections(Core core) {
        this.core = core;
    }

    /** What was rejected, and the last look at whether it has changed. */
    static final class Rejection {
        private final Optional<Object> rejected;
        private CompletableFuture<Boolean> look;
        private long lookedAt;

        private Rejection(Optional<Object> rejected) {
            this.rejected = rejected;
        }

        /** The look that is under way or was taken just now, else the one offered, which the caller must take. */
        private CompletableFuture<Boolean> join(CompletableFuture<Boolean> offered, long now) {
            boolean recent = look != null && (!look.isDone() || now - lookedAt < PAUSE_NANOS);
            if (!recent) {
                look = offered;
                lookedAt = now;
            }
            return look;
        }
    }

    /** Finds out what is rejected just now; a provider that blocks is waited for as long as a probe. */
    CompletableFuture<Rejection> of(Account account) {
        CompletableFuture<Optional<Object>> rejected = revision(account);
        Future<?> alarm =
                core.after(core.config.validationTimeout().toNanos(), () -> rejected.complete(Optional.empty()));
        return rejected.thenApply(found -> {
            alarm.cancel(false);
            return new Rejection(found);
        });
    }

    /** The window begins. Called under the pool's lock, together with the ledger's taking note of the failure. */
    void begin(Account account, Rejection rejection, Ledger ledger) {
        open.keySet().removeIf(other -> !other.backOff.isRejected() || !ledger.remembers(other));
        open.put(account, rejection);
    }

    boolean mayBeOver(Account account) {
        return open.containsKey(account);
    }

    /** Refuses a claim for good, or puts it again. */
    void recheck(Claim claim) {
        hasChanged(claim.refusal.obstacle()).thenAccept(changed -> {
            if (changed) {
                core.requestAgain(claim);
            } else {
                core.fail(claim);
            }
        });
    }

    private CompletableFuture<Boolean> hasChanged(Account account) {
        Rejection rejection = open.get(account);
        if (rejection == null) {
            return CompletableFuture.completedFuture(true);
        }
        CompletableFuture<Boolean> mine = new CompletableFuture<>();
        CompletableFuture<Boolean> look = core.ask((ledger, now) -> rejection.join(mine, now));
        if (look == mine) {
            // not under the lock: it may block
            look(account, rejection).thenAccept(mine::complete);
        }
        return look;
    }

    private CompletableFuture<Boolean> look(Account account, Rejection rejection) {
        return revision(account).thenApply(current -> {
            boolean changed = current.isPresent() && !current.equals(rejection.rejected);
            if (changed && open.remove(account, rejection)) {
                // once, not for each caller: the next attempt may have been rejected before the last of them comes
                core.change((ledger, now) -> ledger.endBackOff(account, now));
            }
            return changed;
        });
    }

    /** Empty when it cannot be had, which is no reason to try again. */
    private CompletableFuture<Optional<Object>> revision(Account account) {
        CompletableFuture<Optional<Object>> revision = new CompletableFuture<>();
        Waits.runOn(core.threads.workers(), () -> {
            try {
                revision.complete(Optional.of(core.factory.revision(account.target)));
            } catch (RuntimeException | Error broken) {
                revision.complete(Optional.empty());
            }
        });
        return revision;
    }
}
