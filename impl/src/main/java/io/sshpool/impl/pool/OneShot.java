package io.sshpool.impl.pool;

import io.sshpool.Command;
import io.sshpool.ExecResult;
import io.sshpool.spi.PoolListener;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Acquires, runs one command and releases, without holding a thread. */
final class OneShot {

    private OneShot() {}

    static CompletionStage<ExecResult> start(
            Core core, ConnectionPool.Acquiring acquiring, Command command, PoolListener.Execute observer) {
        CompletableFuture<ExecResult> result = new CompletableFuture<>();
        acquiring.lease().whenComplete((lease, failure) -> {
            if (failure != null) {
                observer.failed(failure);
                result.completeExceptionally(failure);
            } else {
                run(lease, command, observer, result);
            }
        });
        return Waits.publish(
                result,
                core.threads.workers(),
                () -> {
                    result.cancel(false);
                    acquiring.giveUp().run();
                },
                unwanted -> {});
    }

    private static void run(
            Lease lease, Command command, PoolListener.Execute observer, CompletableFuture<ExecResult> result) {
        if (result.isDone()) {
            observer.failed(new CancellationException("cancelled by the caller"));
            lease.close("given up");
            return;
        }
        Operation<ExecResult, ?> operation;
        try {
            operation = Commands.execute(lease, command, observer, null);
        } catch (RuntimeException | Error broken) {
            observer.failed(broken);
            lease.close("the command could not be started");
            result.completeExceptionally(broken);
            return;
        }
        operation.result.whenComplete((value, failure) -> {
            lease.close("the command is over");
            if (failure == null) {
                result.complete(value);
            } else {
                result.completeExceptionally(failure);
            }
        });
        result.whenComplete((value, failure) -> {
            if (result.isCancelled()) {
                operation.giveUp(new CancellationException("cancelled by the caller"));
            }
        });
    }
}
