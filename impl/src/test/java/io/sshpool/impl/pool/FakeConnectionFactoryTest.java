package io.sshpool.impl.pool;

import io.sshpool.spi.ConnectionFactory;
import io.sshpool.spi.Target;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.extension.ExtendWith;

/** The fake keeps the contract that the real one keeps. */
@ExtendWith(NothingLeftBehind.class)
class FakeConnectionFactoryTest implements ConnectionFactoryContract, ProcessContract {

    private final ScheduledExecutorService network = Executors.newScheduledThreadPool(2);
    private final FakeConnectionFactory factory = new FakeConnectionFactory(network);
    private final FakeServer server = factory.server("a.example:22");

    @AfterEach
    void stopTheNetwork() {
        network.shutdownNow();
    }

    @Override
    public Server server() {
        return new Server() {
            @Override
            public void refuseChannelsAbove(int channels) {
                server.maxSessions = channels;
            }

            @Override
            public void stallAuthentication() {
                server.dialsStall = true;
            }

            @Override
            public void killConnections() {
                server.kill();
            }

            @Override
            public void awaitConnections(int expected) {
                PoolFixture.until(() -> server.transports() == expected);
            }

            @Override
            public void awaitCommands(int expected) {
                PoolFixture.until(() -> server.running() == expected);
            }
        };
    }

    @Override
    public ConnectionFactory factory() {
        return factory;
    }

    @Override
    public Target target() {
        return PoolFixture.alias("a");
    }
}
