package io.sshpool.it.quarkus;

import io.sshpool.it.suite.Launcher;
import io.sshpool.it.suite.StartSuite;

class StartIT extends StartSuite {

    @Override
    protected Launcher launcher() {
        return new Quarkus();
    }

    @Override
    protected String readiness() {
        return "q/health/ready";
    }
}
