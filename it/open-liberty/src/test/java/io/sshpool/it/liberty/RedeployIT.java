package io.sshpool.it.liberty;

import io.sshpool.it.suite.Deployment;
import io.sshpool.it.suite.Launcher;
import io.sshpool.it.suite.RedeploySuite;
import java.net.URI;
import java.nio.file.Path;

class RedeployIT extends RedeploySuite {

    @Override
    protected Launcher launcher() {
        return OpenLiberty.withTelemetry("2.0");
    }

    @Override
    protected Deployment exporting(Deployment deployment, URI endpoint) {
        return OpenLiberty.exporting(deployment, endpoint);
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
