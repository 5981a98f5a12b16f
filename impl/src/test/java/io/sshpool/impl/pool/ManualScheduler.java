package io.sshpool.impl.pool;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/** An executor whose tasks run when {@link ManualTime#advance} says so. Thread-safe. */
final class ManualScheduler extends AbstractExecutorService implements ScheduledExecutorService {

    private final ManualTime time;
    private final String name;

    private volatile boolean rejecting;
    private final AtomicBoolean exhausted = new AtomicBoolean();
    private volatile boolean dropping;
    private volatile Duration lateness = Duration.ZERO;
    private volatile boolean shutdown;

    ManualScheduler(ManualTime time, String name) {
        this.time = time;
        this.name = name;
    }

    String name() {
        return name;
    }

    /** Takes no more tasks, as a container's executor at its limit or after its shutdown. */
    void reject() {
        rejecting = true;
    }

    /** Has no thread for the next task, and the system gives it none. */
    void exhaust() {
        exhausted.set(true);
    }

    /** Takes tasks and never runs them. */
    void drop() {
        dropping = true;
    }

    /** Runs tasks that much later than they are due, as one whose threads are all taken. */
    void delay(Duration late) {
        lateness = late;
    }

    long pending() {
        return time.pending(this);
    }

    @Override
    public <V> ScheduledFuture<V> schedule(Callable<V> task, long delay, TimeUnit unit) {
        if (rejecting || shutdown) {
            throw new RejectedExecutionException(name + " takes no more tasks");
        }
        if (exhausted.compareAndSet(true, false)) {
            throw new OutOfMemoryError("unable to create native thread");
        }
        ManualTask<V> accepted = new ManualTask<>(time, this, task);
        return dropping ? accepted : time.add(accepted, unit.toNanos(delay) + lateness.toNanos());
    }

    @Override
    public ScheduledFuture<?> schedule(Runnable task, long delay, TimeUnit unit) {
        return schedule(Executors.callable(task), delay, unit);
    }

    @Override
    public void execute(Runnable task) {
        schedule(task, 0, TimeUnit.NANOSECONDS);
    }

    @Override
    public ScheduledFuture<?> scheduleAtFixedRate(Runnable task, long initial, long period, TimeUnit unit) {
        throw new UnsupportedOperationException();
    }

    @Override
    public ScheduledFuture<?> scheduleWithFixedDelay(Runnable task, long initial, long delay, TimeUnit unit) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void shutdown() {
        shutdown = true;
    }

    @Override
    public List<Runnable> shutdownNow() {
        shutdown = true;
        time.removeAll(this);
        return List.of();
    }

    @Override
    public boolean isShutdown() {
        return shutdown;
    }

    @Override
    public boolean isTerminated() {
        return shutdown && pending() == 0;
    }

    @Override
    public boolean awaitTermination(long timeout, TimeUnit unit) {
        return isTerminated();
    }
}
