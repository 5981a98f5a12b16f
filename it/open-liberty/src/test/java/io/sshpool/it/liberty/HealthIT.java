package io.sshpool.it.liberty;

import io.sshpool.it.suite.HealthSuite;
import io.sshpool.it.suite.Launcher;

class HealthIT extends HealthSuite {

    @Override
    protected Launcher launcher() {
        return new OpenLiberty();
    }

    @Override
    protected String readiness() {
        return "health/ready";
    }
}
