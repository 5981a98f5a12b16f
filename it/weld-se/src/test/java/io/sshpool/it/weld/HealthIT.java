package io.sshpool.it.weld;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;
import static org.awaitility.Awaitility.await;

import io.smallrye.health.SmallRyeHealthReporter;
import io.sshpool.SshLease;
import io.sshpool.SshPool;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.stream.Stream;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.HealthCheckResponse.Status;
import org.eclipse.microprofile.health.Readiness;
import org.junit.jupiter.api.Test;

class HealthIT {

    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final int ASKED = 5_000;

    @Test
    void thereIsOneReadinessCheckWithTheTypesOfTheSpecification() {
        try (EmbeddedServer server = new EmbeddedServer();
                Application application = Application.start(required(server), Console.class)) {
            await().atMost(PATIENCE).until(() -> ask(application).getStatus() == Status.UP);

            HealthCheckResponse response = ask(application);

            assertThat(response.getName()).isEqualTo("sshpool");
            assertThat(response.getData().orElseThrow())
                    .containsOnly(
                            entry("total", 1L),
                            entry("healthy", 1L),
                            entry("failed", 0L),
                            entry("idle", 1L),
                            entry("waiting", 0L),
                            entry("build", "UP"));
            assertThat(application
                            .bean(SmallRyeHealthReporter.class)
                            .getReadiness()
                            .getPayload()
                            .toString())
                    .contains("\"name\":\"sshpool\"", "\"build\":\"UP\"")
                    .doesNotContain(EmbeddedServer.PASSWORD);
        }
    }

    @Test
    void aServerThatGoesAwayMakesItDown() {
        EmbeddedServer server = new EmbeddedServer();
        try (server;
                Application application = Application.start(required(server))) {
            await().atMost(PATIENCE).until(() -> ask(application).getStatus() == Status.UP);
            server.close();

            await().atMost(PATIENCE).until(() -> ask(application).getStatus() == Status.DOWN);

            assertThat(ask(application).getData().orElseThrow()).containsEntry("build", "SshConnectException");
        }
    }

    @Test
    void switchedOffItIsUpAndSaysNothing() {
        try (EmbeddedServer server = new EmbeddedServer()) {
            Map<String, String> settings = required(server);
            settings.put("sshpool.target.build.port", "1");
            settings.put("sshpool.health.enabled", "false");
            try (Application application = Application.start(settings)) {
                HealthCheckResponse response = ask(application);

                assertThat(response.getStatus()).isEqualTo(Status.UP);
                assertThat(response.getData()).isEmpty();
            }
        }
    }

    @Test
    void itTakesNoTimeWhileThePoolIsExhausted() {
        try (EmbeddedServer server = new EmbeddedServer()) {
            Map<String, String> settings = required(server);
            settings.put("sshpool.max-connections", "2");
            settings.put("sshpool.max-channels-per-connection", "1");
            try (Application application = Application.start(settings)) {
                SshPool pool = application.pool();
                List<SshLease> held =
                        Stream.generate(() -> pool.acquire("build")).limit(2).toList();
                List<CompletionStage<SshLease>> waiting = new ArrayList<>();
                for (int i = 0; i < 1_000; i++) {
                    waiting.add(pool.acquireAsync("build"));
                }

                long[] nanos = times(application);

                System.out.printf(
                        "the readiness check, pool exhausted, 1,000 waiting: p50 %d µs, p99 %d µs%n",
                        nanos[ASKED / 2] / 1_000, nanos[ASKED * 99 / 100] / 1_000);
                assertThat(Duration.ofNanos(nanos[ASKED * 99 / 100])).isLessThan(Duration.ofMillis(50));
                assertThat(ask(application).getData().orElseThrow()).containsEntry("waiting", 1_000L);
                waiting.forEach(stage -> stage.toCompletableFuture().cancel(true));
                held.forEach(SshLease::close);
            }
        }
    }

    private static Map<String, String> required(EmbeddedServer server) {
        Map<String, String> settings = server.target("build");
        settings.put("sshpool.target.build.required", "true");
        settings.put("sshpool.health-interval", "500ms");
        return settings;
    }

    private static HealthCheckResponse ask(Application application) {
        return application
                .weld()
                .select(HealthCheck.class, Readiness.Literal.INSTANCE)
                .get()
                .call();
    }

    private static long[] times(Application application) {
        long[] nanos = new long[ASKED];
        for (int i = 0; i < ASKED; i++) {
            long start = System.nanoTime();
            ask(application);
            nanos[i] = System.nanoTime() - start;
        }
        Arrays.sort(nanos);
        return nanos;
    }
}
