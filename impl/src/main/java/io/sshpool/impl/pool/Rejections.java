package io.sshpool.impl.pool;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;

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
    private static final class Rejection {
        private final CompletableFuture<Optional<Object>> rejected;
        private CompletableFuture<Boolean> look;
        private long lookedAt;

        private Rejection(CompletableFuture<Optional<Object>> rejected) {
            this.rejected = rejected;
        }
    }

    void begin(Account account) {
        open.keySet().removeIf(other -> !other.backOff.isRejected());
        open.put(account, new Rejection(revision(account)));
    }

    boolean mayBeOver(Account account) {
        return open.containsKey(account);
    }

    /** Refuses a claim for good, or puts it again. */
    void recheck(Claim claim) {
        hasChanged(claim.account).thenAccept(changed -> {
            if (changed) {
                core.change((ledger, now) -> ledger.endBackOff(claim.account, now));
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
        long now = core.now();
        return core.ask((ledger, at) -> {
            boolean recent =
                    rejection.look != null && (!rejection.look.isDone() || now - rejection.lookedAt < PAUSE_NANOS);
            if (!recent) {
                rejection.lookedAt = now;
                rejection.look = look(account, rejection);
            }
            return rejection.look;
        });
    }

    private CompletableFuture<Boolean> look(Account account, Rejection rejection) {
        return rejection.rejected.thenCombine(revision(account), (rejected, current) -> {
            boolean changed = current.isPresent() && !current.equals(rejected);
            if (changed) {
                open.remove(account, rejection);
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
            } catch (RuntimeException e) {
                revision.complete(Optional.empty());
            }
        });
        return revision;
    }
}
