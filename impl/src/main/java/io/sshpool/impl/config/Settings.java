package io.sshpool.impl.config;

import io.sshpool.PoolConfig;
import io.sshpool.impl.pool.TargetDefaults;
import io.sshpool.spi.CredentialProvider;
import io.sshpool.spi.Target;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/**
 * All that configuration says, and valid. Shows no secret.
 *
 * @param pool the pool's settings
 * @param targets the targets with an alias, in the order of their names
 * @param defaults for spelled-out targets
 * @param credentials of both
 * @param on the switches that are on
 * @param warnings what was ignored, a line each
 * @param notTaken what the ssh-config says and the pool does not do, a line for each file
 */
public record Settings(
        PoolConfig pool,
        List<Target> targets,
        TargetDefaults defaults,
        CredentialProvider credentials,
        Set<Switch> on,
        List<String> warnings,
        List<String> notTaken) {

    /** Copies the lists. */
    public Settings {
        Objects.requireNonNull(pool, "pool");
        Objects.requireNonNull(defaults, "defaults");
        Objects.requireNonNull(credentials, "credentials");
        targets = List.copyOf(targets);
        on = Set.copyOf(on);
        warnings = List.copyOf(warnings);
        notTaken = List.copyOf(notTaken);
    }
}
