package io.sshpool.it.suite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What an application that is replaced leaves behind in a server that runs on. A server's module extends it. */
public abstract class RedeploySuite {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int TIMES = 10;
    private static final int SETTLED = 3;
    /** Class loaders that these servers keep of an application of one page that is replaced. */
    private static final int KEPT_BY_ITSELF = 2;

    /** The server to test. */
    protected abstract Launcher launcher();

    /** The file by whose time the server knows of a new WAR, below the folder of its log. */
    protected abstract Path trigger();

    /** The class of the server's loaders for applications. */
    protected abstract String loader();

    @Test
    void tenDeploymentsInARowLeaveNoThreadNoSessionAndNoClassLoader() {
        try (TestSshServer ssh = new TestSshServer()) {
            // What only soft references hold is no leak, but would be counted.
            Deployment deployment = Deployment.with(ssh.targets("default", "build", "web"))
                    .variable("JAVA_TOOL_OPTIONS", "-XX:SoftRefLRUPolicyMSPerMB=0");
            try (ServerProcess server = launcher().start(deployment)) {
                Client client = new Client(server.base());
                List<Integer> loaders = new ArrayList<>();
                int threads = 0;
                for (int i = 1; i <= TIMES; i++) {
                    redeploy(server, client);
                    assertThat(client.get("api/ping/ssh")).endsWith(":uptime");
                    assertThat(client.get("api/pool/providers"))
                            .as("security providers of the application in the JVM")
                            .isEmpty();
                    await().atMost(PATIENCE).until(() -> ssh.sessions() <= 2);
                    loaders.add(Heap.instances(server.jvm(), loader()));
                    if (i == SETTLED) {
                        threads = threads(client);
                    }
                }
                int most = threads;
                await().atMost(PATIENCE).until(() -> threads(client) <= most);
                System.out.println("class loaders after each deployment: " + loaders);
                await().atMost(PATIENCE)
                        .until(() -> Heap.instances(server.jvm(), loader()) <= loaders.get(0) + KEPT_BY_ITSELF);
            }
        }
    }

    private void redeploy(ServerProcess server, Client client) {
        String before = client.get("api/pool/instance");
        try {
            Path trigger = server.folder().resolve(trigger());
            if (Files.notExists(trigger)) {
                Files.createFile(trigger);
            }
            Files.setLastModifiedTime(trigger, FileTime.from(Instant.now()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        await().atMost(PATIENCE).ignoreExceptions().until(() -> {
            HttpResponse<String> answer = client.answer("api/pool/instance");
            return answer.statusCode() == 200 && !answer.body().equals(before);
        });
    }

    private static int threads(Client client) {
        return Integer.parseInt(client.get("api/pool/threads"));
    }
}
