package io.sshpool.impl.pool;

import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;

/**
 * Time and threads of a pool.
 *
 * <p>Deadlines and callbacks run on threads of its own, so that neither depends on the state of the container's executor;
 * only housekeeping uses that one, when the timer says that it is due.
 *
 * @param clock monotonic, in nanoseconds
 * @param timer fires deadlines; its tasks are short
 * @param workers run what may block: callbacks of the application, credential providers
 * @param housekeeper runs clean-up and health checks; never shut down here unless it is the timer
 */
public record PoolThreads(LongSupplier clock, ScheduledExecutorService timer, Executor workers, Executor housekeeper)
        implements AutoCloseable {

    private static final long LAST_TASKS_MILLIS = 1_000;

    /**
     * Daemon threads of the pool's own, housekeeping included.
     *
     * @return started on demand, stopped by {@link #close()}
     */
    public static PoolThreads own() {
        ScheduledExecutorService timer = newTimer();
        return new PoolThreads(System::nanoTime, timer, newWorkers(), timer);
    }

    /**
     * Own threads, but housekeeping by the container.
     *
     * @param housekeeper the container's executor
     * @return started on demand, stopped by {@link #close()} without the container's
     */
    public static PoolThreads with(Executor housekeeper) {
        return new PoolThreads(System::nanoTime, newTimer(), newWorkers(), housekeeper);
    }

    /** Whether the current thread is one of a pool's own, on which the pool must not wait for itself. */
    static boolean isOwn(Thread thread) {
        return thread instanceof PoolThread;
    }

    /** A daemon thread that the pool knows as its own, not yet started; it ends with its task. */
    public static Thread thread(String name, Runnable task) {
        return new PoolThread(task, name);
    }

    /** Stops the threads of its own; callbacks under way get a second. */
    @Override
    public void close() {
        timer.shutdownNow();
        if (workers instanceof ExecutorService service) {
            service.shutdown();
            interruptWhatBlocks(service);
        }
    }

    /** A callback that still blocks must not keep its thread alive for ever. */
    private static void interruptWhatBlocks(ExecutorService service) {
        try {
            if (!service.awaitTermination(LAST_TASKS_MILLIS, TimeUnit.MILLISECONDS)
                    && service instanceof ThreadPoolExecutor own) {
                own.shutdownNow();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static ScheduledExecutorService newTimer() {
        ScheduledThreadPoolExecutor timer = new ScheduledThreadPoolExecutor(1, named("sshpool-timer"));
        timer.setRemoveOnCancelPolicy(true);
        return timer;
    }

    /** As many as have something to do: a callback that waits for another stage of the pool must not stand in its way. */
    private static ThreadPoolExecutor newWorkers() {
        return new ThreadPoolExecutor(
                0, Integer.MAX_VALUE, 10, TimeUnit.SECONDS, new SynchronousQueue<>(), named("sshpool-worker"));
    }

    private static ThreadFactory named(String name) {
        AtomicInteger count = new AtomicInteger();
        return task -> new PoolThread(task, name + "-" + count.incrementAndGet());
    }

    private static final class PoolThread extends Thread {
        private PoolThread(Runnable task, String name) {
            super(task, name);
            setDaemon(true);
            setContextClassLoader(PoolThreads.class.getClassLoader());
        }
    }
}
