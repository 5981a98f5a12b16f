package io.sshpool;

import java.util.Map;

/**
 * What a health check found.
 *
 * @param totalConnections healthy and failed ones together
 * @param healthyConnections those that answered
 * @param failedConnections those that did not, and are being retired
 * @param idleConnections those healthy ones on which no lease rests
 * @param targets by alias; targets that were spelled out are summed up as {@code other}, {@code DOWN} if any of them is
 */
public record HealthReport(
        int totalConnections,
        int healthyConnections,
        int failedConnections,
        int idleConnections,
        Map<String, TargetHealth> targets) {

    /** Copies the map. */
    public HealthReport {
        targets = Map.copyOf(targets);
    }
}
