package io.sshpool.it.wildfly;

import io.sshpool.it.suite.Launcher;
import io.sshpool.it.suite.StartSuite;

class StartIT extends StartSuite {

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
