package io.sshpool.impl.telemetry;

import java.time.Duration;
import java.util.OptionalInt;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;

/** Lets one through per interval, and counts the others. */
final class Throttle {

    private final Lock lock = new ReentrantLock();
    private final LongSupplier clock;
    private final long interval;
    private boolean used;
    private long last;
    private int held;

    Throttle(LongSupplier clock, Duration interval) {
        this.clock = clock;
        this.interval = interval.toNanos();
    }

    /** How many were held back before this one, or nothing when this one is held back too. */
    OptionalInt pass() {
        lock.lock();
        try {
            long now = clock.getAsLong();
            if (used && now - last < interval) {
                held++;
                return OptionalInt.empty();
            }
            int before = held;
            used = true;
            last = now;
            held = 0;
            return OptionalInt.of(before);
        } finally {
            lock.unlock();
        }
    }
}
