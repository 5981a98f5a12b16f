package io.sshpool.it.helidon;

import io.sshpool.it.suite.HandleSuite;
import io.sshpool.it.suite.Launcher;

class HandlesIT extends HandleSuite {

    @Override
    protected Launcher launcher() {
        return new Helidon();
    }
}
