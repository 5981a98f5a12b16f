package io.sshpool.impl.pool;

import io.sshpool.Command;
import io.sshpool.ExecResult;
import io.sshpool.PoolStats.CloseReason;
import io.sshpool.SshException;
import io.sshpool.spi.PoolListener;
import io.sshpool.spi.Target;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

/** Counts what it hears, and remembers nothing that grows with every operation. Thread-safe. */
final class Tally implements PoolListener {

    final LongAdder begun = new LongAdder();
    final LongAdder ended = new LongAdder();
    final LongAdder endedTwice = new LongAdder();
    final LongAdder granted = new LongAdder();
    final LongAdder released = new LongAdder();
    final Map<CloseReason, AtomicLong> closed = new ConcurrentHashMap<>();
    final Set<Long> closedConnections = ConcurrentHashMap.newKeySet();
    final LongAdder closedTwice = new LongAdder();

    /** One operation. */
    private final class Once {
        private final AtomicBoolean over = new AtomicBoolean();

        private Once() {
            begun.increment();
        }

        private void end() {
            (over.compareAndSet(false, true) ? ended : endedTwice).increment();
        }
    }

    @Override
    public Acquire acquiring(Target target) {
        Once once = new Once();
        AtomicBoolean back = new AtomicBoolean();
        return new Acquire() {
            @Override
            public void granted(long connection, boolean reused) {
                granted.increment();
                once.end();
            }

            @Override
            public void failed(Throwable failure) {
                once.end();
            }

            @Override
            public void released() {
                (back.compareAndSet(false, true) ? released : endedTwice).increment();
            }
        };
    }

    @Override
    public Connect connecting(Target target) {
        Once once = new Once();
        return new Connect() {
            @Override
            public void connected(long connection) {
                once.end();
            }

            @Override
            public void failed(SshException failure) {
                once.end();
            }
        };
    }

    @Override
    public Execute executing(Target target, Command command) {
        Once once = new Once();
        return new Execute() {
            @Override
            public void completed(ExecResult result) {
                once.end();
            }

            @Override
            public void failed(Throwable failure) {
                once.end();
            }
        };
    }

    @Override
    public void connectionClosed(Target target, long connection, CloseReason reason, Duration age) {
        closed.computeIfAbsent(reason, r -> new AtomicLong()).incrementAndGet();
        if (!closedConnections.add(connection)) {
            closedTwice.increment();
        }
    }
}
