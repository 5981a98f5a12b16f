package io.sshpool.impl.pool;

import io.sshpool.Command;
import io.sshpool.CommandCancelledException;
import io.sshpool.ExecResult;
import io.sshpool.GroupResult;
import java.time.Duration;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** One command on its way through a group: as many hosts under way as may be, the next with every one that is over. */
final class GroupRun {

    private final Group group;
    private final Command command;
    private final CompletableFuture<GroupResult> result = new CompletableFuture<>();
    private final AtomicInteger wanted = new AtomicInteger();

    // All guarded by the lock, under which nothing is called.
    private final Object lock = new Object();
    private final Iterator<String> next;
    private final Map<String, CompletableFuture<ExecResult>> underWay = new HashMap<>();
    private final Map<String, ExecResult> results = new HashMap<>();
    private final Map<String, Throwable> failures = new HashMap<>();
    private int running;
    private String stopped;

    GroupRun(Group group, Command command) {
        this.group = group;
        this.command = command;
        next = group.keys().iterator();
    }

    CompletableFuture<GroupResult> result() {
        return result;
    }

    void start() {
        group.limit().ifPresent(this::bound);
        proceed();
    }

    void cancel() {
        stop("the caller gave it up");
    }

    private void bound(Duration limit) {
        try {
            Future<?> alarm = group.core()
                    .threads
                    .timer()
                    .schedule(
                            () -> stop("the run's time-out of " + limit.toMillis() + " ms was over"),
                            Core.nanos(limit),
                            TimeUnit.NANOSECONDS);
            result.whenComplete((done, failure) -> alarm.cancel(false));
        } catch (RejectedExecutionException e) {
            // The pool is closed, and every host about to fail.
        }
    }

    /** Starts what may start. Not recursive, however many hosts fail in the very call: a second caller leaves it to the first. */
    private void proceed() {
        if (wanted.getAndIncrement() > 0) {
            return;
        }
        int seen;
        do {
            seen = wanted.get();
            for (String key = take(); key != null; key = take()) {
                launch(key);
            }
        } while (!wanted.compareAndSet(seen, 0));
        conclude();
    }

    private String take() {
        synchronized (lock) {
            if (stopped != null || running >= group.parallel() || !next.hasNext()) {
                return null;
            }
            running++;
            return next.next();
        }
    }

    private void launch(String key) {
        CompletableFuture<ExecResult> stage = stage(key);
        boolean late;
        synchronized (lock) {
            underWay.put(key, stage);
            late = stopped != null;
        }
        stage.whenComplete((value, failure) -> ended(key, value, failure));
        if (late) {
            stage.cancel(true);
        }
    }

    private CompletableFuture<ExecResult> stage(String key) {
        try {
            return group.execution().apply(key, command).toCompletableFuture();
        } catch (RuntimeException | Error broken) {
            return CompletableFuture.failedFuture(broken);
        }
    }

    private void ended(String key, ExecResult value, Throwable failure) {
        synchronized (lock) {
            running--;
            underWay.remove(key);
            if (failure == null) {
                results.put(key, value);
            } else if (failure instanceof CancellationException && stopped != null) {
                failures.put(key, CommandCancelledException.underWay(key, stopped));
            } else {
                failures.put(key, failure);
            }
        }
        boolean failed = failure != null || !value.isSuccess();
        if (failed && group.stopsOnFailure()) {
            stop("the command failed on another host");
        }
        proceed();
    }

    private void stop(String reason) {
        List<CompletableFuture<ExecResult>> given;
        synchronized (lock) {
            if (stopped != null) {
                return;
            }
            stopped = reason;
            given = List.copyOf(underWay.values());
        }
        given.forEach(stage -> stage.cancel(true));
        proceed();
    }

    private void conclude() {
        GroupResult complete;
        synchronized (lock) {
            if (running > 0 || stopped == null && next.hasNext()) {
                return;
            }
            next.forEachRemaining(key -> failures.put(key, CommandCancelledException.notStarted(key, stopped)));
            complete = new GroupResult(group.keys(), results, failures);
        }
        result.complete(complete);
    }
}
