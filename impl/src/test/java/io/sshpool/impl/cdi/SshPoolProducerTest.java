package io.sshpool.impl.cdi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sshpool.Pooled;
import io.sshpool.SshClient;
import io.sshpool.SshConfigException;
import io.sshpool.SshPool;
import io.sshpool.spi.ConnectionFactory;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.context.Dependent;
import jakarta.enterprise.context.control.RequestContextController;
import jakarta.enterprise.inject.Alternative;
import jakarta.enterprise.inject.AmbiguousResolutionException;
import jakarta.enterprise.inject.Produces;
import jakarta.enterprise.inject.Typed;
import jakarta.enterprise.inject.se.SeContainer;
import jakarta.enterprise.inject.se.SeContainerInitializer;
import jakarta.inject.Singleton;
import java.util.Map;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import org.eclipse.microprofile.config.Config;
import org.junit.jupiter.api.Test;

class SshPoolProducerTest {

    @Test
    void handleAndPoolUseOnePool() {
        try (SeContainer weld = start(Parts.class, RightConfig.class)) {
            RequestContextController request =
                    weld.select(RequestContextController.class).get();
            request.activate();
            SshClient build =
                    weld.select(SshClient.class, Pooled.Literal.of("build")).get();
            SshPool pool = weld.select(SshPool.class).get();

            assertThat(build.execute("true").stdout()).isEqualTo("build");
            assertThat(pool.stats().acquired()).isEqualTo(1);
            assertThat(pool.execute("deploy@build.example", "true").stdout()).isEqualTo("build");
            assertThat(pool.stats().created()).isEqualTo(1);
            request.deactivate();
            assertThat(pool.stats().channelsInUse()).isZero();
        }
    }

    @Test
    void theContainersEndClosesThePoolAndLeavesItsExecutorOpen() {
        CannedConnections connections;
        ScheduledExecutorService executor;
        try (SeContainer weld = start(Parts.class, RightConfig.class)) {
            connections = weld.select(CannedConnections.class).get();
            executor = weld.select(ScheduledThreadPoolExecutor.class).get();
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
        try (SeContainer weld = start(Parts.class, RightConfig.class)) {
            ScheduledThreadPoolExecutor executor =
                    weld.select(ScheduledThreadPoolExecutor.class).get();

            assertThat(executor.getTaskCount()).isPositive();
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

    private static SeContainer start(Class<?>... beans) {
        return SeContainerInitializer.newInstance()
                .disableDiscovery()
                .addProperty("org.jboss.weld.se.shutdownHook", false)
                .addBeanClasses(SshPoolProducer.class, Handles.class, RequestLeases.class)
                .addBeanClasses(beans)
                .initialize();
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

    /** One too many. */
    @ApplicationScoped
    static class MoreParts {
        @Produces
        @Dependent
        ConnectionFactory connections() {
            return new CannedConnections();
        }
    }

    @Alternative
    @Priority(1)
    @ApplicationScoped
    static class RightConfig {
        @Produces
        @Dependent
        Config config() {
            return MapConfig.of(
                    Map.of("sshpool.target.build.host", "build.example", "sshpool.target.build.user", "deploy"));
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
