package io.sshpool.it.liberty;

import io.sshpool.it.suite.Launcher;
import io.sshpool.it.suite.RedeploySuite;
import java.nio.file.Path;

class RedeployIT extends RedeploySuite {

    @Override
    protected Launcher launcher() {
        return new OpenLiberty();
    }

    @Override
    protected Path trigger() {
        return Path.of("servers/suite/apps/app.war");
    }

    @Override
    protected String loader() {
        return "com.ibm.ws.classloading.internal.AppClassLoader";
    }
}
