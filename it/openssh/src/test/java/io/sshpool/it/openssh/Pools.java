package io.sshpool.it.openssh;

import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import io.sshpool.impl.config.ConfigReader;
import io.sshpool.impl.config.Settings;
import io.sshpool.impl.mina.KnownHostsPolicy;
import io.sshpool.impl.mina.MinaConnectionFactory;
import io.sshpool.impl.mina.PrivateKeyCheck;
import io.sshpool.impl.pool.ConnectionPool;
import io.sshpool.impl.pool.PoolThreads;
import io.sshpool.impl.pool.Targets;
import io.sshpool.impl.telemetry.LoggingListener;
import io.sshpool.spi.CredentialProvider;
import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import java.util.function.UnaryOperator;

/** Pools without a container. */
final class Pools {

    private Pools() {}

    /**
     * Opens a pool.
     *
     * @param configuration lines of a properties file; of two lines for one key the later counts
     */
    static ConnectionPool open(String... configuration) {
        return open(UnaryOperator.identity(), configuration);
    }

    /** Opens a pool whose application puts a credential provider of its own before the configuration's. */
    static ConnectionPool open(UnaryOperator<CredentialProvider> credentials, String... configuration) {
        Settings settings = read(configuration);
        PoolThreads threads = PoolThreads.own();
        return ConnectionPool.start(
                settings.pool(),
                new Targets(
                        settings.targets(), settings.defaults(), settings.pool().allowedHosts()),
                new MinaConnectionFactory(
                        settings.pool(), credentials.apply(settings.credentials()), new KnownHostsPolicy(), threads),
                new LoggingListener(),
                threads);
    }

    private static Settings read(String... configuration) {
        Properties lines = new Properties();
        try {
            lines.load(new StringReader(String.join("\n", configuration)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Map<String, String> values = new HashMap<>();
        lines.stringPropertyNames().forEach(name -> values.put(name, lines.getProperty(name)));
        return new ConfigReader(
                        new SmallRyeConfigBuilder()
                                .withSources(new PropertiesConfigSource(values, "test", 100))
                                .build(),
                        PrivateKeyCheck::problem)
                .read();
    }
}
