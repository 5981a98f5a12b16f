package io.sshpool.it.suite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Handles and the pool in every part of an application that any MicroProfile server has. A server's module extends it, or {@link WebProfileSuite}.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
public abstract class HandleSuite {

    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final int MAX_CONNECTIONS = 4;

    private TestSshServer ssh;
    private ServerProcess server;
    private Client client;

    /** The server to test. */
    protected abstract Launcher launcher();

    /** Where a handle is injected. */
    protected List<String> places() {
        return List.of(
                "api/places/default",
                "api/places/field",
                "api/places/constructor",
                "api/places/request",
                "api/places/producer",
                "api/places/observer",
                "api/places/instance",
                "api/scopeless");
    }

    /** Answers that come later. */
    protected List<String> asynchronous() {
        return List.of("api/async/stage", "api/async/suspended", "api/async/lease");
    }

    /** Work without a request. */
    protected List<String> outside() {
        return List.of("activated", "startup");
    }

    @BeforeAll
    void start() {
        ssh = new TestSshServer();
        server = launcher()
                .start(Deployment.with(ssh.targets("default", "build", "web"))
                        .property("sshpool.max-connections", String.valueOf(MAX_CONNECTIONS))
                        // The server's OpenTelemetry, if it has one, does nothing.
                        .property("otel.sdk.disabled", "true")
                        // Where a server never ends the scope of an asynchronous request, this brings the lease back.
                        .property("sshpool.lease-idle-timeout", "2s"));
        client = new Client(server.base());
        System.out.println("boot: " + server.bootTime().toMillis() + " ms");
    }

    @AfterAll
    void stop() {
        if (server != null) {
            server.close();
        }
        if (ssh != null) {
            ssh.close();
        }
    }

    protected final Client client() {
        return client;
    }

    @ParameterizedTest
    @MethodSource("places")
    void aHandleRunsCommandsWhereverItIsInjected(String place) {
        assertThat(client.get(place + "?command=uptime")).matches("\\d+:uptime");
    }

    @Test
    void oneBeanHasHandlesOfTwoTargets() {
        String[] answers = client.get("api/places/two?command=uptime").split(" ");

        assertThat(answers).hasSize(2).allMatch(answer -> answer.matches("\\d+:uptime"));
        assertThat(answers[0]).as("each target has a connection of its own").isNotEqualTo(answers[1]);
    }

    @Test
    void handlesOfOneTargetShareOneLeaseInARequest() {
        awaitNoLease();
        Stats before = Stats.of(client);

        String[] answers = client.get("api/places/shared?command=uptime").split(" ");

        assertThat(answers).hasSize(3).containsOnly(answers[0]);
        assertThat(Stats.of(client).acquired() - before.acquired()).isEqualTo(1);
    }

    @Test
    void twoHundredRequestsInARowNeedOneConnection() {
        String first = client.get("api/places/field?command=uptime");
        int logins = ssh.logins();

        for (int i = 0; i < 200; i++) {
            assertThat(client.get("api/places/field?command=uptime")).isEqualTo(first);
        }
        assertThat(ssh.logins()).isEqualTo(logins);
    }

    @Test
    void fiftyRequestsAtATimeStayWithinTheLimits() {
        List<CompletableFuture<String>> answers = IntStream.range(0, 50)
                .mapToObj(i -> client.getLater("api/places/field?command=sleep%20200"))
                .toList();

        assertThat(answers).allSatisfy(answer -> assertThat(answer.join()).endsWith(":sleep 200"));
        assertThat(ssh.mostSessions()).isLessThanOrEqualTo(MAX_CONNECTIONS);
        awaitNoLease();
    }

    @ParameterizedTest
    @ValueSource(strings = {"well", "exception", "not-found", "stream"})
    void theLeaseIsBackAfterTheRequestHoweverItEnds(String end) {
        int status = client.answer("api/ends/" + end).statusCode();

        assertThat(status).isEqualTo(end.equals("exception") ? 500 : end.equals("not-found") ? 404 : 200);
        awaitNoLease();
    }

    @Test
    void theLeaseIsBackAfterAClientHasGoneAway() throws IOException {
        HttpResponse<InputStream> answer = client.open("api/ends/stream");
        try (InputStream body = answer.body()) {
            assertThat(body.readNBytes(64)).hasSize(64);
        }
        awaitNoLease();
    }

    @ParameterizedTest
    @MethodSource("asynchronous")
    void anAsynchronousAnswerArrivesAndItsLeaseComesBack(String path) {
        for (int i = 0; i < 20; i++) {
            assertThat(client.get(path + "?command=sleep%2020")).matches("\\d+:sleep 20");
        }
        awaitNoLease();
        assertThat(ssh.running()).isZero();
    }

    @Test
    void asynchronousAndPlainRequestsAtATimeAllGetTheirOwnAnswers() {
        List<String> paths = new ArrayList<>(asynchronous());
        paths.add("api/places/field");
        List<CompletableFuture<Void>> all = IntStream.range(0, 100)
                .mapToObj(i -> client.getLater(paths.get(i % paths.size()) + "?command=id-" + i)
                        .thenAccept(answer -> assertThat(answer).matches("\\d+:id-" + i)))
                .toList();

        assertThat(CompletableFuture.allOf(all.toArray(CompletableFuture[]::new)))
                .succeedsWithin(PATIENCE);
        awaitNoLease();
    }

    @Test
    void outsideARequestTheHandleSaysWhatToDo() {
        assertThat(client.get("api/outside/thread"))
                .contains("@Pooled(\"build\")", "@ActivateRequestContext", "SshPool.acquire(\"build\")");
    }

    @ParameterizedTest
    @MethodSource("outside")
    void outsideARequestThereAreOtherWays(String way) {
        assertThat(client.get("api/outside/" + way)).matches("\\d+:" + way);
        awaitNoLease();
    }

    @Test
    void nothingThatWeLogIsAWarning() {
        client.get("api/places/two?command=uptime");

        assertThat(server.log().lines())
                .noneMatch(line -> line.matches(".*(WARN|ERROR|SEVERE).*(SSHP-|io\\.sshpool\\.impl).*"));
    }

    @Test
    void openTelemetryThatIsAbsentOrSwitchedOffIsNotMissed() {
        client.get("api/places/two?command=uptime");

        assertThat(server.log().lines())
                .noneMatch(line -> line.matches("(?i).*(WARN|ERROR|SEVERE|NoClassDef|ClassNotFound).*telemetry.*"));
    }

    @Test
    void noSecurityProviderOfTheApplicationIsRegistered() {
        client.get("api/ping/ssh");

        assertThat(client.get("api/pool/providers")).isEmpty();
    }

    /** Waits until nothing rests on a connection. */
    protected final void awaitNoLease() {
        await().atMost(PATIENCE).untilAsserted(() -> {
            Stats stats = Stats.of(client);
            assertThat(stats.used() + stats.channels() + stats.waiting())
                    .as("%s", stats)
                    .isZero();
        });
    }
}
