package io.sshpool.impl.mina;

import io.sshpool.spi.Target;
import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Asks the peer for an answer every {@code keep-alive-interval}, as ssh_config(5) ServerAliveInterval does, and gives the
 * connection up when {@code keep-alive-count-max} intervals have passed without one. A rekey that never ends counts as silence.
 */
final class Heartbeat {

    private final MinaConnection connection;
    private final int most;
    private final AtomicInteger silent = new AtomicInteger();
    private volatile Future<?> ticks;

    private Heartbeat(MinaConnection connection, int most) {
        this.connection = connection;
        this.most = most;
    }

    static Heartbeat of(MinaConnection connection, MinaConnection.Setting setting) {
        // At least 2: the first interval has no question in it that could have been answered.
        Target.Limits limits = setting.target().limits();
        Heartbeat heartbeat = new Heartbeat(
                connection, limits.keepAliveCountMax().orElse(setting.config().keepAliveCountMax()));
        Duration interval = limits.keepAliveInterval().orElse(setting.config().keepAliveInterval());
        try {
            heartbeat.ticks = setting.threads()
                    .timer()
                    .scheduleWithFixedDelay(
                            heartbeat::tick, interval.toNanos(), interval.toNanos(), TimeUnit.NANOSECONDS);
        } catch (RejectedExecutionException e) {
            // The pool is closing, and with it this connection.
            connection.abort();
        }
        return heartbeat;
    }

    void stop() {
        Future<?> running = ticks;
        if (running != null) {
            running.cancel(false);
        }
    }

    private void tick() {
        if (silent.incrementAndGet() >= most) {
            connection.abort();
            return;
        }
        connection.probe().thenRun(() -> silent.set(0));
    }
}
