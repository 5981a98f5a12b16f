package io.sshpool.it.payara;

import io.sshpool.it.suite.Launcher;
import io.sshpool.it.suite.WebProfileSuite;

class HandlesIT extends WebProfileSuite {

    @Override
    protected Launcher launcher() {
        return new Payara();
    }
}
