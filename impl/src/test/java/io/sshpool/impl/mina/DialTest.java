package io.sshpool.impl.mina;

import static org.assertj.core.api.Assertions.assertThat;

import io.sshpool.SshConnectException;
import io.sshpool.impl.pool.ConnectionFactoryContract;
import io.sshpool.impl.pool.PoolThreads;
import io.sshpool.spi.Credential;
import io.sshpool.spi.SshConnection;
import io.sshpool.spi.Target;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiFunction;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What throws where nobody expects it, as in a server that has another version of a library. */
@Timeout(30)
final class DialTest {

    private final EmbeddedServer server = new EmbeddedServer();
    private final PoolThreads threads = PoolThreads.own();
    private final MinaClient client = new MinaClient();

    @AfterEach
    void close() {
        client.close();
        threads.close();
        server.close();
    }

    @Test
    void an_error_before_the_connect_fails_the_dial_with_its_cause() {
        assertFailsWithItsCause(dial(
                () -> {
                    throw new NoClassDefFoundError("org/example/Missing");
                },
                (target, session) -> {
                    throw new AssertionError("not reached");
                }));
    }

    @Test
    void an_error_after_the_connect_fails_the_dial_with_its_cause_and_closes_the_session() {
        assertFailsWithItsCause(dial(() -> client, (target, session) -> {
            throw new NoClassDefFoundError("org/example/Missing");
        }));

        server.awaitConnections(0);
    }

    private CompletableFuture<SshConnection> dial(
            Supplier<MinaClient> clients, BiFunction<Target, PooledSession, MinaConnection> wrap) {
        Dial.World world = new Dial.World(
                clients,
                target -> List.of(new Credential.Password(EmbeddedServer.PASSWORD)),
                FixedHostKeys.trusting(EmbeddedServer.ED25519),
                NameResolver.SYSTEM,
                threads,
                new ConcurrentHashMap<>(),
                wrap);
        return new Dial(FixedHostKeys.target(server.port()), Duration.ofSeconds(5), world, Optional.empty()).start();
    }

    private static void assertFailsWithItsCause(CompletableFuture<SshConnection> dial) {
        assertThat(ConnectionFactoryContract.failureOf(dial))
                .isInstanceOf(SshConnectException.class)
                .hasMessageContaining("NoClassDefFoundError")
                .hasCauseInstanceOf(NoClassDefFoundError.class);
    }
}
