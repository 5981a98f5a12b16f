package io.sshpool.it.wildfly;

import io.sshpool.it.suite.Deployment;
import io.sshpool.it.suite.Launcher;
import io.sshpool.it.suite.RedeploySuite;
import java.net.URI;
import java.nio.file.Path;

class RedeployIT extends RedeploySuite {

    @Override
    protected Launcher launcher() {
        return new WildFly();
    }

    @Override
    protected Deployment exporting(Deployment deployment, URI endpoint) {
        return WildFly.exporting(deployment, endpoint);
    }

    @Override
    protected Path trigger() {
        return Path.of("deployments/ROOT.war.dodeploy");
    }

    @Override
    protected String loader() {
        return "org.jboss.modules.ModuleClassLoader";
    }
}
