package io.sshpool.it.openssh;

import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import io.sshpool.impl.cdi.PoolAssembly;
import io.sshpool.impl.pool.ConnectionPool;
import io.sshpool.spi.CredentialProvider;
import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import org.eclipse.microprofile.config.Config;

/** Pools without a container. */
final class Pools {

    private Pools() {}

    /**
     * Opens a pool.
     *
     * @param configuration lines of a properties file; of two lines for one key the later counts
     */
    static ConnectionPool open(String... configuration) {
        return PoolAssembly.of(config(configuration)).start();
    }

    /** Opens a pool whose application brings its own credentials. */
    static ConnectionPool open(CredentialProvider credentials, String... configuration) {
        return new PoolAssembly(
                        config(configuration),
                        Optional.empty(),
                        Optional.of(credentials),
                        Optional.empty(),
                        List.of(),
                        type -> Optional.empty(),
                        Optional.empty())
                .start();
    }

    /** The lines of a target on this machine that still needs something to log in with. */
    static String target(String alias, int port, String user, Path knownHosts) {
        String prefix = "sshpool.target." + alias + ".";
        return String.join(
                "\n",
                prefix + "host=127.0.0.1",
                prefix + "port=" + port,
                prefix + "user=" + user,
                prefix + "known-hosts=" + knownHosts);
    }

    static Config config(String... configuration) {
        Properties lines = new Properties();
        try {
            lines.load(new StringReader(String.join("\n", configuration)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Map<String, String> values = new HashMap<>();
        lines.stringPropertyNames().forEach(name -> values.put(name, lines.getProperty(name)));
        return new SmallRyeConfigBuilder()
                .withSources(new PropertiesConfigSource(values, "test", 100))
                .build();
    }
}
