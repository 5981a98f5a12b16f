package io.sshpool.impl.pool;

import io.sshpool.HealthReport;
import io.sshpool.spi.PoolListener;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** Probes all open connections at once and retires those that do not answer. */
final class HealthCheck {

    private final Core core;

    HealthCheck(Core core) {
        this.core = core;
    }

    HealthReport run(Duration timeout) {
        PoolListener.HealthCheck observer = core.listener.checkingHealth();
        List<PooledConnection> open = core.ask((ledger, now) ->
                ledger.connections().stream().filter(PooledConnection::isUsable).toList());
        Map<PooledConnection, CompletableFuture<Boolean>> answers = new LinkedHashMap<>();
        open.forEach(connection -> answers.put(connection, core.probe(connection, timeout)));
        CompletableFuture<Void> all = CompletableFuture.allOf(answers.values().toArray(CompletableFuture<?>[]::new));
        // an interrupted check ends with what has been answered by then
        Waits.await(all, "the pool", "checking the health of", () -> conclude(answers, observer));
        return conclude(answers, observer);
    }

    private HealthReport conclude(
            Map<PooledConnection, CompletableFuture<Boolean>> answers, PoolListener.HealthCheck observer) {
        answers.values().removeIf(answer -> !answer.isDone());
        HealthReport report = core.ask((ledger, now) -> conclude(ledger, answers, now));
        observer.completed(report);
        return report;
    }

    private static HealthReport conclude(
            Ledger ledger, Map<PooledConnection, CompletableFuture<Boolean>> answers, long now) {
        int healthy = 0;
        int idle = 0;
        int failed = 0;
        for (Map.Entry<PooledConnection, CompletableFuture<Boolean>> answer : answers.entrySet()) {
            PooledConnection connection = answer.getKey();
            if (answer.getValue().join()) {
                ledger.answered(connection, now);
                healthy++;
                idle += Census.isIdle(connection) ? 1 : 0;
            } else {
                failed += connection.isUsable() ? 1 : 0;
                ledger.unanswered(connection, now);
            }
        }
        return Census.report(healthy, failed, idle, ledger);
    }
}
