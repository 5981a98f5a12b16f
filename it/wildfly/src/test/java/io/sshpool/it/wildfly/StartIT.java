package io.sshpool.it.wildfly;

import io.sshpool.it.suite.Launcher;
import io.sshpool.it.suite.StartSuite;

class StartIT extends StartSuite {

    @Override
    protected Launcher launcher() {
        return new WildFly();
    }
}
