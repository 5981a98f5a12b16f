package io.sshpool.impl.pool;

import io.sshpool.Command;
import io.sshpool.ExecResult;
import io.sshpool.HealthReport;
import io.sshpool.PoolStats.CloseReason;
import io.sshpool.SshException;
import io.sshpool.spi.PoolListener;
import io.sshpool.spi.Target;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/** Hears everything and checks that it balances: what begins ends once. Thread-safe. */
final class Witness implements PoolListener {

    /** Something that began. */
    static final class Watched {
        final String what;
        final AtomicInteger ends = new AtomicInteger();
        final AtomicInteger grants = new AtomicInteger();
        final AtomicInteger releases = new AtomicInteger();

        Watched(String what) {
            this.what = what;
        }

        @Override
        public String toString() {
            return what + " ended " + ends + " times, granted " + grants + ", released " + releases;
        }
    }

    final List<Watched> watched = new CopyOnWriteArrayList<>();
    final List<String> events = new CopyOnWriteArrayList<>();
    final Map<Long, AtomicInteger> closed = new ConcurrentHashMap<>();
    final Map<Long, CloseReason> reasons = new ConcurrentHashMap<>();
    final List<Duration> ages = new CopyOnWriteArrayList<>();
    final List<Optional<Throwable>> reclaimed = new CopyOnWriteArrayList<>();
    final List<Throwable> overdue = new CopyOnWriteArrayList<>();
    final List<Integer> learned = new CopyOnWriteArrayList<>();
    final List<Throwable> failures = new CopyOnWriteArrayList<>();
    final AtomicInteger removed = new AtomicInteger();

    /** Runs in every call, on the thread of the caller. */
    volatile Runnable onCall = () -> {};

    /** What is out of balance once everything has come to its end. */
    List<String> imbalances() {
        List<String> found = new ArrayList<>();
        for (Watched one : watched) {
            if (one.ends.get() != 1 || one.releases.get() > one.grants.get()) {
                found.add(one.toString());
            }
        }
        closed.forEach((id, count) -> {
            if (count.get() != 1) {
                found.add("connection " + id + " closed " + count + " times");
            }
        });
        return found;
    }

    /** Leases that were granted and not given back. */
    long unreleased() {
        return watched.stream()
                .mapToInt(one -> one.grants.get() - one.releases.get())
                .sum();
    }

    private Watched begin(String what) {
        onCall.run();
        Watched one = new Watched(what);
        watched.add(one);
        return one;
    }

    @Override
    public Acquire acquiring(Target target) {
        Watched one = begin("acquire " + target.name());
        return new Acquire() {
            @Override
            public void granted(long connection, boolean reused) {
                onCall.run();
                events.add("granted " + target.name() + " " + connection + (reused ? " reused" : " new"));
                one.ends.incrementAndGet();
                one.grants.incrementAndGet();
            }

            @Override
            public void failed(Throwable failure) {
                onCall.run();
                failures.add(failure);
                one.ends.incrementAndGet();
            }

            @Override
            public void released() {
                onCall.run();
                one.releases.incrementAndGet();
            }
        };
    }

    @Override
    public Connect connecting(Target target) {
        Watched one = begin("connect " + target.name());
        return new Connect() {
            @Override
            public void connected(long connection) {
                onCall.run();
                one.ends.incrementAndGet();
            }

            @Override
            public void failed(SshException failure) {
                onCall.run();
                one.ends.incrementAndGet();
            }
        };
    }

    @Override
    public Execute executing(Target target, Command command) {
        Watched one = begin("execute on " + target.name());
        return new Execute() {
            @Override
            public void completed(ExecResult result) {
                onCall.run();
                one.ends.incrementAndGet();
            }

            @Override
            public void failed(Throwable failure) {
                onCall.run();
                one.ends.incrementAndGet();
            }
        };
    }

    @Override
    public HealthCheck checkingHealth() {
        Watched one = begin("health check");
        return new HealthCheck() {
            @Override
            public void completed(HealthReport report) {
                onCall.run();
                one.ends.incrementAndGet();
            }
        };
    }

    @Override
    public Cleanup cleaningUp() {
        Watched one = begin("clean-up");
        return new Cleanup() {
            @Override
            public void completed(int count) {
                onCall.run();
                one.ends.incrementAndGet();
                removed.addAndGet(count);
            }
        };
    }

    @Override
    public void connectionClosed(Target target, long connection, CloseReason reason, Duration age) {
        onCall.run();
        events.add("closed " + target.name() + " " + connection + " " + reason);
        closed.computeIfAbsent(connection, id -> new AtomicInteger()).incrementAndGet();
        reasons.put(connection, reason);
        ages.add(age);
    }

    @Override
    public void leaseOverdue(Target target, Duration open, Throwable acquired) {
        onCall.run();
        overdue.add(acquired);
    }

    @Override
    public void leaseReclaimed(Target target, Optional<Throwable> acquired) {
        onCall.run();
        reclaimed.add(acquired);
    }

    @Override
    public void channelLimitLearned(Target target, int channels) {
        onCall.run();
        learned.add(channels);
    }
}
