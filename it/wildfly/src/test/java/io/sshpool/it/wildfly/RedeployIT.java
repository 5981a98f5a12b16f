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

    /** Its exporter has a Vert.x for each deployment, whose thread stays and keeps the application's class loader. */
    @Override
    protected Deployment exporting(Deployment deployment, URI endpoint) {
        return deployment;
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
