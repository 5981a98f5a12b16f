package io.sshpool.impl.telemetry;

import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.metrics.DoubleHistogram;
import io.opentelemetry.api.metrics.LongCounter;
import io.opentelemetry.api.metrics.Meter;
import io.opentelemetry.api.metrics.MeterProvider;
import io.sshpool.AcquireTimeoutException;
import io.sshpool.Command;
import io.sshpool.ExecResult;
import io.sshpool.PoolConfig;
import io.sshpool.PoolStats;
import io.sshpool.PoolStats.CloseReason;
import io.sshpool.spi.PoolListener;
import io.sshpool.spi.Target;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * Metrics after OpenTelemetry's {@code db.client.connection.*}. Times are in seconds. Labels have few values: the alias of a target
 * ({@code other} for all that were spelled out), a state, a reason, a kind of operation, the class of a failure.
 *
 * <p>Thread-safe.
 */
final class MetricsListener implements PoolListener {

    static final AttributeKey<String> TARGET = AttributeKey.stringKey("ssh.target");

    private static final AttributeKey<String> OPERATION = AttributeKey.stringKey("ssh.operation");
    private static final AttributeKey<String> REASON = AttributeKey.stringKey("reason");
    private static final AttributeKey<String> ERROR_TYPE = AttributeKey.stringKey("error.type");

    /** Those of OpenTelemetry for durations in seconds, and longer ones: commands take minutes. */
    private static final List<Double> BOUNDARIES =
            List.of(0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0, 300.0, 1800.0);

    private final PoolConfig config;
    private final Meter meter;
    private final LongSupplier clock;
    private final LongCounter timeouts;
    private final LongCounter closed;
    private final DoubleHistogram createTime;
    private final DoubleHistogram waitTime;
    private final DoubleHistogram useTime;
    private final DoubleHistogram operationTime;

    private volatile Gauges gauges;

    MetricsListener(Meter meter, PoolConfig config, LongSupplier clock) {
        this.meter = meter;
        this.config = config;
        this.clock = clock;
        timeouts = counter("timeouts", "{timeout}", "Acquires that ran out of time");
        closed = counter("closed", "{connection}", "Connections closed, by reason");
        createTime = histogram("ssh.client.connection.create_time", "Time to open a connection");
        waitTime = histogram("ssh.client.connection.wait_time", "Time to get a lease");
        useTime = histogram("ssh.client.connection.use_time", "Time between getting a lease and giving it back");
        operationTime = histogram(
                "ssh.client.operation.duration",
                "Time from the sending of a command to its end, and of an operation on files");
    }

    /**
     * Measures, unless nobody would see it.
     *
     * @param openTelemetry whose meter is used
     * @param config of the pool
     * @return empty where OpenTelemetry has no metrics
     */
    static Optional<PoolListener> of(OpenTelemetry openTelemetry, PoolConfig config) {
        MeterProvider meters = openTelemetry.getMeterProvider();
        return meters == MeterProvider.noop()
                ? Optional.empty()
                : Optional.of(new MetricsListener(meters.get(TracingListener.SCOPE), config, System::nanoTime));
    }

    private LongCounter counter(String name, String unit, String description) {
        return meter.counterBuilder("ssh.client.connection." + name)
                .setUnit(unit)
                .setDescription(description)
                .build();
    }

    private DoubleHistogram histogram(String name, String description) {
        return meter.histogramBuilder(name)
                .setUnit("s")
                .setDescription(description)
                .setExplicitBucketBoundariesAdvice(BOUNDARIES)
                .build();
    }

    @Override
    public void opened(Supplier<PoolStats> stats) {
        gauges = new Gauges(meter, config, stats);
    }

    @Override
    public void closed() {
        if (gauges != null) {
            gauges.close();
        }
    }

    @Override
    public Acquire acquiring(Target target) {
        return new AcquireTimes(labels(target));
    }

    @Override
    public Connect connecting(Target target) {
        long start = clock.getAsLong();
        return new Connect() {
            @Override
            public void connected(long connection) {
                createTime.record(since(start), labels(target));
            }
        };
    }

    @Override
    public Execute executing(Target target, Command command) {
        return new ExecuteTime(labels(target, "exec"));
    }

    @Override
    public Files usingFiles(Target target, String operation) {
        ExecuteTime time = new ExecuteTime(labels(target, "sftp"));
        return new Files() {
            @Override
            public void completed() {
                time.ended();
            }

            @Override
            public void failed(Throwable failure) {
                time.failed(failure);
            }
        };
    }

    @Override
    public void connectionClosed(Target target, long connection, CloseReason reason, Duration age) {
        closed.add(
                1, Attributes.of(TARGET, target.label(), REASON, reason.name().toLowerCase(Locale.ROOT)));
    }

    private static Attributes labels(Target target) {
        return Attributes.of(TARGET, target.label());
    }

    private static Attributes labels(Target target, String operation) {
        return Attributes.of(TARGET, target.label(), OPERATION, operation);
    }

    private double since(long start) {
        return (clock.getAsLong() - start) / 1e9;
    }

    private final class AcquireTimes implements Acquire {
        private final Attributes labels;
        private final long start = clock.getAsLong();
        private volatile long granted;

        private AcquireTimes(Attributes labels) {
            this.labels = labels;
        }

        @Override
        public void granted(long connection, boolean reused) {
            granted = clock.getAsLong();
            waitTime.record((granted - start) / 1e9, labels);
        }

        @Override
        public void failed(Throwable failure) {
            if (failure instanceof AcquireTimeoutException) {
                timeouts.add(1, labels);
            }
        }

        @Override
        public void released() {
            useTime.record(since(granted), labels);
        }
    }

    private final class ExecuteTime implements Execute {
        private final Attributes labels;
        private volatile long start = clock.getAsLong();

        private ExecuteTime(Attributes labels) {
            this.labels = labels;
        }

        @Override
        public void started() {
            start = clock.getAsLong();
        }

        @Override
        public void completed(ExecResult result) {
            ended();
        }

        private void ended() {
            operationTime.record(since(start), labels);
        }

        @Override
        public void failed(Throwable failure) {
            operationTime.record(
                    since(start),
                    labels.toBuilder().put(ERROR_TYPE, Failure.type(failure)).build());
        }
    }
}
