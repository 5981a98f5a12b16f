package io.sshpool.it.suite;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
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

    private Sample sample;
    private TestSshServer ssh;
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

    /** Work without a request. */
    protected List<String> outside() {
        return List.of("activated", "startup");
    }

    @BeforeAll
    void start() {
        // Only the end of its request gives a lease back while these tests run: housekeeping comes too late.
        sample = Sample.start(
                launcher(),
                Map.of(
                        "sshpool.lease-idle-timeout", "15m",
                        "sshpool.health-interval", "15m",
                        "sshpool.cleanup-interval", "15m"));
        ssh = sample.ssh();
        client = sample.client();
        System.out.println("boot: " + sample.server().bootTime().toMillis() + " ms");
    }

    @AfterAll
    void stop() {
        if (sample != null) {
            sample.close();
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
        assertThat(ssh.mostSessions()).isLessThanOrEqualTo(Sample.MAX_CONNECTIONS);
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

    @Test
    void theLeaseIsBackWhenTheCommandEndsThatAClientHasGoneAwayFrom() throws IOException {
        client.askAndGo("api/places/field?command=hold", () -> ssh.running() == 1);

        ssh.release();
        awaitNoLease();
    }

    @Test
    void aHandleThatIsUsedAfterItsRequestSaysWhatToDo() {
        assertThat(client.get("api/late/plain?command=answer")).matches("\\d+:answer");
        awaitNoLease();

        assertThat(client.get("api/late/use?command=late"))
                .matches(".*(has ended|no request scope is active).*SshPool\\.acquire\\(\"build\"\\).*");
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

        assertThat(sample.server().log().lines())
                .noneMatch(line -> line.matches(
                        ".*(WARN|ERROR|SEVERE).*(SSHP-|io\\.sshpool\\.impl|org\\.apache\\.sshd).*|.*SLF4J\\(W\\).*"));
    }

    @Test
    void openTelemetryThatIsAbsentOrSwitchedOffIsNotMissed() {
        client.get("api/places/two?command=uptime");

        assertThat(sample.server().log().lines())
                .noneMatch(line -> line.matches("(?i).*(WARN|ERROR|SEVERE|NoClassDef|ClassNotFound).*telemetry.*"));
    }

    @Test
    void noSecurityProviderOfTheApplicationIsRegistered() {
        client.get("api/ping/ssh");

        assertThat(client.get("api/pool/providers")).isEmpty();
    }

    /** Waits until nothing rests on a connection. */
    protected final void awaitNoLease() {
        sample.awaitNoLease();
    }
}
