package io.sshpool.it.suite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/** What stops a start, what does not, and what is left after a stop. A server's module extends it. */
public abstract class StartSuite {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    /** The server to test. */
    protected abstract Launcher launcher();

    /** Where the started server tells of its readiness, relative to the application. */
    protected abstract String readiness();

    @Test
    void aRequiredTargetThatIsDownDoesNotStopTheStartNorACheckThatIsOffAndIsReachedWhenItIsUp() {
        try (TestSshServer ssh = new TestSshServer()) {
            int port = ServerProcess.freePort();
            Deployment deployment = Deployment.with(ssh.targets("default", "build", "web"))
                    .property("sshpool.target.web.port", String.valueOf(port))
                    .property("sshpool.target.web.required", "true")
                    .property("sshpool.health-interval", "1s")
                    .property("sshpool.health.enabled", "false");
            try (ServerProcess server = launcher().start(deployment)) {
                Client client = new Client(server.base());
                await().atMost(PATIENCE).until(() -> Stats.of(client).failures() > 0);
                ReadinessAnswer answer = ReadinessAnswer.of(client.answer(readiness()));
                assertThat(answer.isUp()).as("switched off: %s", answer.json()).isTrue();
                assertThat(answer.data()).as(answer.json()).isEmpty();
                try (TestSshServer late = ssh.twin(port)) {
                    await().atMost(PATIENCE).until(() -> late.logins() == 1);
                    assertThat(client.get("api/pool/execute?key=web&command=uptime"))
                            .endsWith(":uptime");
                }
            }
        }
    }

    @Test
    void environmentAndSystemPropertiesComeBeforeTheFile() {
        try (TestSshServer ssh = new TestSshServer()) {
            Deployment deployment = Deployment.with(ssh.targets("default", "build", "web"))
                    .variable("SSHPOOL_TARGET_BUILD_USER", TestSshServer.OPERATOR)
                    .variable("SSHPOOL_TARGET_WEB_USER", "nobody")
                    .property("sshpool.target.web.user", TestSshServer.OPERATOR);
            try (ServerProcess server = launcher().start(deployment)) {
                Client client = new Client(server.base());

                assertThat(user(client, "default")).as("of the file").isEqualTo(TestSshServer.USER);
                assertThat(user(client, "build")).as("of the environment").isEqualTo(TestSshServer.OPERATOR);
                assertThat(user(client, "web")).as("of a system property").isEqualTo(TestSshServer.OPERATOR);
            }
        }
    }

    @Test
    void stoppingTheServerEndsItsSessionsAndItsProcess() {
        try (TestSshServer ssh = new TestSshServer()) {
            ServerProcess server = launcher().start(Deployment.with(ssh.targets("default", "build", "web")));
            try (server) {
                assertThat(new Client(server.base()).get("api/ping/ssh")).endsWith(":uptime");
                assertThat(ssh.sessions()).isPositive();
            }
            assertThat(ProcessHandle.of(server.pid())).isEmpty();
            await().atMost(PATIENCE).until(() -> ssh.sessions() == 0);
            assertThat(ssh.farewells()).as("sessions that said goodbye").isPositive();
        }
    }

    @Test
    void wrongConfigurationStopsTheStartWithEveryProblemAndNoSecret() {
        try (TestSshServer ssh = new TestSshServer()) {
            Deployment deployment = Deployment.with(ssh.targets("default", "build", "web"))
                    .property("sshpool.max-connections", "many")
                    .property("sshpool.acquire-timeout", "soon")
                    .property("sshpool.target.build.password", "a-secret-that-nobody-may-see");

            ServerProcess.StartFailed failure = catchThrowableOfType(
                    ServerProcess.StartFailed.class,
                    () -> launcher().start(deployment).close());

            assertThat(failure).as("the start fails").isNotNull();
            assertThat(failure.log())
                    .contains(
                            "problems in the configuration of sshpool",
                            "sshpool.max-connections is \"many\"",
                            "sshpool.acquire-timeout is \"soon\"")
                    .doesNotContain("a-secret-that-nobody-may-see");
            assertThat(ssh.logins()).isZero();
        }
    }

    /** Whom the server takes the application for. */
    private static String user(Client client, String key) {
        return client.get("api/pool/execute?key=" + key + "&command=whoami").replaceFirst("\\d+:", "");
    }
}
