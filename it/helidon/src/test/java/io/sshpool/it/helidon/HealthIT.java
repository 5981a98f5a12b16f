package io.sshpool.it.helidon;

import io.sshpool.it.suite.HealthSuite;
import io.sshpool.it.suite.Launcher;

class HealthIT extends HealthSuite {

    @Override
    protected Launcher launcher() {
        return new Helidon();
    }

    @Override
    protected String readiness() {
        return "health/ready";
    }

    @Override
    protected boolean managesExecutors() {
        return false;
    }
}
