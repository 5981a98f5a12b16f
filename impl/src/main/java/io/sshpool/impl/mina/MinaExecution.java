package io.sshpool.impl.mina;

import io.sshpool.Command;
import io.sshpool.CommandTimeoutException;
import io.sshpool.ConnectionLostException;
import io.sshpool.ExecResult;
import io.sshpool.Output;
import io.sshpool.OutputLimitException;
import io.sshpool.SshException;
import io.sshpool.SudoException;
import io.sshpool.impl.pool.Text;
import io.sshpool.spi.Execution;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.apache.sshd.client.future.OpenFuture;
import org.apache.sshd.common.io.IoOutputStream;
import org.apache.sshd.common.session.ConnectionService;

/**
 * A command in a channel of a MINA session, whose output goes to an {@link Outlet}. The result comes with the end of the channel, when all output is here; the slot is
 * free when the server has closed the channel too, or never, when it does not.
 */
final class MinaExecution implements Execution, MinaConnection.Use {

    /** What a command gets between TERM and KILL. The server's slot is free no sooner than the command ends. */
    private static final Duration GRACE = Duration.ofMillis(250);

    private final MinaConnection connection;
    private final Command command;
    private final String target;
    private final long limit;
    private final Outlet outlet;
    private final ExecChannel channel;
    private final ChannelEnd channelEnd;
    private final StandardInput input;
    private final CompletableFuture<Void> opened = new CompletableFuture<>();
    private final CompletableFuture<ExecResult> result = new CompletableFuture<>();
    private final CompletableFuture<Void> released = new CompletableFuture<>();

    private volatile long started;
    private volatile Throwable notSent;
    private volatile boolean over;

    /** What becomes of the output. Called on I/O threads: neither blocks nor throws. */
    interface Outlet {

        /** Whether there is room for more. */
        enum Room {
            /** As much as before. */
            YES,
            /** When somebody says so. */
            LATER,
            /** Never again: it was too much. */
            NONE
        }

        Room add(boolean error, byte[] data, int start, int length);

        /** No more comes. */
        void ended();

        /** The server has said how the command ended. */
        void exited();

        /** What was kept of it. */
        Output output();

        /** The end of the errors, {@link SudoPassword#MARK_LENGTH} bytes at least if there were as many. */
        String endOfErrors();
    }

    private final class Hearing implements ExecChannel.Listener {

        @Override
        public void accepted() {
            opened.complete(null);
        }

        @Override
        public boolean written(boolean error, byte[] data, int start, int length) {
            if (result.isDone()) {
                return false;
            }
            Outlet.Room room = outlet.add(error, data, start, length);
            if (room == Outlet.Room.NONE) {
                giveUp(new OutputLimitException(target, limit, outlet.output()));
            }
            return room == Outlet.Room.YES;
        }

        @Override
        public void ended() {
            outlet.ended();
        }

        @Override
        public void exited() {
            outlet.exited();
        }
    }

    /** A command whose output is kept, up to its limit, and whose input ends by itself. */
    static MinaExecution keeping(MinaConnection connection, Command command) {
        long limit = command.maxOutput().orElse(connection.setting().config().maxOutput());
        return new MinaExecution(connection, command, new Capture(limit), limit, MinaExecution::endOf);
    }

    MinaExecution(
            MinaConnection connection,
            Command command,
            Outlet outlet,
            long limit,
            Consumer<IoOutputStream> afterInput) {
        this.connection = connection;
        this.command = command;
        this.outlet = outlet;
        this.limit = limit;
        target = connection.setting().target().name();
        CommandLine line = CommandLine.of(command);
        channel = new ExecChannel(line.text(), command.pty(), new Hearing());
        channelEnd = new ChannelEnd(connection, channel);
        input = new StandardInput(line.ahead(), command.stdin(), this::inputFailed, afterInput);
        result.whenComplete((done, failure) -> {
            input.stop();
            if (failure == null) {
                // no answer to the request was needed
                opened.complete(null);
            } else {
                opened.completeExceptionally(failure);
            }
        });
        released.thenRun(() -> connection.forget(this));
    }

    static void endOf(IoOutputStream input) {
        input.close(false);
    }

    @Override
    public void start() {
        started = now();
        try {
            connection.session().getService(ConnectionService.class).registerChannel(channel);
            channel.addCloseFutureListener(future -> ended());
            OpenFuture opening = channel.open();
            opening.addListener(this::opened);
            bound();
        } catch (IOException | RuntimeException e) {
            notSent = e;
            channel.close(true);
            ended();
        }
    }

    private void bound() {
        if (command.timeout().isEmpty()) {
            return;
        }
        Duration timeout = command.timeout().get();
        try {
            Future<?> alarm =
                    after(timeout, () -> giveUp(new CommandTimeoutException(target, timeout, outlet.output())));
            result.whenComplete((done, failure) -> alarm.cancel(false));
        } catch (RejectedExecutionException e) {
            // The pool is closing, which ends the command soon.
        }
    }

    private void opened(OpenFuture future) {
        if (future.isOpened()) {
            input.feed(channel.input());
        }
    }

    private void inputFailed(IOException cause) {
        giveUp(ConnectionLostException.afterSending(
                target,
                "the standard input for a command on " + target
                        + " could not be read to its end; the command was told to end, its outcome is unknown",
                outlet.output(),
                cause));
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

    private void giveUp(Throwable why) {
        if (over || !result.completeExceptionally(why)) {
            return;
        }
        if (!channel.isSent() || end().isPresent()) {
            // what may be left of it, in the background, gets no signal of ours
            channel.finish();
            return;
        }
        channel.signal("TERM");
        try {
            Future<?> escalation = after(GRACE, this::insist);
            released.whenComplete((done, failure) -> escalation.cancel(false));
        } catch (RejectedExecutionException e) {
            insist();
        }
    }

    // In this order: nothing can be said in a channel after its CLOSE.
    private void insist() {
        channel.signal("KILL");
        channel.finish();
    }

    /** The channel is closed here: because the server closed it, refused it, or is gone. */
    private void ended() {
        // from here on the command has ended by itself: whoever sees the slot free cannot give it up any more
        over = true;
        // first, so that who hears of the result finds the slot free
        channelEnd.release(released);
        if (!result.isDone()) {
            conclude();
        }
    }

    private void conclude() {
        boolean complete = channel.isClosedByPeer();
        Optional<ExecResult> ended = end();
        Optional<SshException> notBegun = channelEnd.notBegun(
                notSent,
                "the command",
                "this user may run no commands there",
                "the connection to " + target + " was lost before the command was sent; it did not run");
        if (notBegun.isPresent()) {
            result.completeExceptionally(notBegun.get());
        } else if (complete && ended.isPresent()) {
            conclude(ended.get());
        } else {
            String seen = complete
                    ? "the server closed the channel without saying how the command on " + target + " ended"
                    : "the connection to " + target + " was lost while a command ran";
            result.completeExceptionally(ConnectionLostException.afterSending(
                    target, seen + "; its outcome is unknown", outlet.output(), null));
        }
    }

    /** How the command ended, if the server has said so. */
    Optional<ExecResult> end() {
        String signal = channel.getExitSignal();
        Integer exitCode = channel.getExitStatus();
        if (signal != null) {
            String name = Text.printable(signal, 32);
            return Optional.of(ExecResult.signalled(target, name, outlet.output(), duration()));
        }
        return exitCode == null
                ? Optional.empty()
                : Optional.of(ExecResult.exited(target, exitCode, outlet.output(), duration()));
    }

    /** The channel, for whoever talks with the command. */
    ExecChannel channel() {
        return channel;
    }

    private void conclude(ExecResult ended) {
        if (command.runAs().isPresent()
                && SudoPassword.mayBeRejected(ended)
                && SudoPassword.isRejected(outlet.endOfErrors())) {
            result.completeExceptionally(new SudoException(target));
        } else {
            result.complete(ended);
        }
    }

    @Override
    public void connectionDown() {
        if (!result.isDone()) {
            conclude();
        }
        released.complete(null);
    }

    private Future<?> after(Duration delay, Runnable task) {
        return connection
                .setting()
                .threads()
                .timer()
                .schedule(task, TimeUnit.NANOSECONDS.convert(delay), TimeUnit.NANOSECONDS);
    }

    private Duration duration() {
        return Duration.ofNanos(now() - started);
    }

    private long now() {
        return connection.setting().threads().clock().getAsLong();
    }
}
