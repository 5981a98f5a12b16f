package io.sshpool.it.openssh;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/** Many callers at once. */
final class Crowd {

    private Crowd() {}

    /** Runs tasks at the same time, each on a thread of its own, and waits for all. */
    static <T> List<CompletableFuture<T>> run(int size, IntFunction<Callable<T>> tasks) {
        CountDownLatch gate = new CountDownLatch(1);
        List<CompletableFuture<T>> outcomes = new ArrayList<>();
        List<Thread> threads = IntStream.range(0, size)
                .mapToObj(i -> {
                    CompletableFuture<T> outcome = new CompletableFuture<>();
                    outcomes.add(outcome);
                    Thread thread = new Thread(() -> conclude(gate, tasks.apply(i), outcome), "caller-" + i);
                    thread.start();
                    return thread;
                })
                .toList();
        gate.countDown();
        for (Thread thread : threads) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException(e);
            }
        }
        return outcomes;
    }

    /** Runs tasks that must all succeed. */
    static <T> List<T> succeed(int size, IntFunction<Callable<T>> tasks) {
        return run(size, tasks).stream().map(CompletableFuture::join).toList();
    }

    /** Runs tasks that must all fail. */
    static List<Throwable> fail(int size, IntFunction<Callable<Object>> tasks) {
        return run(size, tasks).stream().map(Crowd::failure).toList();
    }

    /** How a stage failed, which is waited for. */
    static Throwable failure(CompletableFuture<?> outcome) {
        try {
            throw new AssertionError(
                    "it succeeded: " + outcome.orTimeout(30, TimeUnit.SECONDS).join());
        } catch (CompletionException e) {
            return e.getCause();
        }
    }

    private static <T> void conclude(CountDownLatch gate, Callable<T> task, CompletableFuture<T> outcome) {
        try {
            gate.await();
            outcome.complete(task.call());
        } catch (Throwable e) {
            outcome.completeExceptionally(e);
        }
    }
}
