package io.sshpool.it.suite;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.summingLong;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.opentelemetry.proto.trace.v1.Span.SpanKind;
import java.net.URI;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/**
 * What a collector gets of one run that was counted by hand. A server's module extends it.
 *
 * <p>The run, over one connection to {@code default} with one channel: three commands; a long one, while which another request runs out
 * of time; the host goes down, and with it the connection and the long command; the host is back, and a last command connects anew.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
public abstract class TelemetrySuite {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Map<String, String> TARGET = Map.of("ssh.target", "default");
    private static final Map<String, String> EXEC = Map.of("ssh.target", "default", "ssh.operation", "exec");
    private static final String TIMEOUT = "io.sshpool.AcquireTimeoutException";
    private static final String LOST = "io.sshpool.ConnectionLostException";

    private TestSshServer ssh;
    private Gate host;
    private Collector collector;
    private ServerProcess server;
    private Client client;

    private TracedRequest first;
    private TracedRequest second;
    private TracedRequest third;
    private TracedRequest cut;
    private TracedRequest late;
    private TracedRequest last;

    /** The server to test. */
    protected abstract Launcher launcher();

    /** How an operator has the server's OpenTelemetry send all that it has to a collector, a few times a second. */
    protected abstract Deployment exporting(Deployment deployment, URI endpoint);

    /** Whether the server's OpenTelemetry has metrics. */
    protected boolean measures() {
        return true;
    }

    @BeforeAll
    void run() {
        ssh = new TestSshServer();
        host = new Gate(ssh.port());
        collector = new Collector();
        Deployment deployment = Deployment.with(ssh.targets("default", "build", "web"))
                .property("sshpool.target.default.port", String.valueOf(host.port()))
                .property("sshpool.target.default.max-connections", "1")
                .property("sshpool.max-channels-per-connection", "1")
                .property("sshpool.acquire-timeout", "8s");
        server = launcher().start(exporting(deployment, collector.endpoint()));
        client = new Client(server.base());
        // The classes of a first connect take a loaded machine longer than an acquire may wait.
        patiently()
                .until(() ->
                        client.answer("api/pool/execute?key=web&command=uptime").statusCode() == 200);

        first = succeed("uptime");
        second = succeed("uptime");
        third = succeed("uptime");
        cut = send("sleep%2060000");
        patiently().until(() -> ssh.running() == 1);
        late = send("uptime");
        awaitNumbersWhileOneWaits();
        assertThat(late.status()).isEqualTo(500);
        int open = Stats.of(client).total();
        host.shut();
        assertThat(cut.status()).isEqualTo(500);
        // A command over what is not known to be lost would be tried again: one acquire more than was counted.
        patiently().until(() -> Stats.of(client).total() < open);
        host.open();
        last = succeed("uptime");
    }

    @AfterAll
    void stop() throws Exception {
        for (AutoCloseable part : Stream.of(server, collector, host, ssh)
                .filter(part -> part != null)
                .toList()) {
            part.close();
        }
    }

    @Test
    void aRequestItsAcquireAndItsCommandAreOneTrace() {
        assertCommand(first, "connection_created");
        assertCommand(second, "connection_reused");
        assertCommand(third, "connection_reused");
        assertCommand(last, "connection_created");
    }

    @Test
    void aDialIsATraceOfItsOwnAndLinksToTheAcquireThatWaitsForIt() {
        assertDial(first);
        assertDial(last);
    }

    @Test
    void anAcquireThatRunsOutOfTimeIsTheErrorOfItsTrace() {
        assertThat(ours(late, "sshpool.acquire", "ssh.exec")).allSatisfy(span -> {
            assertThat(span.parent()).isEqualTo(request(late).id());
            assertThat(span.failed()).isTrue();
            assertThat(span.events()).isEmpty();
            assertAttributes(span, Map.of("error.type", TIMEOUT));
        });
    }

    @Test
    void aCommandWhoseConnectionBreaksIsTheErrorOfItsTrace() {
        List<ReceivedSpan> spans = ours(cut, "sshpool.acquire", "ssh.exec");
        ReceivedSpan exec = only(spans, "ssh.exec");

        assertThat(spans)
                .extracting(ReceivedSpan::parent)
                .containsOnly(request(cut).id());
        assertThat(only(spans, "sshpool.acquire").events()).containsExactly("connection_reused");
        assertThat(exec.failed()).isTrue();
        assertAttributes(exec, Map.of("error.type", LOST));
    }

    @Test
    void thereAreAsManySpansAsInAHandCount() {
        patiently()
                .untilAsserted(() -> assertThat(collector
                                .ourSpans()
                                // neither what came before the run, nor checks in the background
                                .filter(span ->
                                        "default".equals(span.attributes().get("ssh.target")))
                                .collect(groupingBy(ReceivedSpan::name, summingLong(span -> 1))))
                        .isEqualTo(Map.of("sshpool.acquire", 6L, "ssh.exec", 6L, "ssh.connect", 2L)));
    }

    @Test
    void theMetricsAreThoseOfAHandCount() {
        if (!measures()) {
            ours(last, "sshpool.acquire", "ssh.exec");
            assertThat(collector.ourMetrics()).isEmpty();
            return;
        }
        assertLast("connection.count", Map.of(with("state", "idle"), 1L));
        assertLast("connection.max", Map.of(Map.of(), 4L));
        assertLast("connection.idle.max", Map.of(Map.of(), 4L));
        assertLast("connection.pending_requests", Map.of(Map.of(), 0L));
        assertLast("connection.timeouts", Map.of(TARGET, 1L));
        assertLast("connection.create_time", Map.of(TARGET, 2L));
        assertLast("connection.wait_time", Map.of(TARGET, 5L));
        assertLast("connection.use_time", Map.of(TARGET, 5L));
        assertLast("connection.closed", Map.of(with("reason", "lost"), 1L));
        assertLast("channel.count", Map.of(TARGET, 0L));
        // the command of the request that ran out of time, too: it failed, although it was never sent
        assertLast("operation.duration", Map.of(EXEC, 4L, failed(LOST), 1L, failed(TIMEOUT), 1L));
    }

    private void awaitNumbersWhileOneWaits() {
        if (measures()) {
            assertLast("connection.pending_requests", Map.of(Map.of(), 1L));
            assertLast("connection.count", Map.of(with("state", "used"), 1L));
            assertLast("channel.count", Map.of(TARGET, 1L));
        }
    }

    /** Without the points of other targets, which the application uses at its start, and the test to get ready. */
    private void assertLast(String metric, Map<Map<String, String>, Long> points) {
        patiently().untilAsserted(() -> {
            Map<Map<String, String>, Long> last = collector.last("ssh.client." + metric);
            last.keySet().removeIf(labels -> !"default".equals(labels.getOrDefault("ssh.target", "default")));
            assertThat(last).as(metric).isEqualTo(points);
        });
    }

    private static Map<String, String> with(String label, String value) {
        return Map.of("ssh.target", "default", label, value);
    }

    private static Map<String, String> failed(String error) {
        Map<String, String> labels = new HashMap<>(EXEC);
        labels.put("error.type", error);
        return labels;
    }

    private void assertCommand(TracedRequest request, String event) {
        List<ReceivedSpan> spans = ours(request, "sshpool.acquire", "ssh.exec");
        ReceivedSpan acquire = only(spans, "sshpool.acquire");
        ReceivedSpan exec = only(spans, "ssh.exec");

        assertThat(spans)
                .allMatch(span -> !span.failed())
                .extracting(ReceivedSpan::parent)
                .containsOnly(request(request).id());
        assertThat(acquire.events()).containsExactly(event);
        assertAttributes(acquire, Map.of());
        assertThat(exec.kind()).isEqualTo(SpanKind.SPAN_KIND_CLIENT);
        assertAttributes(exec, Map.of("process.exit.code", "0"));
    }

    private void assertDial(TracedRequest request) {
        String acquire = only(ours(request, "sshpool.acquire", "ssh.exec"), "sshpool.acquire")
                .id();
        patiently()
                .untilAsserted(() -> assertThat(collector
                                .ourSpans()
                                .filter(span -> span.name().equals("ssh.connect")
                                        && span.links().equals(List.of(acquire))))
                        .singleElement()
                        .satisfies(connect -> {
                            assertThat(connect.parent()).isEmpty();
                            assertThat(connect.trace()).isNotEqualTo(request.trace());
                            assertThat(connect.failed()).isFalse();
                            assertAttributes(connect, Map.of());
                        }));
    }

    private void assertAttributes(ReceivedSpan span, Map<String, String> more) {
        assertThat(span.attributes())
                .containsAllEntriesOf(more)
                .containsAllEntriesOf(Map.of(
                        "ssh.target",
                        "default",
                        "server.address",
                        "127.0.0.1",
                        "server.port",
                        String.valueOf(host.port()),
                        "network.protocol.name",
                        "ssh"));
    }

    /** The spans of ours in the trace of a request: these and no others. */
    private List<ReceivedSpan> ours(TracedRequest request, String... names) {
        patiently()
                .untilAsserted(() -> assertThat(
                                collector.ourSpans().filter(span -> span.trace().equals(request.trace())))
                        .extracting(ReceivedSpan::name)
                        .containsExactlyInAnyOrder(names));
        return collector
                .ourSpans()
                .filter(span -> span.trace().equals(request.trace()))
                .toList();
    }

    /** The server's own span of a request. */
    private ReceivedSpan request(TracedRequest request) {
        List<ReceivedSpan> found = patiently()
                .until(
                        () -> collector
                                .spans()
                                .filter(span -> span.trace().equals(request.trace())
                                        && span.parent().equals(request.caller()))
                                .toList(),
                        spans -> spans.size() == 1);
        assertThat(found.get(0).kind()).isEqualTo(SpanKind.SPAN_KIND_SERVER);
        return found.get(0);
    }

    private static ReceivedSpan only(List<ReceivedSpan> spans, String name) {
        List<ReceivedSpan> found =
                spans.stream().filter(span -> span.name().equals(name)).toList();
        assertThat(found).as(name).hasSize(1);
        return found.get(0);
    }

    private TracedRequest send(String command) {
        return TracedRequest.send(client, "api/places/default?command=" + command);
    }

    private TracedRequest succeed(String command) {
        TracedRequest request = send(command);
        assertThat(request.status()).isEqualTo(200);
        return request;
    }

    private static ConditionFactory patiently() {
        return await().atMost(PATIENCE).pollInterval(Duration.ofMillis(50));
    }
}
