package io.sshpool.impl.pool;

import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A clock that stands still, and schedulers that go by it: {@link #advance} runs what is due, in order, on the caller's thread.
 * Begins ten seconds before {@link System#nanoTime()} may overflow. Thread-safe.
 */
final class ManualTime {

    private final ReentrantLock lock = new ReentrantLock();
    private final PriorityQueue<ManualTask<?>> tasks =
            new PriorityQueue<>(Comparator.<ManualTask<?>>comparingLong(task -> task.due - begin())
                    .thenComparingLong(task -> task.sequence));
    private final List<Throwable> failures = new CopyOnWriteArrayList<>();
    private final ThreadLocal<String> running = new ThreadLocal<>();

    private long now = begin();
    private long sequences;

    /** A scheduler that goes by this time. */
    ManualScheduler scheduler(String name) {
        return new ManualScheduler(this, name);
    }

    long now() {
        lock.lock();
        try {
            return now;
        } finally {
            lock.unlock();
        }
    }

    /** Since the beginning. */
    Duration elapsed() {
        return Duration.ofNanos(now() - begin());
    }

    /** Runs what is due now, and what comes of that. */
    void settle() {
        advance(Duration.ZERO);
    }

    /** Lets time pass. */
    void advance(Duration duration) {
        long end = now() + duration.toNanos();
        for (ManualTask<?> next = due(end); next != null; next = due(end)) {
            String outer = running.get();
            running.set(next.scheduler.name());
            try {
                next.run();
            } finally {
                running.set(outer);
            }
        }
    }

    /** The name of the scheduler whose task the current thread is running, or null. */
    String running() {
        return running.get();
    }

    /** What tasks have thrown. */
    List<Throwable> failures() {
        return failures;
    }

    /** How many tasks of a scheduler are still to come. */
    long pending(ManualScheduler scheduler) {
        lock.lock();
        try {
            return tasks.stream().filter(task -> task.scheduler == scheduler).count();
        } finally {
            lock.unlock();
        }
    }

    <V> ManualTask<V> add(ManualTask<V> task, long delay) {
        lock.lock();
        try {
            task.due = now + Math.min(Math.max(0, delay), Long.MAX_VALUE / 2);
            task.sequence = ++sequences;
            tasks.add(task);
            return task;
        } finally {
            lock.unlock();
        }
    }

    void remove(ManualTask<?> task) {
        lock.lock();
        try {
            tasks.remove(task);
        } finally {
            lock.unlock();
        }
    }

    void removeAll(ManualScheduler scheduler) {
        lock.lock();
        try {
            tasks.removeIf(task -> task.scheduler == scheduler);
        } finally {
            lock.unlock();
        }
    }

    private ManualTask<?> due(long end) {
        lock.lock();
        try {
            ManualTask<?> next = tasks.peek();
            if (next == null || next.due - end > 0) {
                now = end - now > 0 ? end : now;
                return null;
            }
            now = next.due - now > 0 ? next.due : now;
            return tasks.poll();
        } finally {
            lock.unlock();
        }
    }

    private static long begin() {
        return Long.MAX_VALUE - Duration.ofSeconds(10).toNanos();
    }
}
