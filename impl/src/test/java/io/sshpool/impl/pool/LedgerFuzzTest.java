package io.sshpool.impl.pool;

import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/**
 * Random histories of the ledger. {@code -Dsshpool.seed=N} repeats one, {@code -Dsshpool.seeds=N} says how many there are,
 * {@code -Dsshpool.steps=N} how long they are.
 */
final class LedgerFuzzTest {

    private static final long SEEDS = Long.getLong("sshpool.seeds", 2_000);
    private static final int STEPS = Integer.getInteger("sshpool.steps", 10_000);

    @Test
    void everyPromiseHoldsAfterEveryStep() {
        Long only = Long.getLong("sshpool.seed");
        AtomicLong grants = new AtomicLong();
        LongStream seeds = only == null ? LongStream.range(0, SEEDS).parallel() : LongStream.of(only);
        seeds.forEach(seed -> grants.addAndGet(run(seed)));
        System.getLogger("io.sshpool")
                .log(
                        System.Logger.Level.INFO,
                        "ledger fuzz: " + SEEDS + " seeds x " + STEPS + " steps, " + grants + " grants");
    }

    private static long run(long seed) {
        LedgerModel model = new LedgerModel(seed);
        int step = 0;
        try {
            for (; step < STEPS; step++) {
                model.step();
            }
            model.settle();
            model.close();
            return model.grants;
        } catch (AssertionError | RuntimeException e) {
            throw new AssertionError("seed " + seed + ", step " + step + ": " + e.getMessage(), e);
        }
    }
}
