package io.sshpool.it.helidon;

import io.sshpool.it.suite.Launcher;
import io.sshpool.it.suite.WithoutHealthSuite;

class WithoutHealthIT extends WithoutHealthSuite {

    @Override
    protected Launcher launcher() {
        return Helidon.without("health");
    }

    @Override
    protected String readiness() {
        return "health/ready";
    }
}
