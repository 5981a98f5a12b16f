package io.sshpool.it.weld;

import static org.assertj.core.api.Assertions.assertThat;

import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.context.Context;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.metrics.SdkMeterProvider;
import io.opentelemetry.sdk.metrics.data.HistogramPointData;
import io.opentelemetry.sdk.metrics.data.MetricData;
import io.opentelemetry.sdk.testing.exporter.InMemoryMetricReader;
import io.opentelemetry.sdk.testing.exporter.InMemorySpanExporter;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.data.EventData;
import io.opentelemetry.sdk.trace.data.LinkData;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class TelemetryIT {

    @Test
    void thePoolTracesAndMeasuresWithTheApplicationsOpenTelemetry() throws Exception {
        try (EmbeddedServer server = new EmbeddedServer();
                Application application = Application.start(server.target("build"), Console.class, Sdk.class)) {
            Sdk sdk = application.bean(Sdk.class);

            String trace = runTraced(application);
            runTraced(application);

            // the health check in the background begins with the pool
            assertThat(names(sdk.spans()).filter(name -> !name.equals("sshpool.health_check")))
                    .containsExactlyInAnyOrder(
                            "caller",
                            "sshpool.acquire",
                            "ssh.connect",
                            "ssh.exec",
                            "caller",
                            "sshpool.acquire",
                            "ssh.exec");
            List<SpanData> first = sdk.spans().stream()
                    .filter(span -> trace.equals(span.getTraceId()))
                    .toList();
            assertThat(names(first)).containsExactlyInAnyOrder("caller", "sshpool.acquire", "ssh.exec");
            SpanData caller = only(first, "caller");
            SpanData acquire = only(first, "sshpool.acquire");
            assertThat(List.of(acquire, only(first, "ssh.exec")))
                    .extracting(SpanData::getParentSpanId)
                    .containsOnly(caller.getSpanId());
            SpanData connect = only(sdk.spans(), "ssh.connect");
            assertThat(connect.getParentSpanContext().isValid()).isFalse();
            assertThat(connect.getLinks())
                    .extracting(LinkData::getSpanContext)
                    .extracting("spanId")
                    .containsExactly(acquire.getSpanId());
            assertThat(sdk.spans().stream()
                            .filter(span -> span.getName().equals("sshpool.acquire"))
                            .flatMap(span -> span.getEvents().stream())
                            .map(EventData::getName))
                    .containsExactly("connection_created", "connection_reused");
            assertThat(sdk.times("ssh.client.operation.duration")).isEqualTo(2);
            assertThat(sdk.times("ssh.client.connection.wait_time")).isEqualTo(2);
            assertThat(sdk.times("ssh.client.connection.create_time")).isEqualTo(1);
        }
    }

    @Test
    void telemetryThatIsSwitchedOffTellsNothing() throws Exception {
        try (EmbeddedServer server = new EmbeddedServer()) {
            Map<String, String> settings = server.target("build");
            settings.put("sshpool.telemetry.enabled", "false");
            try (Application application = Application.start(settings, Console.class, Sdk.class)) {
                Sdk sdk = application.bean(Sdk.class);

                runTraced(application);

                assertThat(names(sdk.spans())).containsExactly("caller");
                assertThat(sdk.metrics()).isEmpty();
            }
        }
    }

    /** One command in a span; returns its trace. */
    private static String runTraced(Application application) throws Exception {
        Span caller = application
                .bean(OpenTelemetry.class)
                .getTracer("test")
                .spanBuilder("caller")
                .startSpan();
        String answer = Context.current()
                .with(caller)
                .wrap(() -> application.inRequest(
                        () -> application.bean(Console.class).run("uptime")))
                .call();
        caller.end();
        assertThat(answer).isEqualTo("deploy:uptime");
        return caller.getSpanContext().getTraceId();
    }

    private static Stream<String> names(List<SpanData> spans) {
        return spans.stream().map(SpanData::getName);
    }

    private static SpanData only(List<SpanData> spans, String name) {
        List<SpanData> found =
                spans.stream().filter(span -> span.getName().equals(name)).toList();
        assertThat(found).as(name).hasSize(1);
        return found.get(0);
    }

    /** An application's own OpenTelemetry. */
    @ApplicationScoped
    static class Sdk {

        private final InMemorySpanExporter spans = InMemorySpanExporter.create();
        private final InMemoryMetricReader metrics = InMemoryMetricReader.create();

        @Produces
        @ApplicationScoped
        OpenTelemetry openTelemetry() {
            return OpenTelemetrySdk.builder()
                    .setTracerProvider(SdkTracerProvider.builder()
                            .addSpanProcessor(SimpleSpanProcessor.create(spans))
                            .build())
                    .setMeterProvider(SdkMeterProvider.builder()
                            .registerMetricReader(metrics)
                            .build())
                    .build();
        }

        List<SpanData> spans() {
            return spans.getFinishedSpanItems();
        }

        Collection<MetricData> metrics() {
            return metrics.collectAllMetrics();
        }

        /** How many times a duration was recorded. */
        long times(String metric) {
            return metrics().stream()
                    .filter(data -> data.getName().equals(metric))
                    .flatMap(data -> data.getHistogramData().getPoints().stream())
                    .mapToLong(HistogramPointData::getCount)
                    .sum();
        }
    }
}
