package io.sshpool.impl.health;

import io.sshpool.impl.pool.Readiness;
import java.util.Optional;

/** Where the readiness check looks: a bean of the application. Thread-safe. */
public interface ReadinessSource {

    /**
     * What is known already; answers within milliseconds whatever the pool is doing.
     *
     * @return empty where {@code sshpool.health.enabled} is false
     */
    Optional<Readiness> readiness();
}
