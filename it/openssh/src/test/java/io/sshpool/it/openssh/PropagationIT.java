package io.sshpool.it.openssh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.testing.exporter.InMemorySpanExporter;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import io.sshpool.Command;
import io.sshpool.ExecResult;
import io.sshpool.RemoteProcess;
import io.sshpool.SshLease;
import io.sshpool.SshPool;
import io.sshpool.Sudo;
import io.sshpool.impl.cdi.PoolAssembly;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** {@code sshpool.telemetry.propagate}, for a user that the test makes: run it as root. */
@ExtendWith(NothingLeft.class)
class PropagationIT {

    private static final String PASSWORD = "it's secret";
    private static final String TELL = "printf '%s\\n' \"${TRACEPARENT-none}\"; cat";

    private final InMemorySpanExporter spans = InMemorySpanExporter.create();
    private final OpenTelemetrySdk sdk = OpenTelemetrySdk.builder()
            .setTracerProvider(SdkTracerProvider.builder()
                    .addSpanProcessor(SimpleSpanProcessor.create(spans))
                    .build())
            .build();

    private LoginUser user;
    private PrivateSshd sshd;
    private SshPool pool;

    @BeforeEach
    void open() {
        user = LoginUser.make(PASSWORD);
        user.maySudo("ALL=(ALL) ALL");
        sshd = PrivateSshd.startFor(user);
        String[] configuration = {
            sshd.target("build"), "sshpool.target.build.user=" + user.name(), "sshpool.telemetry.propagate=true"
        };
        pool = new PoolAssembly(
                        Pools.config(configuration),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        List.of(),
                        type -> Optional.of(sdk),
                        Optional.empty())
                .start();
    }

    @AfterEach
    void close() {
        pool.close();
        sdk.close();
        sshd.close();
        user.close();
    }

    @Test
    void commands_scripts_and_streams_find_the_context_of_their_span() throws Exception {
        assertThat(run(Command.shell(TELL).stdin("input"))).isEqualTo(context() + "\ninput");
        assertThat(run(Command.of("printenv", "TRACEPARENT"))).isEqualTo(context() + "\n");
        assertThat(run(Command.script("printf '%s.' \"$TRACEPARENT\" \"$@\"", "it's")))
                .isEqualTo(context() + ".it's.");
        try (SshLease lease = pool.acquire("build");
                RemoteProcess process = lease.start(Command.shell(TELL))) {
            process.stdin().close();
            String line = process.lines().findFirst().orElseThrow();
            process.waitFor();
            // the span ends after the stream
            await().untilAsserted(() -> assertThat(line).isEqualTo(context()));
        }
    }

    @Test
    void shell_text_finds_it_under_sudo_too() {
        Command command = Command.shell(TELL).stdin("input");

        assertThat(run(command.sudo(Sudo.root().password(PASSWORD)))).isEqualTo(context() + "\ninput");
        user.maySudo("ALL=(ALL) NOPASSWD: ALL");
        assertThat(run(command.sudo())).isEqualTo(context() + "\ninput");
        assertThat(run(Command.of("printenv", "TRACEPARENT")
                        .workingDirectory("/")
                        .sudo()))
                .isEqualTo(context() + "\n");
    }

    @Test
    void a_program_or_script_that_sudo_permits_by_name_is_still_permitted_and_finds_none() {
        user.maySudo("ALL=(ALL) NOPASSWD: /usr/bin/env, /bin/sh -s --, /usr/bin/sh -s --");

        assertThat(run(Command.of("env").sudo()))
                .contains("SUDO_USER=" + user.name())
                .doesNotContain("TRACEPARENT");
        assertThat(run(Command.script("id -un; echo \"${TRACEPARENT-none}\"").sudo()))
                .isEqualTo("root\nnone\n");
    }

    private String run(Command command) {
        ExecResult result = pool.execute("build", command.timeout(Duration.ofSeconds(60)));
        assertThat(result.stderr()).isEmpty();
        return result.stdout();
    }

    /** The latest command's, as W3C Trace Context has it. */
    private String context() {
        Stream<SpanData> commands = spans.getFinishedSpanItems().stream()
                .filter(span -> span.getName().equals("ssh.exec"));
        SpanData last = commands.reduce((first, second) -> second).orElseThrow();
        return "00-" + last.getTraceId() + "-" + last.getSpanId() + "-"
                + last.getSpanContext().getTraceFlags().asHex();
    }
}
