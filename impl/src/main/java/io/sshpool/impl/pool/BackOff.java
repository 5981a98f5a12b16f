package io.sshpool.impl.pool;

import io.sshpool.PoolConfig;
import io.sshpool.SshConnectException;
import io.sshpool.SshConnectException.Kind;
import io.sshpool.SshException;
import java.time.Duration;
import java.util.function.DoubleSupplier;

/** When a target may be dialled again. Guarded by the pool's lock. */
final class BackOff {

    /** Drops in a row after which the server is taken for unreachable. */
    private static final int MOST_DROPS = 30;

    private static final long FIRST_DROP_NANOS = Duration.ofMillis(50).toNanos();
    private static final int MOST_DROP_DOUBLINGS = 4;
    private static final int MOST_DOUBLINGS = 20;

    private final PoolConfig config;
    private final DoubleSupplier jitter;

    private SshException lastFailure;
    private boolean rejected;
    private boolean refusing;
    private long retryAt;
    private int failures;
    private int drops;
    private boolean proven;
    private boolean tried;

    BackOff(PoolConfig config, DoubleSupplier jitter) {
        this.config = config;
        this.jitter = jitter;
    }

    void succeeded() {
        end();
        proven = true;
        tried = true;
    }

    /**
     * Takes note of a failed dial.
     *
     * @return nanoseconds until the next one may begin
     */
    long failed(SshException failure, boolean otherDialUnderWay, long now) {
        tried = true;
        Kind kind = failure instanceof SshConnectException connect ? connect.kind() : Kind.REJECTED;
        if (isRefusing(now) && (rejected || kind != Kind.REJECTED)) {
            // dials that fail together are one failure, and none of them shortens the window after a rejection
            return retryAt - now;
        }
        lastFailure = failure;
        rejected = kind == Kind.REJECTED;
        if (kind == Kind.TRANSIENT && drops < MOST_DROPS) {
            // dials that are dropped together are one drop: the server takes fewer at a time than we tried
            drops += otherDialUnderWay ? 0 : 1;
            return pause(now, spread(FIRST_DROP_NANOS << Math.min(drops, MOST_DROP_DOUBLINGS)), false);
        }
        proven = false;
        failures++;
        long base = rejected ? config.authBackOff().toNanos() : exponential();
        return pause(now, spread(base), true);
    }

    /** Forgets every failure, as the credential or the known hosts changed. */
    void end() {
        lastFailure = null;
        rejected = false;
        refusing = false;
        failures = 0;
        drops = 0;
        retryAt = 0;
    }

    /** Until the next dial one is enough: what it shows may be wrong. */
    void doubt() {
        proven = false;
    }

    boolean mayDial(long now) {
        return lastFailure == null || retryAt - now <= 0;
    }

    /** Whether callers are to be turned away, as opposed to waiting for the next dial. */
    boolean isRefusing(long now) {
        return refusing && !mayDial(now);
    }

    boolean isRejected() {
        return rejected;
    }

    boolean isProven() {
        return proven;
    }

    boolean isTried() {
        return tried;
    }

    /** The failure since the last success, or null. */
    SshException lastFailure() {
        return lastFailure;
    }

    long left(long now) {
        return Math.max(0, retryAt - now);
    }

    private long pause(long now, long nanos, boolean refuse) {
        refusing = refuse;
        retryAt = now + nanos;
        return nanos;
    }

    private long exponential() {
        long base = config.backOff().toNanos();
        int shift = Math.min(failures - 1, MOST_DOUBLINGS);
        long longest = config.maxBackOff().toNanos();
        return base > longest >> shift ? longest : base << shift;
    }

    /** Between three quarters and the whole, so that hosts that failed together are not dialled together. */
    private long spread(long nanos) {
        return nanos - (long) (nanos / 4.0 * jitter.getAsDouble());
    }
}
