package io.sshpool.impl.telemetry;

import io.sshpool.Command;
import io.sshpool.ExecResult;
import io.sshpool.HealthReport;
import io.sshpool.PoolStats;
import io.sshpool.PoolStats.CloseReason;
import io.sshpool.SshException;
import io.sshpool.spi.Forwarding;
import io.sshpool.spi.PoolListener;
import io.sshpool.spi.Target;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Several listeners as one. What a listener throws is logged once per listener class and reaches neither the pool nor the other
 * listeners. As thread-safe as the listeners are.
 */
public final class FanOut implements PoolListener {

    private static final PoolListener SILENT = new PoolListener() {};

    private final Audience<PoolListener> listeners;

    private FanOut(Audience<PoolListener> listeners) {
        this.listeners = listeners;
    }

    /**
     * Joins listeners. Without any, or with ours alone, which never throws, nothing is added to what they cost.
     *
     * @param listeners told in this order
     * @return one listener that never throws
     */
    public static PoolListener of(Collection<? extends PoolListener> listeners) {
        return of(listeners, Log.ofPlatform());
    }

    static PoolListener of(Collection<? extends PoolListener> listeners, Log log) {
        List<PoolListener> all = List.copyOf(listeners);
        if (all.isEmpty()) {
            return SILENT;
        }
        return all.size() == 1 && all.get(0) instanceof LoggingListener own ? own : new FanOut(Audience.of(all, log));
    }

    @Override
    public void opened(Supplier<PoolStats> stats) {
        listeners.tell(listener -> listener.opened(stats));
    }

    @Override
    public void closed() {
        listeners.tell(PoolListener::closed);
    }

    @Override
    public Acquire acquiring(Target target) {
        Audience<Acquire> all = listeners.watchers(listener -> listener.acquiring(target), Acquire.NONE);
        return all.isEmpty() ? Acquire.NONE : new Acquires(all);
    }

    @Override
    public Connect connecting(Target target) {
        Audience<Connect> all = listeners.watchers(listener -> listener.connecting(target), Connect.NONE);
        return all.isEmpty() ? Connect.NONE : new Connects(all);
    }

    @Override
    public Execute executing(Target target, Command command) {
        Audience<Execute> all = listeners.watchers(listener -> listener.executing(target, command), Execute.NONE);
        return all.isEmpty() ? Execute.NONE : new Executes(all);
    }

    @Override
    public Files usingFiles(Target target, String operation) {
        Audience<Files> all = listeners.watchers(listener -> listener.usingFiles(target, operation), Files.NONE);
        return all.isEmpty() ? Files.NONE : new FileUses(all);
    }

    @Override
    public Forward forwarding(Target target, Forwarding forwarding) {
        Audience<Forward> all = listeners.watchers(listener -> listener.forwarding(target, forwarding), Forward.NONE);
        return all.isEmpty() ? Forward.NONE : new Forwards(all);
    }

    @Override
    public HealthCheck checkingHealth() {
        Audience<HealthCheck> all = listeners.watchers(PoolListener::checkingHealth, HealthCheck.NONE);
        return all.isEmpty() ? HealthCheck.NONE : new HealthChecks(all);
    }

    @Override
    public Cleanup cleaningUp() {
        Audience<Cleanup> all = listeners.watchers(PoolListener::cleaningUp, Cleanup.NONE);
        return all.isEmpty() ? Cleanup.NONE : new Cleanups(all);
    }

    @Override
    public void connectionClosed(Target target, long connection, CloseReason reason, Duration age) {
        listeners.tell(listener -> listener.connectionClosed(target, connection, reason, age));
    }

    @Override
    public void leaseOverdue(Target target, Duration open, Throwable acquired) {
        listeners.tell(listener -> listener.leaseOverdue(target, open, acquired));
    }

    @Override
    public void leaseReclaimed(Target target, Optional<Throwable> acquired) {
        listeners.tell(listener -> listener.leaseReclaimed(target, acquired));
    }

    @Override
    public void channelLimitLearned(Target target, int channels) {
        listeners.tell(listener -> listener.channelLimitLearned(target, channels));
    }

    private record Acquires(Audience<Acquire> all) implements Acquire {
        @Override
        public void granted(long connection, boolean reused) {
            all.tell(watcher -> watcher.granted(connection, reused));
        }

        @Override
        public void failed(Throwable failure) {
            all.tell(watcher -> watcher.failed(failure));
        }

        @Override
        public void released() {
            all.tell(Acquire::released);
        }
    }

    private record Connects(Audience<Connect> all) implements Connect {
        @Override
        public void connected(long connection) {
            all.tell(watcher -> watcher.connected(connection));
        }

        @Override
        public void failed(SshException failure) {
            all.tell(watcher -> watcher.failed(failure));
        }
    }

    private record Executes(Audience<Execute> all) implements Execute {
        @Override
        public void started() {
            all.tell(Execute::started);
        }

        @Override
        public Map<String, String> environment() {
            Map<String, String> merged = new HashMap<>();
            all.tell(watcher -> merged.putAll(watcher.environment()));
            return merged;
        }

        @Override
        public void completed(ExecResult result) {
            all.tell(watcher -> watcher.completed(result));
        }

        @Override
        public void failed(Throwable failure) {
            all.tell(watcher -> watcher.failed(failure));
        }
    }

    private record FileUses(Audience<Files> all) implements Files {
        @Override
        public void completed() {
            all.tell(Files::completed);
        }

        @Override
        public void failed(Throwable failure) {
            all.tell(watcher -> watcher.failed(failure));
        }
    }

    private record Forwards(Audience<Forward> all) implements Forward {
        @Override
        public void opened(int port) {
            all.tell(watcher -> watcher.opened(port));
        }

        @Override
        public void failed(Throwable failure) {
            all.tell(watcher -> watcher.failed(failure));
        }

        @Override
        public void closed() {
            all.tell(Forward::closed);
        }
    }

    private record HealthChecks(Audience<HealthCheck> all) implements HealthCheck {
        @Override
        public void completed(HealthReport report) {
            all.tell(watcher -> watcher.completed(report));
        }
    }

    private record Cleanups(Audience<Cleanup> all) implements Cleanup {
        @Override
        public void completed(int removed) {
            all.tell(watcher -> watcher.completed(removed));
        }
    }
}
