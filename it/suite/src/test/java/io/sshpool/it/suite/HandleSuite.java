package io.sshpool.it.suite;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Handles and the pool in every part of an application. A server's module extends it. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
public abstract class HandleSuite {

    private TestSshServer ssh;
    private ServerProcess server;
    private Client client;

    /** The server to test. */
    protected abstract Launcher launcher();

    @BeforeAll
    void start() {
        ssh = new TestSshServer();
        server = launcher().start(Deployment.with(ssh.targets("default", "build", "web")));
        client = new Client(server.base());
    }

    @AfterAll
    void stop() {
        if (server != null) {
            server.close();
        }
        ssh.close();
    }

    @Test
    void theApplicationRunsACommand() {
        assertThat(client.get("api/ping/ssh")).endsWith(":uptime");
    }
}
