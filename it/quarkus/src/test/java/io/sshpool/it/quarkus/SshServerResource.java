package io.sshpool.it.quarkus;

import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import io.sshpool.it.suite.TestSshServer;
import java.util.Map;

/** Starts an SSH server before the application, and stops it after. */
public class SshServerResource implements QuarkusTestResourceLifecycleManager {

    private TestSshServer server;

    @Override
    public Map<String, String> start() {
        server = new TestSshServer();
        return server.targets("default", "build", "web");
    }

    @Override
    public void stop() {
        if (server != null) {
            server.close();
        }
    }
}
