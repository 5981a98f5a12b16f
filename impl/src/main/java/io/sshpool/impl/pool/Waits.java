package io.sshpool.impl.pool;

import io.sshpool.SshException;
import io.sshpool.SshInterruptedException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;

/** From the pool's own futures to what callers hold: a blocked thread or a public stage. */
final class Waits {

    private Waits() {}

    /**
     * Waits without a bound of its own: whoever made the future bounds it.
     *
     * @param giveUp undoes what the future stands for, when the thread is interrupted
     */
    static <T> T await(CompletableFuture<T> future, String target, String what, Runnable giveUp) {
        try {
            return future.get();
        } catch (InterruptedException e) {
            giveUp.run();
            Thread.currentThread().interrupt();
            throw new SshInterruptedException(target, "interrupted while " + what + " " + target, e);
        } catch (ExecutionException e) {
            throw forCaller(e.getCause());
        }
    }

    /** Each failure belongs to one caller, so it may carry that caller's stack; where it came from is in its cause. */
    private static RuntimeException forCaller(Throwable failure) {
        if (failure instanceof SshException ours) {
            ours.fillInStackTrace();
            return ours;
        }
        if (failure instanceof Error error) {
            throw error;
        }
        return failure instanceof RuntimeException unchecked ? unchecked : new IllegalStateException(failure);
    }

    /**
     * A stage for the application: completed on an executor, failing unwrapped.
     *
     * @param giveUp called when the application cancels
     * @param unwanted takes a value that came when the application had given up
     */
    static <T> CompletableFuture<T> publish(
            CompletableFuture<T> inner, Executor executor, Runnable giveUp, Consumer<T> unwanted) {
        CompletableFuture<T> outer = new CompletableFuture<>();
        inner.whenComplete((value, failure) -> runOn(executor, () -> {
            boolean taken = failure == null ? outer.complete(value) : outer.completeExceptionally(failure);
            if (!taken && failure == null) {
                unwanted.accept(value);
            }
        }));
        outer.whenComplete((value, failure) -> {
            // by cancel, by orTimeout, or by whatever else the application does to its stage
            if (!inner.isDone()) {
                giveUp.run();
            }
        });
        return outer;
    }

    /** Runs a task, on this thread if the executor takes no more, or has no thread and the system gives it none. */
    static void runOn(Executor executor, Runnable task) {
        try {
            executor.execute(task);
        } catch (RejectedExecutionException | OutOfMemoryError e) {
            task.run();
        }
    }
}
