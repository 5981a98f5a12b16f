package io.sshpool.impl.cdi;

import io.sshpool.impl.config.ConfigReader;
import io.sshpool.impl.config.Settings;
import io.sshpool.impl.config.Switch;
import io.sshpool.impl.mina.CredentialCheck;
import io.sshpool.impl.mina.KnownHostsPolicy;
import io.sshpool.impl.mina.MinaConnectionFactory;
import io.sshpool.impl.pool.ConnectionPool;
import io.sshpool.impl.pool.PoolThreads;
import io.sshpool.impl.pool.Targets;
import io.sshpool.impl.telemetry.FanOut;
import io.sshpool.impl.telemetry.LoggingListener;
import io.sshpool.impl.telemetry.Telemetry;
import io.sshpool.spi.ConnectionFactory;
import io.sshpool.spi.CredentialProvider;
import io.sshpool.spi.HostKeyPolicy;
import io.sshpool.spi.PoolListener;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.Function;
import org.eclipse.microprofile.config.Config;

/**
 * Puts a pool together from a configuration and what the application brings along. Knows no container.
 *
 * @param config the configuration
 * @param connections in the place of Apache MINA SSHD; closed with the pool
 * @param credentials in the place of those of the configuration
 * @param hostKeys in the place of known_hosts and fingerprints
 * @param listeners besides the log
 * @param beans finds an object of a class of OpenTelemetry's, where there is one
 * @param housekeeper runs clean-up and health checks in the place of a thread of the pool's own; stays open
 */
public record PoolAssembly(
        Config config,
        Optional<ConnectionFactory> connections,
        Optional<CredentialProvider> credentials,
        Optional<HostKeyPolicy> hostKeys,
        List<PoolListener> listeners,
        Function<Class<?>, Optional<?>> beans,
        Optional<Executor> housekeeper) {

    /** Copies the list. */
    public PoolAssembly {
        Objects.requireNonNull(config, "config");
        Objects.requireNonNull(connections, "connections");
        Objects.requireNonNull(credentials, "credentials");
        Objects.requireNonNull(hostKeys, "hostKeys");
        listeners = List.copyOf(listeners);
        Objects.requireNonNull(beans, "beans");
        Objects.requireNonNull(housekeeper, "housekeeper");
    }

    /**
     * Nothing but a configuration.
     *
     * @param config the configuration
     * @return the assembly of a pool with MINA, configured credentials and trust, the log, and threads of its own
     */
    public static PoolAssembly of(Config config) {
        return new PoolAssembly(
                config,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                List.of(),
                type -> Optional.empty(),
                Optional.empty());
    }

    /**
     * Reads the configuration and starts the pool. Required targets are dialled in the background.
     *
     * @return the open pool, to be closed
     * @throws io.sshpool.SshConfigException when settings are wrong, with every problem; nothing was started
     */
    public ConnectionPool start() {
        Settings settings = read();
        PoolListener listener = listener(settings);
        PoolThreads threads = housekeeper.map(PoolThreads::with).orElseGet(PoolThreads::own);
        ConnectionFactory factory = connections.orElseGet(() -> mina(settings, threads));
        Targets targets = new Targets(
                settings.targets(), settings.defaults(), settings.pool().allowedHosts());
        return ConnectionPool.start(settings.pool(), targets, factory, listener, threads);
    }

    private Settings read() {
        ConfigReader reader = new ConfigReader(config, CredentialCheck::problem);
        if (connections.isPresent() || credentials.isPresent()) {
            reader = reader.withoutNeedOfCredentials();
        }
        if (connections.isPresent() || hostKeys.isPresent()) {
            reader = reader.withoutNeedOfTrust();
        }
        return reader.read();
    }

    private ConnectionFactory mina(Settings settings, PoolThreads threads) {
        return new MinaConnectionFactory(
                settings.pool(),
                credentials.orElse(settings.credentials()),
                hostKeys.orElseGet(KnownHostsPolicy::new),
                threads);
    }

    private PoolListener listener(Settings settings) {
        LoggingListener log = new LoggingListener();
        log.started(settings.targets(), settings.defaults(), settings.warnings(), settings.notTaken());
        List<PoolListener> all = new ArrayList<>();
        all.add(log);
        if (settings.on().contains(Switch.TELEMETRY)) {
            all.addAll(Telemetry.listeners(
                    beans,
                    settings.on().contains(Switch.PROPAGATE),
                    settings.on().contains(Switch.COMMAND_TEXT),
                    settings.pool()));
        }
        all.addAll(listeners);
        return FanOut.of(all);
    }
}
