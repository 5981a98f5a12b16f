package io.sshpool.it.suite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.Test;

/** What an application that is replaced leaves behind in a server that runs on. A server's module extends it. */
public abstract class RedeploySuite {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int TIMES = 10;
    /** Deployments after which the server has loaded what it loads at first use. */
    private static final int SETTLED = 3;

    private static final int TARGETS = 3;

    /** The server to test. */
    protected abstract Launcher launcher();

    /** How an operator has the server's OpenTelemetry send all that it has to a collector; as it is for one that leaks then. */
    protected abstract Deployment exporting(Deployment deployment, URI endpoint);

    /** The file by whose time the server knows of a new WAR, below the folder of its log. */
    protected abstract Path trigger();

    /** The class of the server's loaders for applications. */
    protected abstract String loader();

    @Test
    void tenDeploymentsInARowLeaveNoThreadNoSessionAndNoMoreClassLoadersThanThoseOfAPage() {
        try (TestSshServer ssh = new TestSshServer();
                Collector collector = new Collector()) {
            // What only soft references hold is no leak, but would be counted.
            Deployment plain = Deployment.with(ssh.targets("default", "build", "web"))
                    .property("sshpool.target.web.required", "true")
                    .property("sshpool.shutdown-timeout", "500ms")
                    .variable("JAVA_TOOL_OPTIONS", "-XX:SoftRefLRUPolicyMSPerMB=0");
            Deployment deployment = exporting(plain, collector.endpoint());

            int page = growthOfAPage(deployment.only(Page.class));
            try (ServerProcess server = launcher().start(deployment)) {
                List<Integer> loaders = loaders(server, (client, busy) -> replace(ssh, server, client, busy));
                int most = settled(loaders) + page;
                System.out.println("class loaders after each deployment: " + loaders + "; metrics exported: "
                        + collector.ourMetrics().size());
                assertThat(collector.ourSpans().findAny().isPresent()).isEqualTo(!deployment.equals(plain));
                patiently().until(() -> Jvm.instances(server.jvm(), loader()) <= most);
            }
        }
    }

    /** What the server keeps by itself, of requests that were not answered, too. */
    private int growthOfAPage(Deployment page) {
        try (ServerProcess server = launcher().start(page)) {
            List<Integer> loaders = loaders(server, (client, busy) -> replacePage(server, client, busy));
            System.out.println("class loaders after each deployment of a page: " + loaders);
            return Math.max(0, loaders.get(TIMES - 1) - settled(loaders));
        }
    }

    private static int settled(List<Integer> loaders) {
        return Collections.max(loaders.subList(0, SETTLED));
    }

    /** Replaces the application that runs. */
    private interface Replacement {
        void now(Client client, boolean busy);
    }

    /** How many class loaders there are after each deployment; every second application that is replaced is busy. */
    private List<Integer> loaders(ServerProcess server, Replacement replacement) {
        Client client = new Client(server.base());
        List<Integer> loaders = new ArrayList<>();
        for (int i = 1; i <= TIMES; i++) {
            replacement.now(client, i % 2 == 0);
            loaders.add(Jvm.instances(server.jvm(), loader()));
        }
        return loaders;
    }

    private void replacePage(ServerProcess server, Client client, boolean busy) {
        if (busy) {
            client.getLater("api/async/lease");
            patiently().until(() -> client.get("api/pending").equals("1"));
        }
        redeploy(server, client);
    }

    private void replace(TestSshServer ssh, ServerProcess server, Client client, boolean busy) {
        if (busy) {
            // It holds no thread of a request: Liberty would wait a minute for that before it stops anything.
            client.getLater("api/async/lease?command=hold");
            patiently().until(() -> ssh.running() == 1);
        }
        Set<String> before = Jvm.ourThreads(server.jvm());
        assertThat(before).isNotEmpty();

        redeploy(server, client);

        assertThat(client.get("api/ping/ssh")).endsWith(":uptime");
        assertThat(client.get("api/pool/providers"))
                .as("security providers of the application in the JVM")
                .isEmpty();
        patiently().until(() -> ssh.running() == 0 && ssh.sessions() <= TARGETS);
        patiently().until(() -> Collections.disjoint(Jvm.ourThreads(server.jvm()), before));
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
        patiently().ignoreExceptions().until(() -> {
            HttpResponse<String> answer = client.answer("api/pool/instance");
            return answer.statusCode() == 200 && !answer.body().equals(before);
        });
    }

    private static ConditionFactory patiently() {
        return await().atMost(PATIENCE);
    }
}
