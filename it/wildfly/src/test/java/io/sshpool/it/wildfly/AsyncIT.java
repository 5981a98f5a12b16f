package io.sshpool.it.wildfly;

import io.sshpool.it.suite.Launcher;
import io.sshpool.it.suite.WebProfileAsyncSuite;

class AsyncIT extends WebProfileAsyncSuite {

    @Override
    protected Launcher launcher() {
        return new WildFly();
    }
}
