package io.sshpool.demo.web;

import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.exporter.prometheus.PrometheusMetricReader;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.metrics.SdkMeterProvider;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import io.quarkus.arc.Unremovable;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Disposes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.MediaType;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/**
 * The pool's metrics as OpenTelemetry has them, in the text format of Prometheus. An application would have its server's OpenTelemetry, or
 * its own as here; the pool finds it.
 */
@Path("/api/metrics")
@ApplicationScoped
public class MetricsResource {

    private final PrometheusMetricReader reader = new PrometheusMetricReader(attribute -> false);

    @Produces
    @Singleton
    @Unremovable
    OpenTelemetry openTelemetry() {
        return OpenTelemetrySdk.builder()
                .setMeterProvider(
                        SdkMeterProvider.builder().registerMetricReader(reader).build())
                .build();
    }

    void close(@Disposes OpenTelemetry openTelemetry) {
        if (openTelemetry instanceof OpenTelemetrySdk sdk) {
            sdk.close();
        }
    }

    /**
     * The values of this moment.
     *
     * @return a line each
     * @throws IOException never
     */
    @GET
    @jakarta.ws.rs.Produces(MediaType.TEXT_PLAIN)
    public String text() throws IOException {
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        PrometheusTextFormatWriter.builder().build().write(text, reader.collect());
        return text.toString(StandardCharsets.UTF_8);
    }
}
