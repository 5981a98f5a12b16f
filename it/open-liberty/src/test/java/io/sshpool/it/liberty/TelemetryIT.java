package io.sshpool.it.liberty;

import io.sshpool.it.suite.Deployment;
import io.sshpool.it.suite.Launcher;
import io.sshpool.it.suite.TelemetrySuite;
import java.net.URI;

class TelemetryIT extends TelemetrySuite {

    @Override
    protected Launcher launcher() {
        return OpenLiberty.withTelemetry("2.0");
    }

    @Override
    protected Deployment exporting(Deployment deployment, URI endpoint) {
        return OpenLiberty.exporting(deployment, endpoint);
    }
}
