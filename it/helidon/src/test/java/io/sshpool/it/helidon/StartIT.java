package io.sshpool.it.helidon;

import io.sshpool.it.suite.Launcher;
import io.sshpool.it.suite.StartSuite;

class StartIT extends StartSuite {

    @Override
    protected Launcher launcher() {
        return new Helidon();
    }

    @Override
    protected String readiness() {
        return "health/ready";
    }
}
