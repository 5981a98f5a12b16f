package io.sshpool.it.liberty;

import io.sshpool.it.suite.Launcher;
import io.sshpool.it.suite.WebProfileAsyncSuite;

class AsyncIT extends WebProfileAsyncSuite {

    @Override
    protected Launcher launcher() {
        return new OpenLiberty();
    }
}
