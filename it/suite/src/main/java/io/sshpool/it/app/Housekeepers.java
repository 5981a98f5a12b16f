package io.sshpool.it.app;

import io.sshpool.spi.PoolListener;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.atomic.AtomicInteger;

/** Notes what housekeeping runs on which thread. */
@ApplicationScoped
public class Housekeepers implements PoolListener {

    private final AtomicInteger checks = new AtomicInteger();
    private final Set<String> seen = new ConcurrentSkipListSet<>();

    @Override
    public HealthCheck checkingHealth() {
        // The first comes with the start, on its thread.
        if (checks.getAndIncrement() > 0) {
            note("check");
        }
        return HealthCheck.NONE;
    }

    @Override
    public Cleanup cleaningUp() {
        note("clean-up");
        return Cleanup.NONE;
    }

    /** A line each: what, and the name of the thread. */
    public String seen() {
        return String.join("\n", seen);
    }

    private void note(String what) {
        seen.add(what + " " + Thread.currentThread().getName());
    }
}
