package io.sshpool.impl.pool;

import static org.assertj.core.api.Assertions.assertThat;

import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.metrics.SdkMeterProvider;
import io.opentelemetry.sdk.metrics.data.HistogramPointData;
import io.opentelemetry.sdk.metrics.data.LongPointData;
import io.opentelemetry.sdk.metrics.data.MetricData;
import io.opentelemetry.sdk.metrics.data.PointData;
import io.opentelemetry.sdk.testing.exporter.InMemoryMetricReader;
import io.sshpool.Command;
import io.sshpool.PoolConfig;
import io.sshpool.SshLease;
import io.sshpool.impl.telemetry.FanOut;
import io.sshpool.impl.telemetry.Telemetry;
import io.sshpool.spi.PoolListener;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Runs a script, and compares what the metrics say with a count by hand. */
@ExtendWith(NothingLeftBehind.class)
class MeasuredPoolTest {

    @RegisterExtension
    final PoolFixture fixture = new PoolFixture();

    private final InMemoryMetricReader reader = InMemoryMetricReader.create();
    private final OpenTelemetrySdk sdk = OpenTelemetrySdk.builder()
            .setMeterProvider(
                    SdkMeterProvider.builder().registerMetricReader(reader).build())
            .build();

    @AfterEach
    void stop() {
        sdk.close();
    }

    private void open(PoolConfig config) {
        List<PoolListener> all = new ArrayList<>(Telemetry.listeners(type -> Optional.of(sdk), false, false, config));
        all.add(fixture.witness);
        fixture.open(c -> config, FanOut.of(all), PoolFixture.alias("a"), PoolFixture.alias("b"));
    }

    /** Of each metric and its labels the sum, or the number of times. */
    private Map<String, Long> now() {
        Map<String, Long> values = new TreeMap<>();
        for (MetricData metric : reader.collectAllMetrics()) {
            String name = metric.getName().substring("ssh.client.".length());
            metric.getData().getPoints().forEach(point -> values.put(name + labels(point), value(point)));
        }
        return values;
    }

    private static String labels(PointData point) {
        return point.getAttributes().asMap().entrySet().stream()
                .map(label -> label.getKey() + "=" + label.getValue())
                .sorted()
                .collect(Collectors.joining(",", "{", "}"));
    }

    private static long value(PointData point) {
        return point instanceof LongPointData number ? number.getValue() : ((HistogramPointData) point).getCount();
    }

    @Test
    void theMetricsAreThoseOfACountByHand() {
        open(PoolConfig.defaults()
                .withMaxConnections(2)
                .withMaxChannelsPerConnection(1)
                .withAcquireTimeout(Duration.ofSeconds(1))
                .withMaxIdleTime(Duration.ofSeconds(20)));
        SshLease first = fixture.lease("a");
        SshLease second = fixture.lease("user@c.example:22");
        CompletableFuture<SshLease> late = fixture.acquiring("a");
        assertThat(now())
                .containsEntry("connection.count{ssh.target=a,state=used}", 1L)
                .containsEntry("connection.count{ssh.target=other,state=used}", 1L)
                .containsEntry("connection.max{}", 2L)
                .containsEntry("connection.idle.max{}", 2L)
                .containsEntry("connection.pending_requests{}", 1L)
                .containsEntry("channel.count{ssh.target=a}", 1L);

        fixture.advance(Duration.ofSeconds(1));
        fixture.failureOf(late);
        fixture.valueOf(first.executeAsync("true"));
        fixture.valueOf(first.executeAsync("exit 1"));
        fixture.server("a").deathsAfterSending.set(1);
        fixture.failureOf(first.executeAsync("true"));
        fixture.close(first);
        fixture.close(second);
        fixture.close(fixture.lease("b"));
        fixture.valueOf(fixture.pool.executeAsync("b", Command.shell("true")));
        assertThat(now())
                .containsEntry("connection.count{ssh.target=b,state=idle}", 1L)
                .containsEntry("connection.pending_requests{}", 0L)
                .containsEntry("connection.timeouts{ssh.target=a}", 1L)
                .containsEntry("connection.wait_time{ssh.target=a}", 1L)
                .containsEntry("connection.wait_time{ssh.target=other}", 1L)
                .containsEntry("connection.wait_time{ssh.target=b}", 2L)
                .containsEntry("connection.use_time{ssh.target=a}", 1L)
                .containsEntry("connection.use_time{ssh.target=b}", 2L)
                .containsEntry("connection.create_time{ssh.target=a}", 1L)
                .containsEntry("connection.create_time{ssh.target=b}", 1L)
                .containsEntry("connection.closed{reason=lost,ssh.target=a}", 1L)
                .containsEntry("operation.duration{ssh.operation=exec,ssh.target=a}", 2L)
                .containsEntry(
                        "operation.duration{error.type=io.sshpool.ConnectionLostException,ssh.operation=exec,ssh.target=a}",
                        1L)
                .containsEntry("operation.duration{ssh.operation=exec,ssh.target=b}", 1L);

        fixture.advance(Duration.ofSeconds(20));
        assertThat(now())
                .containsEntry("connection.closed{reason=idle,ssh.target=b}", 1L)
                .containsEntry("connection.closed{reason=idle,ssh.target=other}", 1L)
                .doesNotContainKey("connection.count{ssh.target=b,state=idle}");
    }

    @Test
    void timesAreInSeconds() {
        open(PoolConfig.defaults());
        fixture.close(fixture.lease("a"));
        assertThat(reader.collectAllMetrics())
                .filteredOn(metric -> metric.getName().endsWith("_time"))
                .hasSize(3)
                .allMatch(metric -> metric.getUnit().equals("s"));
    }

    @Test
    void aClosedPoolIsReadNoMore() {
        open(PoolConfig.defaults());
        assertThat(now()).containsKey("connection.max{}");
        fixture.closePool();
        assertThat(now()).doesNotContainKey("connection.max{}");
    }
}
