package io.sshpool.it.quarkus;

import io.sshpool.it.suite.Deployment;
import io.sshpool.it.suite.Launcher;
import io.sshpool.it.suite.TelemetrySuite;
import java.net.URI;

class TelemetryIT extends TelemetrySuite {

    @Override
    protected Launcher launcher() {
        return new Quarkus();
    }

    @Override
    protected Deployment exporting(Deployment deployment, URI endpoint) {
        return deployment
                .property("quarkus.otel.sdk.disabled", "false")
                .property("quarkus.otel.exporter.otlp.endpoint", endpoint.toString())
                .property("quarkus.otel.exporter.otlp.protocol", "http/protobuf")
                .property("quarkus.otel.bsp.schedule.delay", "200ms")
                .property("quarkus.otel.metric.export.interval", "200ms");
    }
}
