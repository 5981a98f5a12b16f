package io.sshpool.it.liberty;

import io.sshpool.it.suite.Deployment;
import io.sshpool.it.suite.Launcher;
import io.sshpool.it.suite.TelemetrySuite;
import java.net.URI;

class TelemetryIT extends TelemetrySuite {

    @Override
    protected Launcher launcher() {
        return OpenLiberty.withTelemetry();
    }

    @Override
    protected Deployment exporting(Deployment deployment, URI endpoint) {
        return deployment
                .variable("OTEL_SDK_DISABLED", "false")
                .variable("OTEL_EXPORTER_OTLP_ENDPOINT", endpoint.toString())
                .variable("OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf")
                .variable("OTEL_BSP_SCHEDULE_DELAY", "200")
                .variable("OTEL_METRIC_EXPORT_INTERVAL", "200");
    }
}
