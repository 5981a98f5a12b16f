package io.sshpool.impl.pool;

import io.sshpool.Command;
import io.sshpool.ExecResult;
import io.sshpool.SshException;
import io.sshpool.SshInterruptedException;
import io.sshpool.SshLease;
import java.time.Duration;
import java.util.SplittableRandom;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A thread that acquires, uses, gives back, gives up and is interrupted. */
final class StressCaller implements Runnable {

    private static final String[] KEYS = {"a", "a", "a", "b", "b", "c", "d", "e", "f", "u@spelled1", "u@spelled2"};
    private static final Command COMMAND = Command.shell("true");

    private final ConnectionPool pool;
    private final SplittableRandom random;
    private final long cycles;

    long granted;
    long failed;

    StressCaller(ConnectionPool pool, SplittableRandom random, long cycles) {
        this.pool = pool;
        this.random = random;
        this.cycles = cycles;
    }

    static boolean isServed(ConnectionPool pool, String key) {
        try (SshLease lease = pool.acquire(key, Duration.ofSeconds(2))) {
            return lease.execute(COMMAND).isSuccess();
        } catch (SshException e) {
            return false;
        }
    }

    @Override
    public void run() {
        while (granted < cycles) {
            try {
                act();
            } catch (SshInterruptedException e) {
                if (!Thread.interrupted()) {
                    throw new AssertionError("the interrupt flag was not set again", e);
                }
                failed++;
            } catch (SshException e) {
                failed++;
            }
            Thread.interrupted();
        }
    }

    private void act() {
        String key = KEYS[random.nextInt(KEYS.length)];
        switch (random.nextInt(64)) {
            case 0 -> interrupted(key);
            case 1, 2 -> acquireAsync(key);
            case 3 -> executeAsync(key);
            case 4, 5 -> request(key);
            case 6, 7, 8 -> execute(key);
            default -> acquire(key);
        }
    }

    private void acquire(String key) {
        Duration timeout = random.nextInt(4) == 0 ? Duration.ofNanos(random.nextInt(100_000)) : Duration.ofMillis(50);
        try (SshLease lease = pool.acquire(key, timeout)) {
            granted++;
            if (!lease.target().startsWith(key)) {
                throw new AssertionError("asked for " + key + ", got " + lease.target());
            }
        }
    }

    private void execute(String key) {
        try (SshLease lease = pool.acquire(key)) {
            granted++;
            lease.execute(COMMAND);
        }
    }

    private void interrupted(String key) {
        Thread.currentThread().interrupt();
        try (SshLease lease = pool.acquire(key)) {
            granted++;
            lease.execute(COMMAND);
        }
    }

    private void acquireAsync(String key) {
        CompletableFuture<SshLease> stage =
                pool.acquireAsync(key, Duration.ofMillis(random.nextInt(20))).toCompletableFuture();
        if (random.nextBoolean()) {
            stage.cancel(true);
        }
        SshLease lease = valueOf(stage);
        if (lease != null) {
            granted++;
            lease.close();
            lease.close();
        }
    }

    private void executeAsync(String key) {
        CompletableFuture<ExecResult> stage = pool.executeAsync(key, COMMAND).toCompletableFuture();
        if (random.nextBoolean()) {
            stage.cancel(true);
        }
        valueOf(stage);
    }

    private void request(String key) {
        try (SshLease request = pool.requestLease(key)) {
            CompletableFuture<ExecResult> first = request.executeAsync(COMMAND).toCompletableFuture();
            CompletableFuture<ExecResult> second = request.executeAsync(COMMAND).toCompletableFuture();
            if (random.nextBoolean()) {
                valueOf(first);
                valueOf(second);
                request.execute(COMMAND);
            }
        }
    }

    /** The value, or null where it failed as it may. Nobody is left waiting. */
    private <T> T valueOf(CompletableFuture<T> stage) {
        try {
            return stage.get(20, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            if (!(e.getCause() instanceof SshException)) {
                throw new AssertionError("not an exception of ours", e.getCause());
            }
            failed++;
            return null;
        } catch (CancellationException e) {
            return null;
        } catch (InterruptedException | TimeoutException e) {
            throw new AssertionError("stranded", e);
        }
    }
}
