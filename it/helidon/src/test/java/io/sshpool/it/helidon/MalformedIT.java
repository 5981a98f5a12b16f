package io.sshpool.it.helidon;

import io.sshpool.it.suite.Launcher;
import io.sshpool.it.suite.MalformedSuite;

class MalformedIT extends MalformedSuite {

    @Override
    protected Launcher launcher() {
        return new Helidon();
    }
}
