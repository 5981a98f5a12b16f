package io.sshpool.impl.mina;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.metrics.SdkMeterProvider;
import io.opentelemetry.sdk.testing.exporter.InMemoryMetricReader;
import io.opentelemetry.sdk.testing.exporter.InMemorySpanExporter;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import io.sshpool.Command;
import io.sshpool.CommandFailedException;
import io.sshpool.CommandTimeoutException;
import io.sshpool.OutputLimitException;
import io.sshpool.PoolConfig;
import io.sshpool.RemoteProcess;
import io.sshpool.SshAuthenticationException;
import io.sshpool.SshLease;
import io.sshpool.SshPool;
import io.sshpool.Sudo;
import io.sshpool.impl.pool.ConnectionPool;
import io.sshpool.impl.pool.PoolThreads;
import io.sshpool.impl.pool.TargetDefaults;
import io.sshpool.impl.pool.Targets;
import io.sshpool.impl.telemetry.FanOut;
import io.sshpool.impl.telemetry.LoggingListener;
import io.sshpool.impl.telemetry.Telemetry;
import io.sshpool.spi.Credential;
import io.sshpool.spi.PoolListener;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.logging.Level;
import java.util.stream.Stream;
import org.apache.sshd.common.config.keys.writer.openssh.OpenSSHKeyEncryptionContext;
import org.apache.sshd.common.config.keys.writer.openssh.OpenSSHKeyPairResourceWriter;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Lets secrets go through a pool on every path, and looks for them in all that people get to see. */
@Timeout(60)
final class CanaryTest {

    private static final String WRONG_PASSWORD = "canary-wrong-password-4821";
    private static final String WRONG_PASSPHRASE = "canary-wrong-passphrase-7306";
    private static final String RIGHT_PASSPHRASE = "canary-right-passphrase-1195";
    private static final String ENVIRONMENT = "canary-environment-5540";
    private static final String STDIN = "canary-stdin-9917";
    private static final String SUDO = "canary-sudo-3357";
    private static final String ARGUMENT = "canary-argument-2268";

    private final EmbeddedServer server = new EmbeddedServer();
    private final InMemorySpanExporter spans = InMemorySpanExporter.create();
    private final InMemoryMetricReader metrics = InMemoryMetricReader.create();
    private final OpenTelemetrySdk sdk = OpenTelemetrySdk.builder()
            .setTracerProvider(SdkTracerProvider.builder()
                    .addSpanProcessor(SimpleSpanProcessor.create(spans))
                    .build())
            .setMeterProvider(
                    SdkMeterProvider.builder().registerMetricReader(metrics).build())
            .build();
    private final StringWriter seen = new StringWriter();
    private final PrintWriter book = new PrintWriter(seen);

    @AfterEach
    void close() {
        sdk.close();
        server.close();
    }

    @Test
    void noSecretIsInAnythingThatPeopleGetToSee() throws IOException, GeneralSecurityException {
        String key = encryptedKey();
        try (Records ours = new Records("io.sshpool", Level.FINEST)) {
            with(new Credential.Password(EmbeddedServer.PASSWORD), pool -> {
                commands(pool);
                leak(pool, ours);
            });
            with(new Credential.Password(WRONG_PASSWORD), this::cannotLogIn);
            with(new Credential.PrivateKey(key, Optional.of(WRONG_PASSPHRASE)), this::cannotConnect);
            server.authorize(EmbeddedServer.ED25519.getPublic());
            with(new Credential.PrivateKey(key, Optional.of(RIGHT_PASSPHRASE)), pool -> pool.execute("build", "true"));
            assertThat(ours.lines())
                    .anyMatch(line -> line.contains("SSHP-203"))
                    .anyMatch(line -> line.contains("SSHP-302"));
            ours.lines().forEach(book::println);
            ours.thrown().forEach(thrown -> thrown.printStackTrace(book));
        }
        assertThat(spans.getFinishedSpanItems()).hasSizeGreaterThan(10);
        spans.getFinishedSpanItems().forEach(book::println);
        metrics.collectAllMetrics().forEach(book::println);
        search(key);
    }

    private void search(String key) {
        String text = seen.toString();
        List<String> secrets = new ArrayList<>(List.of(
                EmbeddedServer.PASSWORD,
                WRONG_PASSWORD,
                WRONG_PASSPHRASE,
                RIGHT_PASSPHRASE,
                ENVIRONMENT,
                STDIN,
                SUDO,
                ARGUMENT));
        key.lines().filter(line -> !line.startsWith("-----")).forEach(secrets::add);
        List<String> hits = secrets.stream().filter(text::contains).toList();
        System.out.println("canary: " + text.getBytes(StandardCharsets.UTF_8).length + " bytes searched for "
                + secrets.size() + " secrets, hits " + hits.size());
        assertThat(hits).isEmpty();
    }

    private void with(Credential credential, Consumer<SshPool> work) {
        PoolConfig config = PoolConfig.defaults().withLeakDetectionThreshold(Duration.ofMillis(100));
        PoolThreads threads = PoolThreads.own();
        MinaConnectionFactory factory = new MinaConnectionFactory(
                config, target -> List.of(credential), FixedHostKeys.trusting(EmbeddedServer.ED25519), threads);
        List<PoolListener> listeners = new ArrayList<>(List.of(new LoggingListener()));
        listeners.addAll(Telemetry.listeners(type -> Optional.of(sdk), true, false, config));
        Targets targets = new Targets(List.of(FixedHostKeys.target(server.port())), TargetDefaults.NONE, List.of());
        book.println(credential);
        try (ConnectionPool pool = ConnectionPool.start(config, targets, factory, FanOut.of(listeners), threads)) {
            work.accept(pool);
            book.println(pool.healthCheck());
            // all that the readiness check looks at
            book.println(pool.readiness());
            book.println(pool.stats());
            noteThreads();
            metrics.collectAllMetrics().forEach(book::println);
        }
    }

    private static Command command(String text) {
        return Command.shell(text + "; : " + ARGUMENT).env("A", ENVIRONMENT).stdin(STDIN);
    }

    private void commands(SshPool pool) {
        book.println(pool.execute("build", command("cat")));
        note(
                CommandFailedException.class,
                () -> pool.execute("build", command("cat; exit 3")).orThrow());
        note(
                CommandTimeoutException.class,
                () -> pool.execute("build", command("cat; sleep 5").timeout(Duration.ofMillis(200))));
        note(
                OutputLimitException.class,
                () -> pool.execute("build", command("cat").maxOutput(4)));
        book.println(command("cat"));
        stream(pool);
        // Not a user, so that sudo asks nobody, and no attempt is counted.
        Command asAnother = command("cat").sudo(Sudo.user("no-such-user").password(SUDO));
        book.println(asAnother);
        book.println(pool.execute("build", asAnother));
        note(
                CommandFailedException.class,
                () -> pool.execute("build", asAnother).orThrow());
    }

    /** While a command runs that has all of it. */
    private void stream(SshPool pool) {
        try (SshLease lease = pool.acquire("build");
                RemoteProcess process = lease.start(command("cat; sleep 60"))) {
            assertThat(process.stdout().read()).isEqualTo(STDIN.charAt(0));
            noteThreads();
            book.println(process);
            book.println(lease);
            book.println(pool.stats());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void noteThreads() {
        Thread.getAllStackTraces().keySet().forEach(thread -> book.println(thread.getName()));
    }

    private static void leak(SshPool pool, Records ours) {
        forget(pool);
        await().atMost(Duration.ofSeconds(20)).until(() -> {
            System.gc();
            return Stream.of("SSHP-302", "SSHP-303")
                    .allMatch(id -> ours.lines().stream().anyMatch(line -> line.contains(id)));
        });
    }

    private static void forget(SshPool pool) {
        var lease = pool.acquire("build");
        await().pollDelay(Duration.ofMillis(200)).until(lease::isConnected);
    }

    private void cannotLogIn(SshPool pool) {
        note(SshAuthenticationException.class, () -> pool.execute("build", command("cat")));
    }

    private void cannotConnect(SshPool pool) {
        note(RuntimeException.class, () -> pool.execute("build", command("cat")));
    }

    private void note(Class<? extends Throwable> expected, Runnable work) {
        Throwable failure = catchThrowable(work::run);
        assertThat(failure).isInstanceOf(expected);
        failure.printStackTrace(book);
    }

    private static String encryptedKey() throws IOException, GeneralSecurityException {
        OpenSSHKeyEncryptionContext encryption = new OpenSSHKeyEncryptionContext();
        encryption.setPassword(RIGHT_PASSPHRASE);
        encryption.setCipherType("256");
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        OpenSSHKeyPairResourceWriter.INSTANCE.writePrivateKey(EmbeddedServer.ED25519, "", encryption, text);
        return text.toString(StandardCharsets.US_ASCII);
    }
}
