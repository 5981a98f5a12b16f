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

    private static final Duration INTERVAL = Duration.ofSeconds(5);
    /** What is promised of a required target that dies, as connect and probe take less than an interval. */
    private static final Duration PROMISED = INTERVAL.multipliedBy(2);
    /** For a loaded machine. */
    private static final Duration ALLOWANCE = INTERVAL;

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int MAX_CONNECTIONS = 4;
    private static final List<String> NUMBERS = List.of("total", "healthy", "failed", "idle", "waiting");
    private static final List<String> TARGETS = List.of("default", "build", "web");
    private static final int ASKED = 1000;
    /** Of a server that has just started it is mostly the compiler's time that shows. */
    private static final int UNMEASURED = Integer.getInteger("sshpool.readiness.unmeasured", 2000);
    /** Half of the validation time-out: what probes, borrows or dials takes longer. */
    private static final double AT_ONCE = 1000;

    private TestSshServer ssh;
    private Gate web;
    private Gate build;
    private ServerProcess server;
    private Client client;

    /** The server to test. */
    protected abstract Launcher launcher();

    /** Where the started server tells of its readiness, relative to the application. */
    protected abstract String readiness();

    /** Whether the server writes the numbers of a check as text. */
    protected boolean numbersAreText() {
        return false;
    }

    /** Whether there is an executor of the server's for housekeeping. */
    protected boolean managesExecutors() {
        return true;
    }

    @BeforeAll
    void start() {
        ssh = new TestSshServer();
        web = new Gate(ssh.port());
        build = new Gate(ssh.port());
        server = launcher()
                .start(Deployment.with(ssh.targets(TARGETS.toArray(String[]::new)))
                        .property("sshpool.target.web.port", String.valueOf(web.port()))
                        .property("sshpool.target.web.required", "true")
                        .property("sshpool.target.build.port", String.valueOf(build.port()))
                        .property("sshpool.max-connections", String.valueOf(MAX_CONNECTIONS))
                        .property("sshpool.max-channels-per-connection", "1")
                        .property("sshpool.health-interval", INTERVAL.toMillis() + "ms")
                        .property("sshpool.cleanup-interval", INTERVAL.toMillis() + "ms")
                        .property("sshpool.validation-timeout", "2s")
                        .property("sshpool.connect-timeout", "2s")
                        .property("sshpool.acquire-timeout", "55s"));
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

        patiently().untilAsserted(() -> {
            ReadinessAnswer answer = ask();
            assertThat(answer.data())
                    .as(answer.json())
                    .containsEntry("web", "UP")
                    .containsEntry("default", "UP")
                    .containsOnlyKeys(
                            Stream.concat(NUMBERS.stream(), TARGETS.stream()).toList());
            assertThat(answer.number("healthy")).isBetween(2, MAX_CONNECTIONS);
            assertThat(answer.number("waiting")).isZero();
            assertThat(NUMBERS)
                    .allSatisfy(name -> assertThat(answer.data().get(name))
                            .as("%s in %s", name, answer.json())
                            .isInstanceOf(numbersAreText() ? String.class : Long.class));
        });
        System.out.println("readiness: " + ask().json());
    }

    @Test
    void aHostThatIsDownAndNotRequiredIsReportedOnly() {
        build.shut();
        assertThat(execute("build")).isGreaterThanOrEqualTo(500);

        patiently().untilAsserted(() -> {
            ReadinessAnswer answer = ask();
            assertThat(answer.data()).containsEntry("build", "SshConnectException");
            assertThat(answer.isUp()).as(answer.json()).isTrue();
        });
        build.open();
        patiently().until(() -> execute("build") == 200);
        patiently().untilAsserted(() -> assertThat(ask().data()).containsEntry("build", "UP"));
    }

    @Test
    void aRequiredHostThatGoesDownMakesTheApplicationUnreadyUntilItIsBack() {
        patiently().until(() -> ask().isUp());
        web.shut();

        ReadinessAnswer down = awaitDown("host down");

        assertThat(down.http()).isEqualTo(503);
        assertThat(down.data()).containsEntry("web", "SshConnectException");
        web.open();
        patiently().until(() -> ask().isUp());
        patiently().until(() -> execute("web") == 200);
    }

    @Test
    void aRequiredHostThatFreezesMakesTheApplicationUnreadyUntilItThaws() {
        patiently().until(() -> ask().isUp());
        web.freeze();

        ReadinessAnswer down = awaitDown("host frozen");

        assertThat(down.data().get("web")).isIn("ConnectionLostException", "SshConnectException");
        web.thaw();
        patiently().until(() -> ask().isUp());
        patiently().until(() -> execute("web") == 200);
    }

    @Test
    void itAnswersAtOnceWhileThePoolIsExhaustedAndAHostIsFrozen() {
        List<CompletableFuture<String>> running = Stream.generate(
                        () -> client.getLater("api/pool/execute?key=default&command=hold"))
                .limit(MAX_CONNECTIONS + 2)
                .toList();
        web.freeze();
        patiently().until(() -> waiting() == 2);

        Times check = Times.of(this::ask);
        Times nothing = Times.of(() -> client.get("api/pool/instance"));

        System.out.println("readiness over HTTP, pool exhausted, host frozen: " + check
                + "; a request that does nothing: " + nothing);
        // Over HTTP most of it is the server's. How fast it is on a machine that does nothing else, the line tells.
        assertThat(check.p50()).isLessThan(AT_ONCE);
        long micros = Long.parseLong(client.get("api/pool/readiness?calls=" + ASKED));
        System.out.println("the readiness check alone, pool exhausted, host frozen: p99 " + micros + " µs");
        assertThat(micros / 1000.0).isLessThan(AT_ONCE);
        assertThat(waiting()).as("it was exhausted all the time").isEqualTo(2);
        web.thaw();
        ssh.release();
        running.forEach(CompletableFuture::join);
    }

    @Test
    void cleanUpAndHealthChecksRunOnTheServersExecutorWhereItHasOne() {
        patiently().untilAsserted(() -> assertThat(housekeepers()).contains("check ", "clean-up "));

        assertThat(housekeepers().lines())
                .allSatisfy(line -> assertThat(line.matches("\\S+ sshpool-.*"))
                        .as("on a thread of the pool's own: %s", line)
                        .isNotEqualTo(managesExecutors()));
        System.out.println("housekeepers:\n" + housekeepers());
    }

    private String housekeepers() {
        return client.get("api/pool/housekeepers");
    }

    private int waiting() {
        return ask().number("waiting");
    }

    private ReadinessAnswer ask() {
        return ReadinessAnswer.of(client.answer(readiness()));
    }

    private int execute(String key) {
        return client.answer("api/pool/execute?key=" + key + "&command=uptime").statusCode();
    }

    private ReadinessAnswer awaitDown(String what) {
        long since = System.nanoTime();
        ReadinessAnswer answer =
                patiently().pollInterval(Duration.ofMillis(50)).until(this::ask, found -> !found.isUp());
        long millis = (System.nanoTime() - since) / 1_000_000;
        System.out.println(what + ": unready after " + millis + " ms, promised within " + PROMISED.toMillis() + ": "
                + answer.json());
        assertThat(millis)
                .as("unready after %s", what)
                .isLessThan(PROMISED.plus(ALLOWANCE).toMillis());
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
            for (int i = 0; i < UNMEASURED; i++) {
                call.run();
            }
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
