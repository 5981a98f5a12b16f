package io.sshpool.it.weld;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import io.sshpool.SshConfigException;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

class StartIT {

    private static final Duration PATIENCE = Duration.ofSeconds(10);

    @Test
    void wrongConfigurationStopsTheStartWithEveryProblemAndNoSecret() {
        Map<String, String> settings;
        try (EmbeddedServer server = new EmbeddedServer()) {
            settings = server.target("build");
        }
        settings.put("sshpool.max-connections", "none");
        settings.put("sshpool.acquire-timeout", "soon");
        settings.put("sshpool.target.build.port", "70000");
        settings.remove("sshpool.target.build.user");

        Throwable failure =
                catchThrowable(() -> Application.start(settings, Console.class).close());

        SshConfigException wrong = configurationFailure(failure);
        assertThat(wrong.problems())
                .hasSize(4)
                .anyMatch(problem -> problem.contains("sshpool.max-connections"))
                .anyMatch(problem -> problem.contains("sshpool.acquire-timeout"))
                .anyMatch(problem -> problem.contains("sshpool.target.build.port"))
                .anyMatch(problem -> problem.contains("sshpool.target.build.user"));
        assertThat(stackTrace(failure)).doesNotContain(EmbeddedServer.PASSWORD);
    }

    @Test
    void anApplicationThatInjectsNothingLearnsOfWrongConfigurationToo() {
        Throwable failure = catchThrowable(
                () -> Application.start(Map.of("sshpool.max-connections", "-1")).close());

        assertThat(configurationFailure(failure)).hasMessageContaining("sshpool.max-connections");
    }

    @Test
    void aMalformedHandleStopsTheStart() {
        Throwable failure =
                catchThrowable(() -> Application.start(Map.of(), Misspelt.class).close());

        assertThat(failure)
                .hasMessageContaining("@Pooled(\"build server\")")
                .hasMessageContaining(Misspelt.class.getName() + ".typo");
    }

    @Test
    void withoutAnyConfigurationTheApplicationStarts() {
        try (Application application = Application.start(Map.of(), Console.class)) {
            assertThat(application.pool().stats().totalConnections()).isZero();
        }
    }

    @Test
    void aRequiredTargetIsDialledWithTheApplication() {
        try (EmbeddedServer server = new EmbeddedServer()) {
            Map<String, String> settings = server.target("build");
            settings.put("sshpool.target.build.required", "true");
            try (Application application = Application.start(settings)) {
                await().atMost(PATIENCE).until(() -> application.pool().stats().idleConnections() == 1);
            }
        }
    }

    @Test
    void aRequiredTargetThatIsDownDoesNotStopTheStart() throws IOException {
        Map<String, String> settings;
        try (EmbeddedServer server = new EmbeddedServer()) {
            settings = server.target("build");
        }
        settings.put("sshpool.target.build.port", String.valueOf(closedPort()));
        settings.put("sshpool.target.build.required", "true");
        try (Application application = Application.start(settings)) {
            await().atMost(PATIENCE).until(() -> application.pool().stats().connectFailures() > 0);
        }
    }

    private static int closedPort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private static SshConfigException configurationFailure(Throwable failure) {
        Throwable cause = failure;
        while (cause != null && !(cause instanceof SshConfigException)) {
            cause = cause.getCause();
        }
        assertThat(cause).as("in %s", failure).isInstanceOf(SshConfigException.class);
        return (SshConfigException) cause;
    }

    private static String stackTrace(Throwable failure) {
        StringWriter text = new StringWriter();
        failure.printStackTrace(new PrintWriter(text));
        return text.toString();
    }
}
