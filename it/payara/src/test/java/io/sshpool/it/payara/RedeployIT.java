package io.sshpool.it.payara;

import io.sshpool.it.suite.Deployment;
import io.sshpool.it.suite.Launcher;
import io.sshpool.it.suite.RedeploySuite;
import java.net.URI;
import java.nio.file.Path;

class RedeployIT extends RedeploySuite {

    @Override
    protected Launcher launcher() {
        return Payara.redeploying();
    }

    @Override
    protected Deployment exporting(Deployment deployment, URI endpoint) {
        return Payara.exporting(deployment, endpoint);
    }

    @Override
    protected Path trigger() {
        return Path.of(Redeploying.TRIGGER);
    }

    @Override
    protected String loader() {
        return "org.glassfish.web.loader.WebappClassLoader";
    }
}
