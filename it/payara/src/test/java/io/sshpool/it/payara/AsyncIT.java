package io.sshpool.it.payara;

import io.sshpool.it.suite.Launcher;
import io.sshpool.it.suite.WebProfileAsyncSuite;

class AsyncIT extends WebProfileAsyncSuite {

    @Override
    protected Launcher launcher() {
        return new Payara();
    }

    /** WELD-001303 on its thread for asynchronous servlets. */
    @Override
    protected boolean dispatchIsARequest() {
        return false;
    }
}
