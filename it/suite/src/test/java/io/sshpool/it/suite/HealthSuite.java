package io.sshpool.it.suite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** The readiness check, as an orchestrator sees it. {@code web} is required, {@code build} is not. A server's module extends it. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
public abstract class HealthSuite {

    private static final Duration INTERVAL = Duration.ofSeconds(2);
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final int MAX_CONNECTIONS = 4;
    private static final int ASKED = 500;

    private TestSshServer ssh;
    private Gate web;
    private Gate build;
    private ServerProcess server;
    private Client client;

    /** The server to test. */
    protected abstract Launcher launcher();

    /** Where the started server tells of its readiness, relative to the application. */
    protected abstract String readiness();

    @BeforeAll
    void start() {
        ssh = new TestSshServer();
        web = new Gate(ssh.port());
        build = new Gate(ssh.port());
        server = launcher()
                .start(Deployment.with(ssh.targets("default", "build", "web"))
                        .property("sshpool.target.web.port", String.valueOf(web.port()))
                        .property("sshpool.target.web.required", "true")
                        .property("sshpool.target.build.port", String.valueOf(build.port()))
                        .property("sshpool.max-connections", String.valueOf(MAX_CONNECTIONS))
                        .property("sshpool.max-channels-per-connection", "1")
                        .property("sshpool.health-interval", INTERVAL.toMillis() + "ms")
                        .property("sshpool.validation-timeout", "500ms")
                        .property("sshpool.connect-timeout", "1s"));
        client = new Client(server.base());
    }

    @AfterEach
    void everythingIsWell() {
        patiently().until(() -> ask().isUp());
    }

    @AfterAll
    void stop() {
        Stream.of(server, web, build, ssh).filter(part -> part != null).forEach(HealthSuite::close);
    }

    @Test
    void aPoolThatIsWellIsReadyAndTellsItsNumbersAndTargets() {
        patiently().until(() -> ask().isUp());
        client.get("api/pool/execute?key=default&command=uptime");

        ReadinessAnswer answer = ask();

        System.out.println("readiness: " + answer.json());
        assertThat(answer.data())
                .containsEntry("web", "UP")
                .containsEntry("default", "UP")
                .containsKeys("build", "total", "healthy", "failed", "idle", "waiting");
        assertThat(Integer.parseInt(answer.data().get("healthy"))).isBetween(2, MAX_CONNECTIONS);
        assertThat(answer.data()).containsEntry("waiting", "0").doesNotContainKey("other");
    }

    @Test
    void aHostThatIsDownAndNotRequiredIsReportedOnly() {
        build.shut();
        assertThat(execute("build")).isGreaterThanOrEqualTo(500);

        ReadinessAnswer answer = ask();

        assertThat(answer.isUp()).isTrue();
        assertThat(answer.data()).containsEntry("build", "SshConnectException");
        build.open();
        patiently().until(() -> execute("build") == 200);
        assertThat(ask().data()).containsEntry("build", "UP");
    }

    @Test
    void aRequiredHostThatGoesDownMakesTheApplicationUnreadyWithinTwoIntervalsUntilItIsBack() {
        patiently().until(() -> ask().isUp());
        web.shut();

        ReadinessAnswer down = awaitDown("host down");

        assertThat(down.http()).isEqualTo(503);
        assertThat(down.data()).containsEntry("web", "SshConnectException");
        web.open();
        patiently().until(() -> ask().isUp());
        assertThat(execute("web")).isEqualTo(200);
    }

    @Test
    void aRequiredHostThatFreezesMakesTheApplicationUnreadyWithinTwoIntervalsUntilItThaws() {
        patiently().until(() -> ask().isUp());
        web.freeze();

        ReadinessAnswer down = awaitDown("host frozen");

        assertThat(down.data().get("web")).isIn("ConnectionLostException", "SshConnectException");
        web.thaw();
        patiently().until(() -> ask().isUp());
        assertThat(execute("web")).isEqualTo(200);
    }

    @Test
    void itAnswersAtOnceWhileThePoolIsExhaustedAndAHostIsFrozen() {
        List<CompletableFuture<String>> running = Stream.generate(
                        () -> client.getLater("api/pool/execute?key=default&command=sleep%204000"))
                .limit(MAX_CONNECTIONS + 2)
                .toList();
        web.freeze();
        patiently().until(() -> Integer.parseInt(ask().data().get("waiting")) > 0);

        Times check = Times.of(this::ask);
        Times nothing = Times.of(() -> client.get("api/pool/instance"));

        System.out.println("readiness over HTTP, pool exhausted, host frozen: " + check
                + "; a request that does nothing: " + nothing);
        // Over HTTP most of it is the server's; what the check itself takes is measured on Weld SE.
        assertThat(check.p50()).isLessThan(100);
        web.thaw();
        running.forEach(CompletableFuture::join);
    }

    private ReadinessAnswer ask() {
        return ReadinessAnswer.of(client.answer(readiness()));
    }

    private int execute(String key) {
        return client.answer("api/pool/execute?key=" + key + "&command=uptime").statusCode();
    }

    private ReadinessAnswer awaitDown(String what) {
        long since = System.nanoTime();
        ReadinessAnswer answer = await().atMost(INTERVAL.multipliedBy(2))
                .pollInterval(Duration.ofMillis(50))
                .until(this::ask, found -> !found.isUp());
        long millis = (System.nanoTime() - since) / 1_000_000;
        System.out.println(what + ": unready after " + millis + " ms, of "
                + INTERVAL.multipliedBy(2).toMillis() + ": " + answer.json());
        return answer;
    }

    private static ConditionFactory patiently() {
        return await().atMost(PATIENCE).pollInterval(Duration.ofMillis(100));
    }

    private static void close(AutoCloseable part) {
        try {
            part.close();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    /** Milliseconds of many calls, one after the other. */
    private record Times(double p50, double p99) {

        private static Times of(Runnable call) {
            long[] nanos = new long[ASKED];
            for (int i = 0; i < ASKED; i++) {
                long start = System.nanoTime();
                call.run();
                nanos[i] = System.nanoTime() - start;
            }
            Arrays.sort(nanos);
            return new Times(nanos[ASKED / 2] / 1e6, nanos[ASKED * 99 / 100] / 1e6);
        }

        @Override
        public String toString() {
            return "p50 %.2f ms, p99 %.2f ms".formatted(p50, p99);
        }
    }
}
