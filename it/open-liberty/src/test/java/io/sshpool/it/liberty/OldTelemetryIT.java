package io.sshpool.it.liberty;

import io.sshpool.it.suite.Launcher;

/** With the last feature that has no metrics. */
class OldTelemetryIT extends TelemetryIT {

    @Override
    protected Launcher launcher() {
        return OpenLiberty.withTelemetry("1.1");
    }

    @Override
    protected boolean measures() {
        return false;
    }
}
