package io.sshpool.impl.pool;

import io.sshpool.ChannelRefusedException;
import io.sshpool.Command;
import io.sshpool.CommandTimeoutException;
import io.sshpool.ConnectionLostException;
import io.sshpool.ExecResult;
import io.sshpool.Output;
import io.sshpool.OutputLimitException;
import io.sshpool.spi.Execution;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A command in a channel in memory. Understands {@code true}, {@code echo WORD}, {@code echo WORD >&2}, {@code exit N}, {@code sleep N},
 * {@code kill -9 $$}, several of them joined by a semicolon, and {@code hang}.
 */
final class FakeExecution implements Execution {

    private final FakeConnection connection;
    private final Command command;
    private final Queue<String> steps;
    private final Optional<Talk> talk;
    private final StringBuilder stdout = new StringBuilder();
    private final StringBuilder stderr = new StringBuilder();
    private final AtomicBoolean ended = new AtomicBoolean();
    private final CompletableFuture<Void> opened = new CompletableFuture<>();
    private final CompletableFuture<ExecResult> result = new CompletableFuture<>();
    private final CompletableFuture<Void> released = new CompletableFuture<>();

    private volatile Duration background = Duration.ZERO;

    /** Somebody who talks with the command. */
    interface Talk {

        void says(boolean error, String text);

        /** The command has ended, and left something behind that holds its output. */
        void exits(ExecResult value);

        /** Does one of the steps that are for talking; returns whether it is over. */
        boolean goesOn(String step);
    }

    FakeExecution(FakeConnection connection, Command command) {
        this(connection, command, Optional.empty());
    }

    FakeExecution(FakeConnection connection, Command command, Optional<Talk> talk) {
        this.talk = talk;
        this.connection = connection;
        this.command = command;
        result.whenComplete((value, failure) -> {
            if (failure != null) {
                opened.completeExceptionally(failure);
            }
        });
        steps = new ArrayDeque<>(List.of(command.text().split("; *|(?<=&) +(?!\\d)")));
    }

    @Override
    public CompletionStage<Void> opened() {
        return opened;
    }

    @Override
    public CompletionStage<ExecResult> result() {
        return result;
    }

    @Override
    public CompletionStage<Void> released() {
        return released;
    }

    @Override
    public void cancel(Throwable why) {
        giveUp(why);
    }

    /** The server has accepted the channel, and the command is sent. */
    void begin() {
        if (ended.get()) {
            return;
        }
        if (connection.server.remembers) {
            connection.server.commands.add(command.text());
            connection.server.environments.add(command.environment());
        }
        if (FakeServer.takeOne(connection.server.deathsAfterSending)) {
            connection.die();
            return;
        }
        opened.complete(null);
        command.timeout().ifPresent(timeout -> {
            ScheduledFuture<?> alarm = connection.factory.later(
                    timeout, () -> giveUp(new CommandTimeoutException(name(), timeout, output())));
            released.whenComplete((done, failure) -> alarm.cancel(false));
        });
        next();
    }

    private void next() {
        while (!ended.get()) {
            String step = steps.isEmpty() ? "exit 0" : steps.poll();
            String[] words = step.split(" ");
            switch (words[0]) {
                case "true" -> {}
                case "echo" -> echo(words);
                case "exit" -> {
                    exit(ExecResult.exited(name(), Integer.parseInt(words[1]), output(), Duration.ZERO));
                    return;
                }
                case "kill" -> die("KILL");
                case "sleep" -> {
                    if (step.endsWith("&")) {
                        background = Duration.ofSeconds(Long.parseLong(words[1]));
                        continue;
                    }
                    connection.factory.later(Duration.ofSeconds(Long.parseLong(words[1])), this::next);
                    return;
                }
                case "hang" -> {
                    return;
                }
                case "cat", "yes" -> {
                    if (talk.isPresent() && !talk.get().goesOn(step)) {
                        return;
                    }
                }
                default -> end(ExecResult.exited(name(), 127, output(), Duration.ZERO));
            }
        }
    }

    private void exit(ExecResult value) {
        if (background.isZero() || talk.isEmpty()) {
            end(value);
        } else {
            talk.get().exits(value);
            connection.factory.later(background, () -> end(value));
        }
    }

    /** Goes on with a step for talking. */
    void resume(String step) {
        if (!ended.get() && talk.orElseThrow().goesOn(step)) {
            next();
        }
    }

    void die(String signal) {
        end(ExecResult.signalled(name(), signal, output(), Duration.ZERO));
    }

    boolean isOver() {
        return ended.get();
    }

    void soon(Runnable event) {
        connection.factory.soon(event);
    }

    private void echo(String[] words) {
        boolean error = words[words.length - 1].equals(">&2");
        if (talk.isPresent()) {
            talk.get().says(error, words[1] + "\n");
            return;
        }
        StringBuilder stream = error ? stderr : stdout;
        stream.append(words[1]).append('\n');
        long limit = command.maxOutput().orElse(Long.MAX_VALUE);
        if (stdout.length() + stderr.length() > limit) {
            byte[] fits = Arrays.copyOf(bytes(stdout), (int) limit);
            giveUp(new OutputLimitException(name(), limit, Output.of(fits, new byte[0])));
        }
    }

    private void end(ExecResult value) {
        if (ended.compareAndSet(false, true)) {
            result.complete(value);
            release();
        }
    }

    private void giveUp(Throwable failure) {
        if (ended.compareAndSet(false, true)) {
            result.completeExceptionally(failure);
            if (!connection.server.channelsHang) {
                connection.factory.soon(this::release);
            }
        }
    }

    void refuse() {
        if (ended.compareAndSet(false, true)) {
            result.completeExceptionally(new ChannelRefusedException(
                    name(), ChannelRefusedException.Stage.OPEN, "the server opens no more sessions", null));
            release();
        }
    }

    void neverSent() {
        ended.set(true);
        result.completeExceptionally(ConnectionLostException.beforeSending(name(), "the connection is down", null));
        release();
    }

    /** The connection is down. */
    void lose() {
        if (ended.compareAndSet(false, true)) {
            result.completeExceptionally(
                    ConnectionLostException.afterSending(name(), "the connection died", output(), null));
        }
        release();
    }

    private void release() {
        connection.channelClosed(this);
        released.complete(null);
    }

    private Output output() {
        return Output.of(bytes(stdout), bytes(stderr));
    }

    private static byte[] bytes(StringBuilder text) {
        return text.toString().getBytes(StandardCharsets.UTF_8);
    }

    private String name() {
        return connection.target.name();
    }
}
