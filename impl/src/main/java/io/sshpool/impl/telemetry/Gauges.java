package io.sshpool.impl.telemetry;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.metrics.Meter;
import io.opentelemetry.api.metrics.ObservableLongMeasurement;
import io.opentelemetry.api.metrics.ObservableLongUpDownCounter;
import io.sshpool.PoolConfig;
import io.sshpool.PoolStats;
import io.sshpool.PoolStats.Connection;
import io.sshpool.PoolStats.State;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What is read from the pool whenever metrics are collected. */
final class Gauges {

    private static final AttributeKey<String> STATE = AttributeKey.stringKey("state");

    private final List<ObservableLongUpDownCounter> all;

    Gauges(Meter meter, PoolConfig config, Supplier<PoolStats> stats) {
        Consumer<ObservableLongMeasurement> limit = now -> now.record(config.maxConnections());
        all = List.of(
                gauge(meter, "connection.count", "{connection}", "Open connections", now -> byState(stats.get(), now)),
                gauge(meter, "connection.max", "{connection}", "Connections allowed", limit),
                // every connection may be idle: what closes idle ones is time, not number
                gauge(meter, "connection.idle.max", "{connection}", "Idle connections allowed", limit),
                gauge(
                        meter,
                        "connection.pending_requests",
                        "{request}",
                        "Acquires that wait",
                        now -> now.record(stats.get().waiting())),
                gauge(meter, "channel.count", "{channel}", "Channels held", now -> byTarget(stats.get(), now)));
    }

    void close() {
        all.forEach(ObservableLongUpDownCounter::close);
    }

    private static ObservableLongUpDownCounter gauge(
            Meter meter, String name, String unit, String description, Consumer<ObservableLongMeasurement> reading) {
        return meter.upDownCounterBuilder("ssh.client." + name)
                .setUnit(unit)
                .setDescription(description)
                .buildWithCallback(reading);
    }

    private static void byState(PoolStats stats, ObservableLongMeasurement now) {
        Stream<Connection> open = stats.connections().stream().filter(row -> row.state() == State.OPEN);
        sum(open, row -> Attributes.of(MetricsListener.TARGET, label(row), STATE, state(row)), row -> 1)
                .forEach((labels, count) -> now.record(count, labels));
    }

    private static void byTarget(PoolStats stats, ObservableLongMeasurement now) {
        sum(
                        stats.connections().stream(),
                        row -> Attributes.of(MetricsListener.TARGET, label(row)),
                        Connection::channels)
                .forEach((labels, count) -> now.record(count, labels));
    }

    private static Map<Attributes, Long> sum(
            Stream<Connection> rows, Function<Connection, Attributes> labels, ToLongFunction<Connection> value) {
        return rows.collect(Collectors.groupingBy(labels, Collectors.summingLong(value)));
    }

    private static String state(Connection row) {
        return row.channels() == 0 ? "idle" : "used";
    }

    /** An alias has no {@code @}, a spelled-out target always. */
    private static String label(Connection row) {
        return row.target().indexOf('@') < 0 ? row.target() : "other";
    }
}
