package io.sshpool.it.wildfly;

import io.sshpool.it.suite.Launcher;
import io.sshpool.it.suite.WithoutHealthSuite;

class WithoutHealthIT extends WithoutHealthSuite {

    private final WildFly wildFly = WildFly.without("health");

    @Override
    protected Launcher launcher() {
        return wildFly;
    }

    @Override
    protected String readiness() {
        return wildFly.readiness();
    }
}
