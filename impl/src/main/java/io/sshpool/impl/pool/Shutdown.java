package io.sshpool.impl.pool;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;

/** Closes the pool: refuses, drains, forces, and stops what belongs to it, in this order. */
final class Shutdown {

    /** Beyond the shutdown time-out: a forced close of connections, and the stop of the factory. */
    private static final Duration FORCING = Duration.ofSeconds(10);

    private final Core core;
    private final AtomicBoolean begun = new AtomicBoolean();
    private final CompletableFuture<Void> terminated = new CompletableFuture<>();

    Shutdown(Core core) {
        this.core = core;
    }

    void close() {
        if (begun.compareAndSet(false, true)) {
            Duration timeout = core.config.shutdownTimeout();
            Future<?> alarm = core.after(timeout.toNanos(), this::force);
            core.drained.thenRun(() -> {
                alarm.cancel(false);
                // a thread of its own, as the last connection may have closed on one that is about to be stopped
                PoolThreads.thread("sshpool-close", this::stop).start();
            });
            core.change(Ledger::close);
            core.idleFiles.giveWay();
        }
        if (!PoolThreads.isOwn(Thread.currentThread())) {
            await();
        }
    }

    private void await() {
        long bound = core.config.shutdownTimeout().plus(FORCING).toNanos();
        try {
            terminated.get(bound, TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            force();
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException e) {
            throw new IllegalStateException("the SSH pool did not close cleanly", e);
        }
    }

    private void force() {
        core.change(Ledger::force);
        core.abort();
    }

    private void stop() {
        try {
            core.factory.close();
        } finally {
            core.threads.close();
            core.listener.closed();
            terminated.complete(null);
        }
    }
}
