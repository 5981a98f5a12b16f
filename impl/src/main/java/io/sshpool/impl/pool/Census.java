package io.sshpool.impl.pool;

import io.sshpool.ConnectionLostException;
import io.sshpool.HealthReport;
import io.sshpool.PoolStats;
import io.sshpool.SshException;
import io.sshpool.TargetHealth;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Counts what the ledger has, for reports. Called under the pool's lock. */
final class Census {

    private Census() {}

    static PoolStats stats(Ledger ledger, long now) {
        List<PooledConnection> connections = ledger.connections();
        int idle = (int) connections.stream().filter(Census::isIdle).count();
        int open = (int)
                connections.stream().filter(c -> c.is(ConnectionState.OPEN)).count();
        Counters counters = ledger.counters();
        return new PoolStats(
                connections.stream().map(c -> row(c, now)).toList(),
                idle,
                open - idle,
                ledger.waiting(),
                connections.stream().mapToInt(c -> c.used).sum(),
                ledger.accounts().size(),
                counters.acquired,
                counters.reused,
                counters.created,
                counters.connectFailures,
                counters.timeouts,
                counters.closed);
    }

    /** What the background checks and the dials have found so far. */
    static HealthReport health(Ledger ledger) {
        List<PooledConnection> healthy = ledger.connections().stream()
                .filter(c -> c.isUsable() && !c.isSick())
                .toList();
        int idle = (int) healthy.stream().filter(Census::isIdle).count();
        return report(healthy.size(), ledger.failed(), idle, ledger);
    }

    static Readiness readiness(Ledger ledger, long now) {
        boolean ready = !ledger.isClosed()
                && ledger.accounts().stream()
                        .map(Census::health)
                        .allMatch(target -> !target.required() || target.state() == TargetHealth.State.UP);
        return new Readiness(ready, health(ledger), ledger.waiting());
    }

    /** The health of all targets; those that were spelled out are one. */
    static Map<String, TargetHealth> targets(Ledger ledger) {
        Map<String, TargetHealth> targets = new HashMap<>();
        for (Account account : ledger.accounts()) {
            targets.merge(account.target.label(), health(account), Census::worse);
        }
        return targets;
    }

    static HealthReport report(int healthy, int failed, int idle, Ledger ledger) {
        return new HealthReport(healthy + failed, healthy, failed, idle, targets(ledger));
    }

    static boolean isIdle(PooledConnection connection) {
        return connection.is(ConnectionState.OPEN) && connection.used == 0;
    }

    private static PoolStats.Connection row(PooledConnection c, long now) {
        PoolStats.State state = switch (c.state()) {
            case CONNECTING -> PoolStats.State.CONNECTING;
            case OPEN -> PoolStats.State.OPEN;
            case RETIRED -> PoolStats.State.RETIRED;
            case CLOSING, CLOSED -> PoolStats.State.CLOSING;
        };
        return new PoolStats.Connection(
                c.id,
                c.account.target.name(),
                state,
                Duration.ofNanos(now - c.createdAt),
                Duration.ofNanos(now - c.lastUsedAt),
                c.uses,
                c.used);
    }

    private static TargetHealth health(Account account) {
        SshException failure = Failures.lastFailure(account);
        boolean required = account.target.required();
        if (account.open() > 0) {
            // one that does not answer its probe is not open any more
            return new TargetHealth(TargetHealth.State.UP, Optional.empty(), required);
        }
        if (failure != null) {
            return down(failure.getClass(), required);
        }
        if (account.silent) {
            return down(ConnectionLostException.class, required);
        }
        TargetHealth.State state = account.backOff.isTried() ? TargetHealth.State.UP : TargetHealth.State.UNKNOWN;
        return new TargetHealth(state, Optional.empty(), required);
    }

    private static TargetHealth down(Class<?> reason, boolean required) {
        return new TargetHealth(TargetHealth.State.DOWN, Optional.of(reason.getSimpleName()), required);
    }

    private static TargetHealth worse(TargetHealth a, TargetHealth b) {
        boolean aIsWorse = a.state() == TargetHealth.State.DOWN || b.state() == TargetHealth.State.UNKNOWN;
        return aIsWorse ? a : b;
    }
}
