package io.sshpool.impl.health;

import io.sshpool.HealthReport;
import io.sshpool.TargetHealth;
import io.sshpool.impl.pool.Readiness;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * What the readiness check shows.
 *
 * @param counts of connections and waiters
 * @param targets {@code UP}, {@code UNKNOWN} or the class of the reason by alias, in the order of their names
 */
record ReadinessData(Map<String, Long> counts, Map<String, String> targets) {

    static ReadinessData of(Readiness readiness) {
        HealthReport report = readiness.report();
        Map<String, Long> counts = new LinkedHashMap<>();
        counts.put("total", (long) report.totalConnections());
        counts.put("healthy", (long) report.healthyConnections());
        counts.put("failed", (long) report.failedConnections());
        counts.put("idle", (long) report.idleConnections());
        counts.put("waiting", (long) readiness.waiting());
        Map<String, String> targets = new TreeMap<>();
        // an alias may be called like one of the counts
        report.targets()
                .forEach((alias, health) ->
                        targets.put(counts.containsKey(alias) ? "target." + alias : alias, describe(health)));
        return new ReadinessData(counts, targets);
    }

    private static String describe(TargetHealth health) {
        return health.reason().orElseGet(() -> health.state().name());
    }
}
