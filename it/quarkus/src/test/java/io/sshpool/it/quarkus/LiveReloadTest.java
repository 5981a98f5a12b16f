package io.sshpool.it.quarkus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.quarkus.test.QuarkusDevModeTest;
import io.sshpool.it.suite.Client;
import io.sshpool.it.suite.Jvm;
import io.sshpool.it.suite.ServerProcess;
import io.sshpool.it.suite.TestSshServer;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jboss.shrinkwrap.api.asset.StringAsset;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** An application in dev mode, whose source is edited again and again. */
class LiveReloadTest {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int TIMES = 10;
    /** To {@code build} when the application starts, and to {@code default} for the request. */
    private static final int SESSIONS = 2;
    /** The second reload left one class loader more than the first, and no later one did. */
    private static final int KEPT = 2;

    private static final TestSshServer SSH = new TestSshServer();
    private static final int PORT = ServerProcess.freePort();

    @RegisterExtension
    static final QuarkusDevModeTest DEV_MODE = new QuarkusDevModeTest()
            .withApplicationRoot(application -> application
                    .addClass(LiveResource.class)
                    .addAsResource(new StringAsset(settings()), "application.properties"));

    private final Client client = new Client(URI.create("http://127.0.0.1:" + PORT + "/"));

    @AfterAll
    static void stop() {
        SSH.close();
    }

    @Test
    void aReloadClosesTheOldPoolAndLeavesNoThreadAndNoSession() {
        List<Integer> loaders = new ArrayList<>();
        assertThat(client.get("api/live")).startsWith("edit 0, ").endsWith(":uptime");
        for (int i = 1; i <= TIMES; i++) {
            Set<Thread> old = threads();
            assertThat(old).as("threads of a pool that works").isNotEmpty();
            String before = "edit " + (i - 1) + ",";
            String after = "edit " + i + ",";

            DEV_MODE.modifySourceFile(LiveResource.class, source -> source.replace(before, after));

            assertThat(client.get("api/live")).startsWith(after).endsWith(":uptime");
            int ended = SESSIONS * i;
            await().atMost(PATIENCE).untilAsserted(() -> {
                assertThat(threads()).as("threads").doesNotContainAnyElementsOf(old);
                // What the application does at its start goes on meanwhile.
                assertThat(SSH.logins()).as("logins").isEqualTo(ended + SESSIONS);
                assertThat(SSH.farewells())
                        .as("sessions that old pools ended in order")
                        .isEqualTo(ended);
                assertThat(SSH.sessions()).as("sessions").isEqualTo(SESSIONS);
            });
            loaders.add(loaders());
        }
        System.out.println("class loaders after each reload: " + loaders);
        await().atMost(PATIENCE).until(() -> loaders() <= loaders.get(0) + KEPT);
    }

    private static int loaders() {
        return Jvm.instances(ProcessHandle.current().pid(), "io.quarkus.bootstrap.classloading.QuarkusClassLoader");
    }

    private static String settings() {
        return SSH.targets("default", "build", "web").entrySet().stream()
                .map(LiveReloadTest::line)
                .collect(Collectors.joining(
                        "",
                        "",
                        "quarkus.http.host=127.0.0.1\nquarkus.http.port=" + PORT
                                + "\nquarkus.otel.sdk.disabled=true\n"));
    }

    private static String line(Map.Entry<String, String> setting) {
        return setting.getKey() + "=" + setting.getValue() + "\n";
    }

    /** The pool's, and its SSH client's. The test's SSH server is in this JVM, too. */
    private static Set<Thread> threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("sshpool")
                        || thread.getName().startsWith("sshd-SshClient"))
                .collect(Collectors.toSet());
    }
}
