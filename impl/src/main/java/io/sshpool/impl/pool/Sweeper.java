package io.sshpool.impl.pool;

import io.sshpool.spi.PoolListener;
import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;

/**
 * The housekeeping: cleans up at the next deadline, probes what is at rest and keeps required targets connected every
 * {@code health-interval}. Runs on the container's executor, and on the pool's timer where that takes no more tasks, or has not
 * begun one within a {@code health-interval}.
 *
 * <p>The pool's timer says when. A delayed task in the container's executor would stay there after its cancel, until its time
 * comes, and keep the class loader of an application that is long gone.
 */
final class Sweeper {

    private final Core core;
    private final LeaseWatch leases;
    private final BackgroundCheck backgroundCheck;

    private volatile boolean stopped;
    private volatile Future<?> nextSweep;
    private volatile Future<?> nextCheck;

    Sweeper(Core core, LeaseWatch leases) {
        this.core = core;
        this.leases = leases;
        backgroundCheck = new BackgroundCheck(core);
    }

    void start() {
        nextSweep = schedule(this::sweepAndGoOn, untilNextSweep());
        nextCheck = schedule(this::checkAndGoOn, core.config.healthInterval().toNanos());
    }

    void stop() {
        stopped = true;
        nextSweep.cancel(false);
        nextCheck.cancel(false);
    }

    private void sweepAndGoOn() {
        if (stopped) {
            return;
        }
        try {
            sweep();
        } finally {
            nextSweep = again(this::sweepAndGoOn, this::untilNextSweep, nextSweep);
        }
    }

    private void checkAndGoOn() {
        if (stopped) {
            return;
        }
        try {
            check();
        } finally {
            nextCheck =
                    again(this::checkAndGoOn, () -> core.config.healthInterval().toNanos(), nextCheck);
        }
    }

    /** Closes and takes back what is due. */
    int sweep() {
        PoolListener.Cleanup observer = core.listener.cleaningUp();
        leases.reclaim();
        leases.warn();
        int removed = core.ask(Ledger::sweep);
        observer.completed(removed);
        return removed;
    }

    /** Probes idle connections, and dials required targets that have none. */
    void check() {
        leases.reclaim();
        backgroundCheck.begin();
    }

    private long untilNextSweep() {
        long next = Math.min(core.config.cleanupInterval().toNanos(), core.ask(Ledger::untilNextSweep));
        long overdue =
                core.config.leakDetectionThreshold().map(Duration::toNanos).orElse(next);
        return Math.max(TimeUnit.MILLISECONDS.toNanos(1), Math.min(next, overdue));
    }

    private Future<?> again(Runnable task, LongSupplier delay, Future<?> current) {
        if (stopped) {
            return current;
        }
        Future<?> next = schedule(task, delay.getAsLong());
        if (stopped) {
            // stop() came in between, and has cancelled the one before
            next.cancel(false);
        }
        return next;
    }

    private Future<?> schedule(Runnable task, long nanos) {
        return core.after(nanos, () -> handOver(task));
    }

    /** Whoever comes first runs the task: the container's executor, or the timer when that one is too busy, or has dropped it. */
    private void handOver(Runnable task) {
        AtomicBoolean begun = new AtomicBoolean();
        Runnable once = () -> {
            if (begun.compareAndSet(false, true)) {
                task.run();
            }
        };
        Future<?> alarm = core.after(core.config.healthInterval().toNanos(), once);
        try {
            core.threads.housekeeper().execute(() -> {
                alarm.cancel(false);
                once.run();
            });
        } catch (RuntimeException full) {
            // Not rejections only: an executor whose application is being stopped throws what it likes.
            alarm.cancel(false);
            once.run();
        }
    }
}
