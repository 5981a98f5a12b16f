package io.sshpool.impl.pool;

import io.sshpool.HealthReport;
import java.util.Objects;

/**
 * What the pool knows of its health without doing anything for it.
 *
 * @param ready the pool is open, and every required target could be reached at the last attempts; not before the first one
 * @param report its {@code failedConnections} were found dead since the last background check began
 * @param waiting acquires that wait
 */
public record Readiness(boolean ready, HealthReport report, int waiting) {

    /** Checks that nothing is null. */
    public Readiness {
        Objects.requireNonNull(report, "report");
    }
}
