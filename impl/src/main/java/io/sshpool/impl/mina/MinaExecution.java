package io.sshpool.impl.mina;

import io.sshpool.ChannelRefusedException;
import io.sshpool.Command;
import io.sshpool.CommandTimeoutException;
import io.sshpool.ConnectionLostException;
import io.sshpool.ExecResult;
import io.sshpool.OutputLimitException;
import io.sshpool.impl.pool.Text;
import io.sshpool.spi.Execution;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.sshd.client.future.OpenFuture;
import org.apache.sshd.common.channel.exception.SshChannelOpenException;
import org.apache.sshd.common.session.ConnectionService;

/**
 * A command in a channel of a MINA session. The result comes with the end of the channel, when all output is here; the slot is
 * free when the server has closed the channel too, or never, when it does not.
 */
final class MinaExecution implements Execution {

    /** What a command gets between TERM and KILL. The server's slot is free no sooner than the command ends. */
    private static final Duration GRACE = Duration.ofMillis(250);

    private static final int LONGEST_TEXT = 200;

    private final MinaConnection connection;
    private final Command command;
    private final String target;
    private final long limit;
    private final Capture capture;
    private final ExecChannel channel;
    private final StandardInput input;
    private final CompletableFuture<Void> opened = new CompletableFuture<>();
    private final CompletableFuture<ExecResult> result = new CompletableFuture<>();
    private final CompletableFuture<Void> released = new CompletableFuture<>();

    private volatile long started;
    private volatile Throwable notSent;
    private volatile boolean over;

    MinaExecution(MinaConnection connection, Command command) {
        this.connection = connection;
        this.command = command;
        target = connection.setting().target().name();
        limit = command.maxOutput().orElse(connection.setting().config().maxOutput());
        capture = new Capture(limit);
        CommandLine line = CommandLine.of(command);
        channel = new ExecChannel(line.text(), this::written, () -> opened.complete(null));
        input = new StandardInput(line.ahead(), command.stdin(), this::inputFailed);
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

    /** Opens the channel. Never blocks, never throws. */
    void start() {
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
                    after(timeout, () -> giveUp(new CommandTimeoutException(target, timeout, capture.output())));
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

    private boolean written(boolean error, byte[] data, int start, int length) {
        if (result.isDone()) {
            return false;
        }
        boolean fits = capture.add(error, data, start, length);
        if (!fits) {
            giveUp(new OutputLimitException(target, limit, capture.output()));
        }
        return fits;
    }

    private void inputFailed(IOException cause) {
        giveUp(ConnectionLostException.afterSending(
                target,
                "the standard input for a command on " + target
                        + " could not be read to its end; the command was told to end, its outcome is unknown",
                capture.output(),
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
        if (!channel.isSent()) {
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
        release();
        if (!result.isDone()) {
            conclude();
        }
    }

    private void release() {
        if (!connection.session().isOpen()) {
            // Released when all of the session is down.
            return;
        }
        if (!channel.isSent() && !channel.isClosedByPeer()) {
            released.complete(null);
        } else if (channel.isClosedByPeer()) {
            connection.freed().whenComplete((answered, failure) -> {
                // Without an answer the session is dying, which releases.
                if (failure == null) {
                    released.complete(null);
                }
            });
        }
    }

    private void conclude() {
        boolean complete = channel.isClosedByPeer();
        String signal = channel.getExitSignal();
        Integer exitCode = channel.getExitStatus();
        // Not from a listener of the opening: the answer may come, and close the channel, before it is there.
        Throwable notOpened = notSent == null ? channel.openFailure() : notSent;
        if (notOpened instanceof SshChannelOpenException e) {
            connection.refused();
            result.completeExceptionally(refused(ChannelRefusedException.Stage.OPEN, "another channel", reason(e)));
        } else if (channel.isRefused()) {
            result.completeExceptionally(refused(
                    ChannelRefusedException.Stage.REQUEST, "the command", "this user may run no commands there"));
        } else if (!channel.isSent()) {
            result.completeExceptionally(ConnectionLostException.beforeSending(
                    target,
                    "the connection to " + target + " was lost before the command was sent; it did not run",
                    notOpened));
        } else if (complete && signal != null) {
            result.complete(ExecResult.signalled(target, Text.printable(signal, 32), capture.output(), duration()));
        } else if (complete && exitCode != null) {
            result.complete(ExecResult.exited(target, exitCode, capture.output(), duration()));
        } else {
            String seen = complete
                    ? "the server closed the channel without saying how the command on " + target + " ended"
                    : "the connection to " + target + " was lost while a command ran";
            result.completeExceptionally(ConnectionLostException.afterSending(
                    target, seen + "; its outcome is unknown", capture.output(), null));
        }
    }

    /** The session is down; so is the channel, whatever became of it. */
    void connectionDown() {
        if (!result.isDone()) {
            conclude();
        }
        released.complete(null);
    }

    private ChannelRefusedException refused(ChannelRefusedException.Stage stage, String what, String reason) {
        return new ChannelRefusedException(
                target, stage, "the server " + target + " refused " + what + ": " + reason, null);
    }

    private static String reason(SshChannelOpenException e) {
        return Text.printable(String.valueOf(e.getMessage()), LONGEST_TEXT) + " (reason " + e.getReasonCode()
                + "); sshd does so beyond MaxSessions";
    }

    private Future<?> after(Duration delay, Runnable task) {
        return connection.setting().threads().timer().schedule(task, delay.toNanos(), TimeUnit.NANOSECONDS);
    }

    private Duration duration() {
        return Duration.ofNanos(now() - started);
    }

    private long now() {
        return connection.setting().threads().clock().getAsLong();
    }
}
