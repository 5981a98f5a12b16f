package io.sshpool.it.openssh;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** Measures on a machine that does other things too. */
final class Timing {

    private static final int ROUNDS = 3;

    private Timing() {}

    /** The best of some rounds: what the machine does beside only ever adds to it. */
    static Duration best(Supplier<Duration> round) {
        return Stream.generate(round).limit(ROUNDS).min(Duration::compareTo).orElseThrow();
    }

    /** Watches a stage. */
    static <T> Outcome<T> of(CompletionStage<T> stage) {
        CompletableFuture<Long> endedAt = new CompletableFuture<>();
        stage.whenComplete((value, failure) -> endedAt.complete(System.nanoTime()));
        return new Outcome<>(stage.toCompletableFuture(), endedAt);
    }

    /** How a stage ended, and when. */
    record Outcome<T>(CompletableFuture<T> value, CompletableFuture<Long> endedAt) {

        /** From a moment of {@link System#nanoTime()} to the end, which is waited for. */
        Duration since(long start) {
            return Duration.ofNanos(endedAt.join() - start);
        }

        Throwable failure() {
            return Crowd.failure(value);
        }
    }
}
