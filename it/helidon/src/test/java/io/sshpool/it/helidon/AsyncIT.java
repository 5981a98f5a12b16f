package io.sshpool.it.helidon;

import io.sshpool.it.suite.AsyncSuite;
import io.sshpool.it.suite.Launcher;

class AsyncIT extends AsyncSuite {

    @Override
    protected Launcher launcher() {
        return new Helidon();
    }
}
