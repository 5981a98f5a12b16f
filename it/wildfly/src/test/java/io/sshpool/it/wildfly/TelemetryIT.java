package io.sshpool.it.wildfly;

import io.sshpool.it.suite.Deployment;
import io.sshpool.it.suite.Launcher;
import io.sshpool.it.suite.TelemetrySuite;
import java.net.URI;

class TelemetryIT extends TelemetrySuite {

    @Override
    protected Launcher launcher() {
        return new WildFly();
    }

    @Override
    protected Deployment exporting(Deployment deployment, URI endpoint) {
        return WildFly.exporting(deployment, endpoint);
    }
}
