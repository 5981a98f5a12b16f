package io.sshpool.impl.pool;

import static org.assertj.core.api.Assertions.assertThat;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.context.Scope;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.testing.exporter.InMemorySpanExporter;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.data.EventData;
import io.opentelemetry.sdk.trace.data.LinkData;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import io.sshpool.Command;
import io.sshpool.ExecResult;
import io.sshpool.PoolConfig;
import io.sshpool.RemoteProcess;
import io.sshpool.SshConnectException;
import io.sshpool.SshLease;
import io.sshpool.impl.telemetry.FanOut;
import io.sshpool.impl.telemetry.Telemetry;
import io.sshpool.spi.PoolListener;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;

@ExtendWith(NothingLeftBehind.class)
class TracedPoolTest {

    private static final AttributeKey<String> ERROR_TYPE = AttributeKey.stringKey("error.type");

    @RegisterExtension
    final PoolFixture fixture = new PoolFixture();

    private final InMemorySpanExporter exporter = InMemorySpanExporter.create();
    private final SdkTracerProvider tracers = SdkTracerProvider.builder()
            .addSpanProcessor(SimpleSpanProcessor.create(exporter))
            .build();
    private final OpenTelemetrySdk sdk =
            OpenTelemetrySdk.builder().setTracerProvider(tracers).build();
    private final Span request = sdk.getTracer("test").spanBuilder("request").startSpan();

    @AfterEach
    void stop() {
        sdk.close();
    }

    private void open(UnaryOperator<PoolConfig> settings) {
        open(settings, false, false);
    }

    private void open(UnaryOperator<PoolConfig> settings, boolean propagates, boolean showsCommandText) {
        List<PoolListener> all = new ArrayList<>(
                Telemetry.listeners(type -> Optional.of(sdk), propagates, showsCommandText, PoolConfig.defaults()));
        all.add(fixture.witness);
        fixture.open(settings, FanOut.of(all), PoolFixture.alias("a"));
    }

    private <T> T inRequest(Supplier<T> work) {
        try (Scope scope = request.makeCurrent()) {
            assertThat(scope).isNotNull();
            return work.get();
        }
    }

    private SpanData span(String name) {
        return exporter.getFinishedSpanItems().stream()
                .filter(span -> span.getName().equals(name))
                .reduce((first, second) -> {
                    throw new AssertionError("several spans " + name);
                })
                .orElseThrow();
    }

    private void assertInRequest(SpanData span) {
        assertThat(span.getTraceId()).isEqualTo(request.getSpanContext().getTraceId());
        assertThat(span.getParentSpanId()).isEqualTo(request.getSpanContext().getSpanId());
    }

    private static List<String> events(SpanData span) {
        return span.getEvents().stream().map(EventData::getName).toList();
    }

    private static void assertAboutA(SpanData span) {
        assertThat(span.getAttributes().asMap())
                .containsEntry(AttributeKey.stringKey("ssh.target"), "a")
                .containsEntry(AttributeKey.stringKey("server.address"), "a.example")
                .containsEntry(AttributeKey.longKey("server.port"), 22L)
                .containsEntry(AttributeKey.stringKey("network.protocol.name"), "ssh");
    }

    @Test
    void aCommandIsAnAcquireAndAnExecOfItsCallerAndALinkedConnect() {
        open(c -> c);
        fixture.server("a").dialTakes = Duration.ofSeconds(1);
        CompletableFuture<ExecResult> result = inRequest(
                () -> fixture.pool.executeAsync("a", Command.shell("exit 3")).toCompletableFuture());
        fixture.advance(Duration.ofSeconds(1));
        fixture.valueOf(result);

        SpanData acquire = span("sshpool.acquire");
        SpanData exec = span("ssh.exec");
        SpanData connect = span("ssh.connect");
        assertInRequest(acquire);
        assertThat(events(acquire)).containsExactly("connection_created");
        assertInRequest(exec);
        assertThat(exec.getKind()).isEqualTo(SpanKind.CLIENT);
        assertThat(exec.getStatus().getStatusCode()).isEqualTo(StatusCode.UNSET);
        assertThat(exec.getAttributes().asMap())
                .containsEntry(AttributeKey.longKey("process.exit.code"), 3L)
                .doesNotContainKey(ERROR_TYPE)
                .hasSize(5);
        assertThat(exec.getStartEpochNanos()).isGreaterThanOrEqualTo(acquire.getEndEpochNanos());
        assertThat(connect.getParentSpanContext()).isEqualTo(SpanContext.getInvalid());
        assertThat(connect.getLinks()).extracting(LinkData::getSpanContext).containsExactly(acquire.getSpanContext());
        List.of(acquire, exec, connect).forEach(TracedPoolTest::assertAboutA);
    }

    @Test
    void aDialLinksToAllWhoWaitForIt() {
        open(c -> c.withMaxConnections(1).withMaxChannelsPerConnection(1));
        SshLease held = fixture.lease("a");
        List<CompletableFuture<SshLease>> waiting = List.of(fixture.acquiring("a"), fixture.acquiring("a"));
        exporter.reset();
        fixture.server("a").open.forEach(FakeConnection::abort);
        fixture.settle();
        fixture.close(held);
        assertThat(span("ssh.connect").getLinks()).hasSize(2);
        waiting.forEach(lease -> fixture.close(fixture.valueOf(lease)));
    }

    @Test
    void aUsedConnectionIsReused() {
        open(c -> c);
        fixture.close(fixture.lease("a"));
        exporter.reset();
        fixture.close(fixture.lease("a"));
        assertThat(events(span("sshpool.acquire"))).containsExactly("connection_reused");
    }

    @Test
    void theOperationsOfARequestLeaseBelongToWhoCallsThem() {
        open(c -> c);
        SshLease lease = fixture.pool.requestLease("a");
        CompletableFuture<ExecResult> result =
                inRequest(() -> lease.executeAsync("true").toCompletableFuture());
        fixture.valueOf(result);
        fixture.close(lease);
        assertInRequest(span("sshpool.acquire"));
        assertInRequest(span("ssh.exec"));
    }

    @Test
    void aFailedConnectIsAnErrorOfDialAndAcquire() {
        open(c -> c);
        fixture.server("a").dialsFail = Optional.of(FakeConnectionFactory::unreachable);
        fixture.failureOf(fixture.acquiring("a"));
        for (String name : List.of("ssh.connect", "sshpool.acquire")) {
            assertThat(span(name).getStatus().getStatusCode()).isEqualTo(StatusCode.ERROR);
            assertThat(span(name).getStatus().getDescription()).startsWith("SshConnectException: ");
            assertThat(span(name).getAttributes().get(ERROR_TYPE)).isEqualTo(SshConnectException.class.getName());
        }
    }

    @Test
    void aFaultThatWasRetriedIsNoError() {
        open(c -> c);
        fixture.server("a").deathsBeforeSending.set(1);
        fixture.valueOf(fixture.pool.executeAsync("a", Command.shell("true")));
        assertThat(exporter.getFinishedSpanItems())
                .allMatch(span -> span.getStatus().getStatusCode() == StatusCode.UNSET)
                .noneMatch(span -> span.getAttributes().get(ERROR_TYPE) != null)
                .filteredOn(span -> span.getName().equals("ssh.exec"))
                .hasSize(1);
    }

    @Test
    void aFailedCommandIsAnError() {
        open(c -> c);
        fixture.server("a").deathsAfterSending.set(1);
        fixture.failureOf(fixture.pool.executeAsync("a", Command.shell("true")));
        assertThat(span("ssh.exec").getAttributes().get(ERROR_TYPE)).isEqualTo("io.sshpool.ConnectionLostException");
    }

    @Test
    void aCommandThatNeverGotAConnectionIsAnErrorToo() {
        open(c -> c);
        fixture.server("a").dialsFail = Optional.of(FakeConnectionFactory::unreachable);
        fixture.failureOf(fixture.pool.executeAsync("a", Command.shell("true")));
        assertThat(span("ssh.exec").getStatus().getStatusCode()).isEqualTo(StatusCode.ERROR);
    }

    @Test
    void housekeepingIsTraced() {
        open(c -> c.withMaxIdleTime(Duration.ofSeconds(20)));
        fixture.close(fixture.lease("a"));
        exporter.reset();
        fixture.finish(fixture.call(() -> fixture.pool.healthCheck()));
        assertThat(span("sshpool.health_check").getAttributes().asMap())
                .containsEntry(AttributeKey.longKey("pool.total"), 1L)
                .containsEntry(AttributeKey.longKey("pool.healthy"), 1L)
                .containsEntry(AttributeKey.longKey("pool.failed"), 0L)
                .containsEntry(AttributeKey.longKey("pool.idle"), 1L)
                .hasSize(4);
        fixture.advance(Duration.ofSeconds(20));
        EventData event = exporter.getFinishedSpanItems().stream()
                .filter(span -> span.getName().equals("sshpool.cleanup"))
                .reduce((first, last) -> last)
                .orElseThrow()
                .getEvents()
                .get(0);
        assertThat(event.getName()).isEqualTo("cleanup_completed");
        assertThat(event.getAttributes().get(AttributeKey.longKey("removed"))).isEqualTo(1L);
    }

    @Test
    void commandTextIsShownOnlyWhereAskedFor() {
        AttributeKey<String> text = AttributeKey.stringKey("process.command_line");
        open(c -> c, false, true);
        fixture.valueOf(fixture.pool.executeAsync("a", Command.shell("true")));
        assertThat(span("ssh.exec").getAttributes().get(text)).isEqualTo("true");
    }

    @Test
    void aCommandFindsTheContextOfItsSpanInItsEnvironment() {
        open(c -> c, true, false);
        CompletableFuture<ExecResult> result = inRequest(
                () -> fixture.pool.executeAsync("a", Command.shell("true")).toCompletableFuture());
        fixture.valueOf(result);
        SpanData exec = span("ssh.exec");
        assertThat(fixture.server("a").environments)
                .containsExactly(Map.of(
                        "TRACEPARENT",
                        "00-" + exec.getTraceId() + "-" + exec.getSpanId() + "-"
                                + exec.getSpanContext().getTraceFlags().asHex()));
    }

    @Test
    void aVariableOfTheCommandItselfComesFirst() {
        open(c -> c, true, false);
        fixture.valueOf(fixture.pool.executeAsync("a", Command.shell("true").env("TRACEPARENT", "mine")));
        assertThat(fixture.server("a").environments).containsExactly(Map.of("TRACEPARENT", "mine"));
    }

    @Test
    void withoutPropagationACommandGetsNothing() {
        open(c -> c);
        fixture.valueOf(fixture.pool.executeAsync("a", Command.shell("true")));
        assertThat(fixture.server("a").environments).containsExactly(Map.of());
    }

    @Test
    void whatSudoRunsDirectlyIsNotTurnedIntoSomethingElse() {
        open(c -> c, true, false);
        for (Command direct :
                List.of(Command.of("id").sudo(), Command.script("id").sudo())) {
            fixture.valueOf(fixture.pool.executeAsync("a", direct));
        }
        assertThat(fixture.server("a").environments).containsExactly(Map.of(), Map.of());
    }

    @Test
    void whatAShellRunsUnderSudoFindsTheContext() {
        open(c -> c, true, false);
        Command program = Command.of("id").sudo();
        for (Command inShell :
                List.of(Command.shell("id").sudo(), program.workingDirectory("/"), program.env("A", "b"))) {
            fixture.valueOf(fixture.pool.executeAsync("a", inShell));
        }
        assertThat(fixture.server("a").environments)
                .hasSize(3)
                .allSatisfy(environment -> assertThat(environment).containsKey("TRACEPARENT"));
    }

    @Test
    void aStreamIsAnExecOfItsCaller() {
        open(c -> c, true, false);
        SshLease lease = fixture.lease("a");
        RemoteProcess process = fixture.finish(fixture.call(() -> inRequest(() -> lease.start("exit 3"))))
                .result
                .join();
        fixture.valueOf(process.exit());
        assertInRequest(span("ssh.exec"));
        assertThat(span("ssh.exec").getAttributes().get(AttributeKey.longKey("process.exit.code")))
                .isEqualTo(3L);
    }

    @Test
    void aCommandInATerminalRunsThoughTheContextCannotGoAlong() {
        open(c -> c, true, false);
        Command inTerminal = Command.shell("exit 3").pty("xterm", 80, 24);
        assertThat(fixture.valueOf(fixture.pool.executeAsync("a", inTerminal)).exitCode())
                .isEqualTo(3);
    }

    @Test
    void openingATunnelIsASpanOfItsCaller() {
        open(c -> c);
        SshLease lease = fixture.lease("a");
        fixture.finish(fixture.call(() -> inRequest(() -> lease.forwardDynamic(0))))
                .result
                .join();
        SpanData forward = span("ssh.forward");
        assertInRequest(forward);
        assertAboutA(forward);
        assertThat(forward.getKind()).isEqualTo(SpanKind.CLIENT);
        assertThat(forward.getAttributes().get(AttributeKey.stringKey("ssh.forward.direction")))
                .isEqualTo("dynamic");
    }
}
