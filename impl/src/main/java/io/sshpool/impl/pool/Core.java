package io.sshpool.impl.pool;

import io.sshpool.AcquireTimeoutException;
import io.sshpool.PoolConfig;
import io.sshpool.PoolStats.CloseReason;
import io.sshpool.spi.ConnectionFactory;
import io.sshpool.spi.PoolListener;
import io.sshpool.spi.Target;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.ToIntFunction;

/**
 * The lock around the ledger, and what happens before and after it: callers wait for claims, and what the ledger decided is
 * carried out. Nothing slow, and no code of anybody else's, runs under the lock.
 */
final class Core {

    final PoolConfig config;
    final ConnectionFactory factory;
    final PoolListener listener;
    final PoolThreads threads;
    final Rejections rejections;
    final IdleFiles idleFiles;
    /** Completes when the ledger is closed and its last connection gone. */
    final CompletableFuture<Void> drained = new CompletableFuture<>();

    private final ReentrantLock lock = new ReentrantLock();
    private final Ledger ledger;
    private final Targets targets;
    private final Transports transports;
    private final Map<String, Account> known = new ConcurrentHashMap<>();

    Core(
            PoolConfig config,
            Targets targets,
            ConnectionFactory factory,
            PoolListener listener,
            PoolThreads threads,
            Ledger ledger) {
        this.config = config;
        this.targets = targets;
        this.factory = factory;
        this.listener = listener;
        this.threads = threads;
        this.ledger = ledger;
        transports = new Transports(this);
        rejections = new Rejections(this);
        idleFiles = new IdleFiles(this);
    }

    /** A change of the ledger at a moment. */
    @FunctionalInterface
    interface Change {
        void apply(Ledger ledger, long now);
    }

    /** A question to the ledger, or a change with an answer, at a moment. */
    @FunctionalInterface
    interface Query<T> {
        T apply(Ledger ledger, long now);
    }

    void change(Change change) {
        ask((ledger, now) -> {
            change.apply(ledger, now);
            return null;
        });
    }

    <T> T ask(Query<T> query) {
        T answer;
        Decisions decisions;
        lock.lock();
        try {
            answer = query.apply(ledger, now());
            decisions = ledger.take();
        } finally {
            lock.unlock();
        }
        carryOut(decisions);
        return answer;
    }

    /** The answer to a question that decides nothing; empty when the ledger is too busy to ask it within a millisecond. */
    <T> Optional<T> glance(Query<T> question) {
        try {
            if (!lock.tryLock() && !lock.tryLock(1, TimeUnit.MILLISECONDS)) {
                return Optional.empty();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
        try {
            return Optional.of(question.apply(ledger, now()));
        } finally {
            lock.unlock();
        }
    }

    long now() {
        return threads.clock().getAsLong();
    }

    /** The account of a key, without the lock where it is known: should it be forgotten meanwhile, a request mends that. */
    Account account(String key) {
        Target target = targets.find(key);
        Account account = known.get(target.name());
        if (account == null) {
            account = ask((ledger, now) -> {
                Account current = ledger.account(target, now);
                known.put(target.name(), current);
                return current;
            });
        }
        return account;
    }

    private void forget(Target target) {
        targets.forget(target);
        known.remove(target.name());
    }

    // ---- claims

    /**
     * Gets a slot: null when the claim is granted already, else a future that ends in one of our exceptions within the
     * time-out, or is cancelled with the claim. Whoever completes the future first decides; a grant that comes too late goes back.
     */
    CompletableFuture<Claim> slot(Claim claim, Duration timeout) {
        CompletableFuture<Claim> outcome = request(claim);
        if (outcome != null && !outcome.isDone()) {
            Future<?> alarm = after(nanos(timeout), () -> expire(claim, outcome, timeout));
            outcome.whenComplete((granted, failure) -> alarm.cancel(false));
        }
        return outcome;
    }

    /** Gives a claim up, whether it is waiting, granted or being granted. */
    void abandon(Claim claim, CompletableFuture<Claim> outcome) {
        if (!outcome.cancel(false) && !outcome.isCompletedExceptionally()) {
            release(outcome.join());
        }
        change((ledger, now) -> ledger.cancel(claim, now));
    }

    /** Ends the wait for a claim with a failure, unless it is over. */
    void end(Claim claim, RuntimeException failure) {
        if (claim.outcome.completeExceptionally(failure)) {
            change((ledger, now) -> ledger.cancel(claim, now));
        }
    }

    /** Tells whoever waits for a claim that it has been cancelled. */
    void forgo(Claim claim) {
        if (claim.outcome != null) {
            claim.outcome.cancel(false);
        }
    }

    void release(Claim claim) {
        Decisions decisions;
        lock.lock();
        try {
            ledger.release(claim, now());
            decisions = ledger.take();
        } finally {
            lock.unlock();
        }
        carryOut(decisions);
    }

    private CompletableFuture<Claim> request(Claim claim) {
        CompletableFuture<Claim> outcome = null;
        Decisions decisions;
        lock.lock();
        try {
            long now = now();
            ledger.request(claim, now);
            while (claim.isGranted() && !claim.connection.transport.isOpen()) {
                ledger.regrant(claim, now);
            }
            if (!claim.isGranted()) {
                outcome = new CompletableFuture<>();
                claim.outcome = outcome;
                if (claim.state == Claim.State.CANCELLED) {
                    outcome.cancel(false);
                }
            }
            decisions = ledger.take();
        } finally {
            lock.unlock();
        }
        carryOut(decisions);
        if (outcome != null) {
            idleFiles.giveWay();
        }
        if (outcome != null && claim.refusal != null && !outcome.isDone()) {
            refused(claim);
        }
        return outcome;
    }

    /** Puts a claim again for whoever waits for an earlier one. */
    void requestAgain(Claim earlier) {
        Claim claim = earlier.renew();
        CompletableFuture<Claim> outcome = request(claim);
        if (outcome == null) {
            granted(claim, earlier.outcome);
            return;
        }
        outcome.whenComplete((granted, failure) -> {
            if (failure == null) {
                granted(granted, earlier.outcome);
            } else {
                earlier.outcome.completeExceptionally(failure);
            }
        });
        earlier.outcome.whenComplete((granted, failure) -> {
            if (failure != null) {
                abandon(claim, outcome);
            }
        });
    }

    private void granted(Claim claim, CompletableFuture<Claim> outcome) {
        if (!outcome.complete(claim)) {
            release(claim);
        }
    }

    private void refused(Claim claim) {
        if (claim.refusal.kind() == Refusal.Kind.BACKING_OFF && rejections.mayBeOver(claim.refusal.obstacle())) {
            rejections.recheck(claim);
        } else {
            fail(claim);
        }
    }

    void fail(Claim claim) {
        claim.outcome.completeExceptionally(Failures.of(claim, counts()));
    }

    private void expire(Claim claim, CompletableFuture<Claim> outcome, Duration timeout) {
        AcquireTimeoutException failure = ask((ledger, now) -> {
            ledger.cancel(claim, now);
            if (claim.isGranted() || outcome.isDone()) {
                return null;
            }
            ledger.counters().timeouts++;
            return Failures.timeout(claim.account, timeout, counts(ledger));
        });
        if (failure != null) {
            outcome.completeExceptionally(failure);
        }
    }

    private String counts() {
        return ask((ledger, now) -> counts(ledger));
    }

    private String counts(Ledger ledger) {
        ToIntFunction<ConnectionState> in = state ->
                (int) ledger.connections().stream().filter(c -> c.is(state)).count();
        long idle = ledger.connections().stream()
                .filter(c -> c.is(ConnectionState.OPEN) && c.used == 0)
                .count();
        int channels = ledger.connections().stream().mapToInt(c -> c.used).sum();
        return "connections: " + ledger.total() + " of " + config.maxConnections() + " ("
                + (in.applyAsInt(ConnectionState.OPEN) - idle) + " used, " + idle + " idle, "
                + in.applyAsInt(ConnectionState.CONNECTING) + " connecting, "
                + (in.applyAsInt(ConnectionState.RETIRED) + in.applyAsInt(ConnectionState.CLOSING)) + " closing), "
                + channels + " channels in use, " + ledger.waiting() + " waiting";
    }

    // ---- carrying out

    private void carryOut(Decisions decisions) {
        if (decisions == null) {
            return;
        }
        if (decisions.drained) {
            drained.complete(null);
        }
        decisions.released.forEach(PoolListener.Acquire::released);
        for (Claim claim : decisions.granted) {
            // without an outcome the claim was granted in the very call that put it
            if (claim.outcome != null) {
                granted(claim, claim.outcome);
            }
        }
        for (Claim claim : decisions.refused) {
            if (claim.outcome != null) {
                fail(claim);
            }
        }
        decisions.forgotten.forEach(this::forget);
        decisions.cancelledDials.forEach(transports::cancelDial);
        decisions.closes.forEach(transports::close);
        decisions.probes.forEach(transports::validate);
        decisions.dials.forEach(transports::dial);
        decisions.wakes.forEach(nanos -> after(nanos, () -> change(Ledger::wake)));
    }

    void died(PooledConnection connection, CloseReason reason) {
        change((ledger, now) -> ledger.died(connection, reason, now));
    }

    /** Asks a connection for an answer: true when it came in time. */
    CompletableFuture<Boolean> probe(PooledConnection connection, Duration timeout) {
        return transports.probe(connection, timeout);
    }

    void abort() {
        transports.abortAll();
    }

    /** Runs a short task later, on the pool's own timer. Does nothing once the pool's threads have stopped. */
    Future<?> after(long nanos, Runnable task) {
        return schedule(threads.timer(), nanos, task);
    }

    /** The nanoseconds of a duration, or as many as there can be: a caller may be willing to wait for ever. */
    static long nanos(Duration duration) {
        return TimeUnit.NANOSECONDS.convert(duration);
    }

    static Future<?> schedule(ScheduledExecutorService executor, long nanos, Runnable task) {
        try {
            return executor.schedule(task, nanos, TimeUnit.NANOSECONDS);
        } catch (RejectedExecutionException e) {
            return CompletableFuture.completedFuture(null);
        }
    }
}
