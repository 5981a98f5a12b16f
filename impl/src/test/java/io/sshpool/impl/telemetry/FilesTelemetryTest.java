package io.sshpool.impl.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.metrics.SdkMeterProvider;
import io.opentelemetry.sdk.testing.exporter.InMemoryMetricReader;
import io.opentelemetry.sdk.testing.exporter.InMemorySpanExporter;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import io.sshpool.LeaseClosedException;
import io.sshpool.PoolConfig;
import io.sshpool.spi.PoolListener;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class FilesTelemetryTest {

    private final InMemorySpanExporter spans = InMemorySpanExporter.create();
    private final InMemoryMetricReader metrics = InMemoryMetricReader.create();
    private final OpenTelemetrySdk sdk = OpenTelemetrySdk.builder()
            .setTracerProvider(SdkTracerProvider.builder()
                    .addSpanProcessor(SimpleSpanProcessor.create(spans))
                    .build())
            .setMeterProvider(
                    SdkMeterProvider.builder().registerMetricReader(metrics).build())
            .build();
    private final PoolListener listener =
            FanOut.of(Telemetry.listeners(type -> Optional.of(sdk), false, false, PoolConfig.defaults()));

    @AfterEach
    void close() {
        sdk.close();
    }

    @Test
    void anOperationOnFilesIsASpanAndADuration() {
        listener.usingFiles(Samples.WEB, "upload").completed();
        listener.usingFiles(Samples.WEB, "list").failed(new LeaseClosedException("build", "closed"));

        assertThat(spans.getFinishedSpanItems()).hasSize(2).allSatisfy(span -> {
            assertThat(span.getName()).isEqualTo("ssh.sftp");
            assertThat(span.getKind()).isEqualTo(SpanKind.CLIENT);
        });
        assertThat(spans.getFinishedSpanItems())
                .extracting(span -> span.getAttributes().get(AttributeKey.stringKey("ssh.sftp.operation")))
                .containsExactly("upload", "list");
        assertThat(spans.getFinishedSpanItems().get(1).getStatus().getStatusCode())
                .isEqualTo(StatusCode.ERROR);
        assertThat(metrics.collectAllMetrics())
                .filteredOn(metric -> metric.getName().equals("ssh.client.operation.duration"))
                .singleElement()
                .satisfies(metric -> assertThat(metric.getHistogramData().getPoints())
                        .hasSize(2)
                        .allMatch(point ->
                                "sftp".equals(point.getAttributes().get(AttributeKey.stringKey("ssh.operation")))));
    }
}
