package io.sshpool.impl.mina;

import io.sshpool.PoolConfig;
import io.sshpool.impl.pool.ConnectionFactoryContract;
import io.sshpool.impl.pool.PoolThreads;
import io.sshpool.impl.pool.ProcessContract;
import io.sshpool.spi.ConnectionFactory;
import io.sshpool.spi.Credential;
import io.sshpool.spi.Target;
import java.util.List;
import org.junit.jupiter.api.AfterEach;

/** MINA keeps the contract. */
final class MinaConnectionFactoryTest implements ConnectionFactoryContract, ProcessContract {

    private final EmbeddedServer server = new EmbeddedServer();
    private final PoolThreads threads = PoolThreads.own();
    private final MinaConnectionFactory factory = new MinaConnectionFactory(
            PoolConfig.defaults(),
            target -> List.of(new Credential.Password(EmbeddedServer.PASSWORD)),
            FixedHostKeys.trusting(EmbeddedServer.ED25519),
            threads);

    @AfterEach
    void closeServer() {
        factory.close();
        threads.close();
        server.close();
    }

    @Override
    public Server server() {
        return server;
    }

    @Override
    public ConnectionFactory factory() {
        return factory;
    }

    @Override
    public Target target() {
        return FixedHostKeys.target(server.port());
    }
}
