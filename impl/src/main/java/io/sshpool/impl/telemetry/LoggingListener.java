package io.sshpool.impl.telemetry;

import io.sshpool.AcquireTimeoutException;
import io.sshpool.Command;
import io.sshpool.HealthReport;
import io.sshpool.HostKeyException;
import io.sshpool.PoolClosedException;
import io.sshpool.PoolStats;
import io.sshpool.PoolStats.CloseReason;
import io.sshpool.SshAuthenticationException;
import io.sshpool.SshConnectException;
import io.sshpool.SshException;
import io.sshpool.impl.pool.TargetDefaults;
import io.sshpool.impl.pool.Text;
import io.sshpool.spi.PoolListener;
import io.sshpool.spi.Target;
import io.sshpool.spi.Trust;
import io.sshpool.spi.Trust.Checking;
import java.time.Duration;
import java.util.Collection;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * Logs what is worth a human's attention, one line each, to the {@link System.Logger} {@code io.sshpool}. Lines begin with an
 * identifier that stays, {@code SSHP-202} for instance, and name the target; none holds a secret or a command's text.
 *
 * <p>Thread-safe. Never throws.
 */
public final class LoggingListener implements PoolListener {

    private static final int MOST_TARGETS = 1000;
    private static final int LONGEST_LIST = 10_000;
    private static final Duration BETWEEN_TIMEOUTS = Duration.ofMinutes(1);

    private final Log log;
    private final Series series = new Series(MOST_TARGETS);
    private final Throttle timeouts;

    /** Logs to the platform's logger. */
    public LoggingListener() {
        this(Log.ofPlatform(), System::nanoTime);
    }

    LoggingListener(Log log, LongSupplier clock) {
        this.log = log;
        timeouts = new Throttle(clock, BETWEEN_TIMEOUTS);
    }

    /**
     * Tells once, at start, what in the configuration deserves a second look: keys that were ignored, what of an ssh-config is not
     * taken, and targets whose host key nobody checks.
     *
     * @param targets the targets with an alias
     * @param defaults for spelled-out targets
     * @param warnings a line each
     * @param notTaken a line for each file of an ssh-config
     */
    public void started(
            Collection<Target> targets,
            TargetDefaults defaults,
            Collection<String> warnings,
            Collection<String> notTaken) {
        warnings.forEach(warning -> log.write(LogEvent.CONFIG_IGNORED, Failure.printable(warning)));
        notTaken.forEach(line -> log.write(LogEvent.SSH_CONFIG_NOT_TAKEN, Text.printable(line, LONGEST_LIST)));
        targets.stream()
                .filter(target -> trustsAnybody(target.trust()))
                .forEach(target -> log.write(LogEvent.INSECURE_TARGET, "target " + target.name()));
        if (trustsAnybody(defaults.trust())) {
            log.write(LogEvent.INSECURE_TARGET, "every spelled-out target");
        }
    }

    private static boolean trustsAnybody(Trust trust) {
        return trust.checking() == Checking.INSECURE_ACCEPT_ANY
                && trust.fingerprints().isEmpty();
    }

    @Override
    public void opened(Supplier<PoolStats> stats) {
        log.write(LogEvent.OPENED, stats.get().targets());
    }

    @Override
    public void closed() {
        log.write(LogEvent.CLOSED);
    }

    @Override
    public Acquire acquiring(Target target) {
        return log.has(LogEvent.ACQUIRE_TIMED_OUT) ? new AcquireLog() : Acquire.NONE;
    }

    @Override
    public Connect connecting(Target target) {
        return new ConnectLog(target);
    }

    @Override
    public Execute executing(Target target, Command command) {
        return log.has(LogEvent.COMMAND_FAILED) ? new ExecuteLog(target) : Execute.NONE;
    }

    @Override
    public HealthCheck checkingHealth() {
        return new HealthCheck() {
            @Override
            public void completed(HealthReport report) {
                log.write(LogEvent.HEALTH_CHECKED, report.healthyConnections(), report.failedConnections());
            }
        };
    }

    @Override
    public Cleanup cleaningUp() {
        return new Cleanup() {
            @Override
            public void completed(int removed) {
                if (removed > 0) {
                    log.write(LogEvent.CLEANED_UP, removed);
                }
            }
        };
    }

    @Override
    public void connectionClosed(Target target, long connection, CloseReason reason, Duration age) {
        switch (reason) {
            case LOST -> log.write(LogEvent.CONNECTION_LOST, connection, target.name(), age.toSeconds());
            case UNHEALTHY -> log.write(LogEvent.CONNECTION_UNHEALTHY, connection, target.name(), age.toSeconds());
            default -> log.write(LogEvent.CONNECTION_CLOSED, connection, target.name(), age.toSeconds(), reason);
        }
    }

    @Override
    public void leaseOverdue(Target target, Duration held, Throwable acquired) {
        log.write(
                LogEvent.LEASE_OVERDUE, Optional.of(acquired), target.name(), held.toSeconds(), acquired.getMessage());
    }

    @Override
    public void leaseReclaimed(Target target, Optional<Throwable> acquired) {
        String place = acquired.map(Throwable::getMessage)
                .map("; it was "::concat)
                .orElse("; set sshpool.leak-detection-threshold to see where it was acquired");
        log.write(LogEvent.LEASE_RECLAIMED, acquired, target.name(), place);
    }

    @Override
    public void channelLimitLearned(Target target, int channels) {
        log.write(LogEvent.CHANNEL_LIMIT_LEARNED, target.name(), channels);
    }

    /** Time-outs come in crowds when a pool is exhausted: a line a minute tells as much. */
    private final class AcquireLog implements Acquire {
        @Override
        public void failed(Throwable failure) {
            if (failure instanceof AcquireTimeoutException) {
                OptionalInt held = timeouts.pass();
                if (held.isPresent()) {
                    log.write(LogEvent.ACQUIRE_TIMED_OUT, Failure.printable(failure.getMessage()), held.getAsInt());
                }
            }
        }
    }

    /** The first failure of a series and its end are news, what lies between is not. */
    private final class ConnectLog implements Connect {
        private final Target target;

        private ConnectLog(Target target) {
            this.target = target;
        }

        @Override
        public void connected(long connection) {
            log.write(LogEvent.CONNECTED, connection, target.name());
            int failures = series.succeeded(target.name());
            if (failures > 0) {
                log.write(LogEvent.RECOVERED, target.name(), failures);
            }
        }

        @Override
        public void failed(SshException failure) {
            if (failure instanceof PoolClosedException) {
                // given up on purpose
                return;
            }
            if (failure instanceof SshConnectException dropped
                    && dropped.kind() == SshConnectException.Kind.TRANSIENT) {
                // tried again for whoever waits, who sees nothing of it
                log.write(LogEvent.CONNECT_DROPPED, target.name(), Failure.describe(failure));
                return;
            }
            LogEvent event = kind(failure);
            int failures = series.failed(target.name(), event);
            if (failures == 1) {
                log.write(event, target.name(), Failure.describe(failure));
            } else {
                log.write(LogEvent.CONNECT_FAILED_AGAIN, target.name(), failures, Failure.describe(failure));
            }
        }

        private LogEvent kind(SshException failure) {
            if (failure instanceof SshAuthenticationException) {
                return LogEvent.CREDENTIAL_REJECTED;
            }
            return failure instanceof HostKeyException ? LogEvent.HOST_KEY_REFUSED : LogEvent.CONNECT_FAILED;
        }
    }

    private final class ExecuteLog implements Execute {
        private final Target target;

        private ExecuteLog(Target target) {
            this.target = target;
        }

        @Override
        public void failed(Throwable failure) {
            log.write(LogEvent.COMMAND_FAILED, target.name(), Failure.describe(failure));
        }
    }
}
