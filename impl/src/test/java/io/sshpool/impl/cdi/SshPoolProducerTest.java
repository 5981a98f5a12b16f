package io.sshpool.impl.cdi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.opentelemetry.api.OpenTelemetry;
import io.sshpool.Pooled;
import io.sshpool.SshClient;
import io.sshpool.SshConfigException;
import io.sshpool.SshPool;
import io.sshpool.spi.ConnectionFactory;
import io.sshpool.spi.PoolListener;
import io.sshpool.spi.Target;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.context.Dependent;
import jakarta.enterprise.inject.Alternative;
import jakarta.enterprise.inject.AmbiguousResolutionException;
import jakarta.enterprise.inject.Produces;
import jakarta.enterprise.inject.Typed;
import jakarta.inject.Singleton;
import java.util.Map;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.eclipse.microprofile.config.Config;
import org.junit.jupiter.api.Test;

class SshPoolProducerTest {

    @Test
    void handleAndPoolUseOnePool() {
        try (TestContainer container = start(Parts.class, RightConfig.class)) {
            SshClient build = container
                    .weld()
                    .select(SshClient.class, Pooled.Literal.of("build"))
                    .get();
            SshPool pool = container.bean(SshPool.class);

            String answer = container.inRequest(() -> build.execute("true").stdout());

            assertThat(answer).isEqualTo("build");
            assertThat(pool.stats().acquired()).isEqualTo(1);
            assertThat(pool.stats().channelsInUse()).isZero();
            assertThat(pool.execute("deploy@build.example", "true").stdout()).isEqualTo("build");
            assertThat(pool.stats().created()).isEqualTo(1);
        }
    }

    @Test
    void twoSpellingsOfOneTargetShareOneLeaseInARequest() {
        try (TestContainer container = start(Parts.class, RightConfig.class, Borrowings.class)) {
            String answers =
                    container.inRequest(() -> Stream.of("build", "deploy@build.example", "deploy@BUILD.example:22")
                            .map(key -> container.weld().select(SshClient.class, Pooled.Literal.of(key)))
                            .map(handle -> handle.get().execute("true").stdout())
                            .collect(Collectors.joining(" ")));

            assertThat(answers).isEqualTo("build build build");
            assertThat(container.bean(Borrowings.class).count()).isEqualTo(1);
        }
    }

    @Test
    void theContainersEndClosesThePoolAndLeavesItsExecutorOpen() {
        CannedConnections connections;
        ScheduledExecutorService executor;
        try (TestContainer container = start(Parts.class, RightConfig.class)) {
            connections = container.bean(CannedConnections.class);
            executor = container.bean(ScheduledThreadPoolExecutor.class);
            assertThat(connections.closes()).isZero();
        }

        try {
            assertThat(connections.closes()).isEqualTo(1);
            assertThat(executor.isShutdown()).isFalse();
        } finally {
            executor.shutdownNow();
        }
    }

    @Test
    void housekeepingRunsOnTheExecutorBean() {
        try (TestContainer container = start(Parts.class, RightConfig.class)) {
            ScheduledThreadPoolExecutor executor = container.bean(ScheduledThreadPoolExecutor.class);

            await().until(() -> executor.getCompletedTaskCount() > 0);
            executor.shutdownNow();
        }
    }

    @Test
    void wrongConfigurationStopsTheStartThoughNobodyAsksForThePool() {
        assertThatThrownBy(() -> start(Parts.class, WrongConfig.class).close())
                .isInstanceOfSatisfying(
                        SshConfigException.class,
                        wrong -> assertThat(wrong.problems()).hasSize(2));
    }

    @Test
    void twoPartsOfAKindStopTheStart() {
        assertThatThrownBy(() ->
                        start(Parts.class, RightConfig.class, MoreParts.class).close())
                .isInstanceOf(AmbiguousResolutionException.class)
                .hasMessageContaining("ConnectionFactory");
    }

    @Test
    void twoBeansOfOpenTelemetryStopNoStart() {
        try (TestContainer container = start(Parts.class, RightConfig.class, TwoOpenTelemetries.class)) {
            assertThat(container.bean(SshPool.class).execute("build", "true").stdout())
                    .isEqualTo("build");
        }
    }

    private static TestContainer start(Class<?>... beans) {
        return TestContainer.start(SshPoolProducer.class, beans);
    }

    /** What the application brings along. */
    @ApplicationScoped
    static class Parts {
        @Produces
        @Singleton
        @Typed({ConnectionFactory.class, CannedConnections.class})
        CannedConnections connections() {
            return new CannedConnections();
        }

        @Produces
        @Singleton
        @Typed({ScheduledExecutorService.class, ScheduledThreadPoolExecutor.class})
        ScheduledThreadPoolExecutor executor() {
            return new ScheduledThreadPoolExecutor(1);
        }
    }

    /** Counts who wants a connection. */
    @ApplicationScoped
    static class Borrowings implements PoolListener {
        private final AtomicInteger count = new AtomicInteger();

        @Override
        public Acquire acquiring(Target target) {
            count.incrementAndGet();
            return Acquire.NONE;
        }

        int count() {
            return count.get();
        }
    }

    /** One too many. */
    @ApplicationScoped
    static class MoreParts {
        @Produces
        @Dependent
        ConnectionFactory connections() {
            return new CannedConnections();
        }
    }

    /** Nobody can tell which one is meant. */
    @ApplicationScoped
    static class TwoOpenTelemetries {
        @Produces
        @Singleton
        OpenTelemetry first() {
            return OpenTelemetry.noop();
        }

        @Produces
        @Singleton
        OpenTelemetry second() {
            return OpenTelemetry.noop();
        }
    }

    @Alternative
    @Priority(1)
    @ApplicationScoped
    static class RightConfig {
        @Produces
        @Dependent
        Config config() {
            return MapConfig.of(Map.of(
                    "sshpool.target.build.host", "build.example",
                    "sshpool.target.build.user", "deploy",
                    "sshpool.cleanup-interval", "20ms"));
        }
    }

    @Alternative
    @Priority(1)
    @ApplicationScoped
    static class WrongConfig {
        @Produces
        @Dependent
        Config config() {
            return MapConfig.of(Map.of("sshpool.max-connections", "-1", "sshpool.acquire-timeout", "soon"));
        }
    }
}
