package io.sshpool.it.wildfly;

import io.sshpool.it.suite.Launcher;
import io.sshpool.it.suite.WebProfileSuite;

class HandlesIT extends WebProfileSuite {

    @Override
    protected Launcher launcher() {
        return new WildFly();
    }
}
