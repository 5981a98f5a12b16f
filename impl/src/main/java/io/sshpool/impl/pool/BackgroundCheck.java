package io.sshpool.impl.pool;

import io.sshpool.spi.PoolListener;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Probes what is at rest, a few connections of a target at a time and the targets side by side, so that a dead host delays no other's
 * probes. The first failure of a target makes the ledger put the rest of it to the test at once.
 */
final class BackgroundCheck {

    private static final int AT_A_TIME = 4;

    private final Core core;
    /** Targets that take longer than an interval are left out of the next check. */
    private final Set<Account> underWay = ConcurrentHashMap.newKeySet();

    BackgroundCheck(Core core) {
        this.core = core;
    }

    /** Begins a check, and dials required targets that have no connection. Waits for nothing. */
    void begin() {
        PoolListener.HealthCheck observer = core.listener.checkingHealth();
        Map<Account, List<PooledConnection>> due = core.ask((ledger, now) -> {
            ledger.beginCheck(now);
            return ledger.connections().stream()
                    .filter(PooledConnection::isToBeChecked)
                    .collect(Collectors.groupingBy(connection -> connection.account));
        });
        CompletableFuture<?>[] targets = due.entrySet().stream()
                .filter(target -> underWay.add(target.getKey()))
                .map(target -> check(target.getValue()).thenRun(() -> underWay.remove(target.getKey())))
                .toArray(CompletableFuture<?>[]::new);
        CompletableFuture.allOf(targets)
                .thenRun(() -> observer.completed(core.ask((ledger, now) -> Census.health(ledger))));
    }

    private CompletableFuture<Void> check(List<PooledConnection> connections) {
        Queue<PooledConnection> due = new ConcurrentLinkedQueue<>(connections);
        return CompletableFuture.allOf(
                Stream.generate(() -> checkNext(due)).limit(AT_A_TIME).toArray(CompletableFuture<?>[]::new));
    }

    private CompletableFuture<Void> checkNext(Queue<PooledConnection> due) {
        for (PooledConnection next = due.poll(); next != null; next = due.poll()) {
            PooledConnection connection = next;
            // those that a failure has put to the test meanwhile are probed already
            if (core.ask((ledger, now) -> connection.isToBeChecked())) {
                return core.probe(connection, patience(connection))
                        .thenAccept(alive -> report(connection, alive))
                        .thenCompose(reported -> checkNext(due));
            }
        }
        return CompletableFuture.completedFuture(null);
    }

    /**
     * The line of a connection that works may be full, so that an answer takes longer. In either case a target that died is known to
     * be dead before the next interval is over.
     */
    private Duration patience(PooledConnection connection) {
        Duration usual = core.config.validationTimeout();
        Duration interval = core.config.healthInterval();
        boolean atRest = core.ask((ledger, now) -> connection.isAtRest());
        Duration wanted = atRest ? usual : longer(usual, interval.dividedBy(2));
        return wanted.compareTo(interval) < 0 ? wanted : interval;
    }

    private static Duration longer(Duration a, Duration b) {
        return a.compareTo(b) < 0 ? b : a;
    }

    private void report(PooledConnection connection, boolean alive) {
        core.change((ledger, now) -> {
            if (alive) {
                ledger.answered(connection, now);
            } else {
                ledger.unanswered(connection, now);
            }
        });
    }
}
