package io.sshpool.it.suite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.Map;

/** The sample application on a started server, and the SSH server of its targets. */
record Sample(TestSshServer ssh, ServerProcess server, Client client) implements AutoCloseable {

    static final Duration PATIENCE = Duration.ofSeconds(20);
    static final int MAX_CONNECTIONS = 4;

    /** With these settings besides. */
    static Sample start(Launcher launcher, Map<String, String> settings) {
        TestSshServer ssh = new TestSshServer();
        try {
            Deployment deployment = Deployment.with(ssh.targets("default", "build", "web"))
                    .property("sshpool.max-connections", String.valueOf(MAX_CONNECTIONS))
                    // A loaded machine takes its time.
                    .property("sshpool.acquire-timeout", "1m")
                    .property("sshpool.connect-timeout", "1m")
                    // The server's OpenTelemetry, if it has one, does nothing.
                    .property("otel.sdk.disabled", "true");
            for (var setting : settings.entrySet()) {
                deployment = deployment.property(setting.getKey(), setting.getValue());
            }
            ServerProcess server = launcher.start(deployment);
            return new Sample(ssh, server, new Client(server.base()));
        } catch (RuntimeException failure) {
            ssh.close();
            throw failure;
        }
    }

    /** Waits until nothing rests on a connection. */
    void awaitNoLease() {
        await().atMost(PATIENCE).untilAsserted(() -> {
            Stats stats = Stats.of(client);
            assertThat(stats.used() + stats.channels() + stats.waiting())
                    .as("%s", stats)
                    .isZero();
        });
    }

    @Override
    public void close() {
        server.close();
        ssh.close();
    }
}
