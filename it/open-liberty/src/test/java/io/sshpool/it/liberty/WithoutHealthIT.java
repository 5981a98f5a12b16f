package io.sshpool.it.liberty;

import io.sshpool.it.suite.Launcher;
import io.sshpool.it.suite.WithoutHealthSuite;

class WithoutHealthIT extends WithoutHealthSuite {

    @Override
    protected Launcher launcher() {
        return OpenLiberty.without("mpHealth");
    }

    @Override
    protected String readiness() {
        return "health/ready";
    }
}
