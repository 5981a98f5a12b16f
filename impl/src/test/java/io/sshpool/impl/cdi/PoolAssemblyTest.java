package io.sshpool.impl.cdi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sshpool.Command;
import io.sshpool.SshConfigException;
import io.sshpool.SshPool;
import io.sshpool.spi.ConnectionFactory;
import io.sshpool.spi.Credential;
import io.sshpool.spi.PoolListener;
import io.sshpool.spi.Target;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
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
        ScheduledThreadPoolExecutor housekeeper = new ScheduledThreadPoolExecutor(1);
        try {
            SshPool pool = assembly(BUILD, List.of(), Optional.of(housekeeper)).start();
            assertThat(housekeeper.getTaskCount()).isPositive();

            pool.close();

            assertThat(housekeeper.isShutdown()).isFalse();
            assertThat(housekeeper.getQueue()).allMatch(task -> ((Future<?>) task).isCancelled());
        } finally {
            housekeeper.shutdownNow();
        }
    }

    private PoolAssembly assembly(
            Map<String, String> settings,
            List<PoolListener> listeners,
            Optional<ScheduledExecutorService> housekeeper) {
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
