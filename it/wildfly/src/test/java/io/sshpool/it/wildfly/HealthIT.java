package io.sshpool.it.wildfly;

import io.sshpool.it.suite.HealthSuite;
import io.sshpool.it.suite.Launcher;

class HealthIT extends HealthSuite {

    private final WildFly wildFly = new WildFly();

    @Override
    protected Launcher launcher() {
        return wildFly;
    }

    @Override
    protected String readiness() {
        return wildFly.readiness();
    }
}
