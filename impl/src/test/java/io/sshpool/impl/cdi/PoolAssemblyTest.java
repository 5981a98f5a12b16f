package io.sshpool.impl.cdi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.sshpool.Command;
import io.sshpool.SshConfigException;
import io.sshpool.SshPool;
import io.sshpool.spi.ConnectionFactory;
import io.sshpool.spi.Credential;
import io.sshpool.spi.PoolListener;
import io.sshpool.spi.Target;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class PoolAssemblyTest {

    private static final Map<String, String> BUILD =
            Map.of("sshpool.target.build.host", "build.example", "sshpool.target.build.user", "deploy");

    private final CannedConnections connections = new CannedConnections();

    @Test
    void aPoolOverOtherConnectionsNeedsNeitherCredentialNorTrust() {
        try (SshPool pool = assembly(BUILD, List.of(), Optional.empty()).start()) {
            assertThat(pool.execute("build", "true").stdout()).isEqualTo("build");
        }
    }

    @Test
    void theConnectionsAreClosedWithThePoolAndOnce() {
        SshPool pool = assembly(BUILD, List.of(), Optional.empty()).start();
        assertThat(connections.closes()).isZero();

        pool.close();
        pool.close();

        assertThat(connections.closes()).isEqualTo(1);
    }

    @Test
    void withMinaATargetNeedsCredentialAndTrust() {
        assertThatThrownBy(() -> PoolAssembly.of(MapConfig.of(BUILD)).start())
                .isInstanceOfSatisfying(
                        SshConfigException.class,
                        wrong -> assertThat(wrong.problems())
                                .hasSize(2)
                                .anyMatch(problem -> problem.contains("private-key"))
                                .anyMatch(problem -> problem.contains("known-hosts")));
    }

    @Test
    void withCredentialsOfTheApplicationATargetStillNeedsTrust() {
        PoolAssembly assembly = new PoolAssembly(
                MapConfig.of(BUILD),
                Optional.empty(),
                Optional.of(target -> List.of(new Credential.Password("hidden"))),
                Optional.empty(),
                List.of(),
                type -> Optional.empty(),
                Optional.empty());

        assertThatThrownBy(assembly::start)
                .isInstanceOfSatisfying(
                        SshConfigException.class,
                        wrong -> assertThat(wrong.problems())
                                .singleElement()
                                .asString()
                                .contains("known-hosts"));
    }

    @Test
    void everyListenerHears() {
        List<String> heard = new ArrayList<>();
        try (SshPool pool = assembly(BUILD, List.of(new Witness("a", heard), new Witness("b", heard)), Optional.empty())
                .start()) {
            pool.execute("build", "true");
        }

        assertThat(heard).containsExactly("a build", "b build");
    }

    @Test
    void theHousekeeperOfTheApplicationIsUsedAndLeftOpen() {
        BlockingQueue<Runnable> tasks = new LinkedBlockingQueue<>();
        ThreadPoolExecutor housekeeper = new ThreadPoolExecutor(1, 1, 0, TimeUnit.SECONDS, tasks);
        Map<String, String> settings = new HashMap<>(BUILD);
        settings.put("sshpool.cleanup-interval", "1ms");
        try {
            SshPool pool =
                    assembly(settings, List.of(), Optional.of(housekeeper)).start();
            await().until(() -> housekeeper.getCompletedTaskCount() > 2);

            pool.close();

            assertThat(housekeeper.isShutdown()).isFalse();
            await().until(() -> housekeeper.getActiveCount() == 0 && tasks.isEmpty());
        } finally {
            housekeeper.shutdownNow();
        }
    }

    private PoolAssembly assembly(
            Map<String, String> settings, List<PoolListener> listeners, Optional<Executor> housekeeper) {
        Optional<ConnectionFactory> factory = Optional.of(connections);
        return new PoolAssembly(
                MapConfig.of(settings),
                factory,
                Optional.empty(),
                Optional.empty(),
                listeners,
                type -> Optional.empty(),
                housekeeper);
    }

    @Test
    void telemetryThatIsSwitchedOffIsNotLookedFor() {
        PoolAssembly assembly = new PoolAssembly(
                MapConfig.of(Map.of("sshpool.telemetry.enabled", "false")),
                Optional.of(connections),
                Optional.empty(),
                Optional.empty(),
                List.of(),
                type -> {
                    throw new AssertionError("looked for " + type);
                },
                Optional.empty());
        try (SshPool pool = assembly.start()) {
            assertThat(pool.stats().connections()).isEmpty();
        }
    }

    private record Witness(String name, List<String> heard) implements PoolListener {
        @Override
        public Execute executing(Target target, Command command) {
            heard.add(name + " " + target.name());
            return Execute.NONE;
        }
    }
}
