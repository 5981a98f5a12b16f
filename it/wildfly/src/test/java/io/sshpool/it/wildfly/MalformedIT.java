package io.sshpool.it.wildfly;

import io.sshpool.it.suite.Launcher;
import io.sshpool.it.suite.MalformedSuite;

class MalformedIT extends MalformedSuite {

    @Override
    protected Launcher launcher() {
        return new WildFly();
    }
}
