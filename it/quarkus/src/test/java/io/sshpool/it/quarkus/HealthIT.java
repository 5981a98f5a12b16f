package io.sshpool.it.quarkus;

import io.sshpool.it.suite.HealthSuite;
import io.sshpool.it.suite.Launcher;

class HealthIT extends HealthSuite {

    @Override
    protected Launcher launcher() {
        return new Quarkus();
    }

    @Override
    protected String readiness() {
        return "q/health/ready";
    }
}
