package io.sshpool.bench;

import io.sshpool.PoolConfig;
import io.sshpool.SshLease;
import io.sshpool.impl.pool.ConnectionPool;
import io.sshpool.impl.pool.PoolThreads;
import io.sshpool.impl.pool.TargetDefaults;
import io.sshpool.impl.pool.Targets;
import io.sshpool.spi.PoolListener;
import io.sshpool.spi.Target;
import io.sshpool.spi.Trust;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Threads;
import org.openjdk.jmh.annotations.Warmup;

/** Acquire and release while there is room: what a caller pays for the pool when nobody has to wait. */
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(1)
@State(Scope.Benchmark)
public class AcquireRelease {

    private static final int ROOM = 400;

    /** How many targets. */
    @Param({"1", "100"})
    public int keys;

    private List<Target> targets;
    private ConnectionPool pool;

    /** The keys that a thread asks for, in turn. */
    @State(Scope.Thread)
    public static class Caller {

        private static final AtomicInteger CALLERS = new AtomicInteger();

        private String[] keys;
        private int next;

        /** Starts somewhere else than the others. */
        @Setup
        public void start(AcquireRelease benchmark) {
            keys = benchmark.targets.stream().map(Target::name).toArray(String[]::new);
            next = CALLERS.getAndAdd(7) % keys.length;
        }

        private String key() {
            next = next + 1 == keys.length ? 0 : next + 1;
            return keys[next];
        }
    }

    /** Opens the pool. */
    @Setup(Level.Trial)
    public void open() {
        targets = IntStream.range(0, keys)
                .mapToObj(i ->
                        new Target("t" + i, true, "u", "h" + i, 22, Trust.NOBODY, Target.Limits.NONE, false, false))
                .toList();
        pool = ConnectionPool.start(
                PoolConfig.defaults().withMaxConnections(ROOM),
                new Targets(targets, TargetDefaults.NONE, List.of()),
                new FakeConnections(),
                new PoolListener() {},
                PoolThreads.own());
    }

    /** Closes the pool. */
    @TearDown(Level.Trial)
    public void close() {
        pool.close();
    }

    /** One caller. */
    @Benchmark
    @Threads(1)
    public boolean byOne(Caller caller) {
        return acquireAndRelease(caller);
    }

    /** Eight callers. */
    @Benchmark
    @Threads(8)
    public boolean byEight(Caller caller) {
        return acquireAndRelease(caller);
    }

    /** Thirty-two callers. */
    @Benchmark
    @Threads(32)
    public boolean byThirtyTwo(Caller caller) {
        return acquireAndRelease(caller);
    }

    private boolean acquireAndRelease(Caller caller) {
        SshLease lease = pool.acquire(caller.key());
        lease.close();
        return lease != null;
    }
}
