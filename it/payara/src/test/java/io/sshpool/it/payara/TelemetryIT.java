package io.sshpool.it.payara;

import io.sshpool.it.suite.Deployment;
import io.sshpool.it.suite.Launcher;
import io.sshpool.it.suite.TelemetrySuite;
import java.net.URI;

class TelemetryIT extends TelemetrySuite {

    @Override
    protected Launcher launcher() {
        return new Payara();
    }

    /** Its API, 1.29, lacks what the pool measures with. */
    @Override
    protected boolean measures() {
        return false;
    }

    @Override
    protected Deployment exporting(Deployment deployment, URI endpoint) {
        return Payara.exporting(deployment, endpoint);
    }
}
