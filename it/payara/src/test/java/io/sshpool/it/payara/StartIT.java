package io.sshpool.it.payara;

import io.sshpool.it.suite.Launcher;
import io.sshpool.it.suite.StartSuite;

class StartIT extends StartSuite {

    @Override
    protected Launcher launcher() {
        return new Payara();
    }

    @Override
    protected String readiness() {
        return "health/ready";
    }
}
