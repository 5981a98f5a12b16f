package io.sshpool.impl.pool;

import io.sshpool.Command;
import io.sshpool.ExecResult;
import io.sshpool.spi.ProcessChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * A command in memory that is talked with. Besides what {@link FakeExecution} understands, {@code cat} gives its input back, and
 * {@code yes} writes for ever, as far as the window goes. Signals end it.
 */
final class FakeProcess implements ProcessChannel, FakeExecution.Talk {

    private static final byte[] YES = "y\n".repeat(1024).getBytes(StandardCharsets.US_ASCII);
    private static final int WINDOW = 64 * 1024;

    private final FakeExecution execution;
    private final Receiver receiver;
    private final CompletableFuture<ExecResult> exit = new CompletableFuture<>();
    private final Object lock = new Object();

    // Guarded by the lock.
    private final Queue<Written> input = new ArrayDeque<>();
    private boolean inputEnded;
    private int window = WINDOW;
    private Optional<String> talking = Optional.empty();

    private record Written(byte[] bytes, CompletableFuture<Void> taken) {}

    FakeProcess(FakeConnection connection, Command command, Receiver receiver) {
        this.receiver = receiver;
        inputEnded = command.stdin().isPresent();
        execution = new FakeExecution(connection, command, Optional.of(this));
        execution.result().whenComplete((value, failure) -> {
            if (failure == null) {
                receiver.ended();
                exit.complete(value);
            } else {
                exit.completeExceptionally(failure);
            }
        });
    }

    FakeExecution execution() {
        return execution;
    }

    // ---- the command's side

    @Override
    public void says(boolean error, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        receiver.received(error, bytes, 0, bytes.length);
    }

    @Override
    public void exits(ExecResult value) {
        exit.complete(value);
    }

    @Override
    public boolean goesOn(String step) {
        synchronized (lock) {
            talking = Optional.of(step);
            boolean over = step.equals("cat") ? copy() : flood();
            if (over) {
                talking = Optional.empty();
            }
            return over;
        }
    }

    private boolean copy() {
        for (Written next = input.poll(); next != null; next = input.poll()) {
            receiver.received(false, next.bytes, 0, next.bytes.length);
            next.taken.complete(null);
        }
        return inputEnded;
    }

    private boolean flood() {
        while (window >= YES.length && !execution.isOver()) {
            window -= YES.length;
            receiver.received(false, YES, 0, YES.length);
        }
        return false;
    }

    private void wake() {
        Optional<String> step;
        synchronized (lock) {
            step = talking;
        }
        step.ifPresent(again -> execution.soon(() -> execution.resume(again)));
    }

    // ---- the client's side

    @Override
    public CompletionStage<Void> opened() {
        return execution.opened();
    }

    @Override
    public CompletionStage<ExecResult> result() {
        return execution.result();
    }

    @Override
    public CompletionStage<ExecResult> exit() {
        return exit;
    }

    @Override
    public CompletionStage<Void> released() {
        return execution.released();
    }

    @Override
    public void cancel(Throwable why) {
        execution.cancel(why);
    }

    @Override
    public void consumed(int bytes) {
        synchronized (lock) {
            window += bytes;
        }
        wake();
    }

    @Override
    public CompletionStage<Void> write(byte[] bytes) {
        CompletableFuture<Void> taken = new CompletableFuture<>();
        synchronized (lock) {
            input.add(new Written(bytes, taken));
        }
        wake();
        return taken;
    }

    @Override
    public void endInput() {
        synchronized (lock) {
            inputEnded = true;
        }
        wake();
    }

    @Override
    public void signal(String name) {
        execution.soon(() -> execution.die(name));
    }

    @Override
    public void resize(int columns, int rows) {
        // No terminal.
    }
}
