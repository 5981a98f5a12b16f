package io.sshpool.it.liberty;

import io.sshpool.it.suite.Launcher;
import io.sshpool.it.suite.StartSuite;

class StartIT extends StartSuite {

    @Override
    protected Launcher launcher() {
        return new OpenLiberty();
    }

    @Override
    protected String readiness() {
        return "health/ready";
    }
}
