package io.sshpool.it.payara;

import io.sshpool.it.suite.HealthSuite;
import io.sshpool.it.suite.Launcher;

class HealthIT extends HealthSuite {

    @Override
    protected Launcher launcher() {
        return new Payara();
    }

    @Override
    protected String readiness() {
        return "health/ready";
    }

    @Override
    protected boolean numbersAreText() {
        return true;
    }
}
