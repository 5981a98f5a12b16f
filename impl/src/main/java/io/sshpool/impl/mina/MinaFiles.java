package io.sshpool.impl.mina;

import io.sshpool.ChannelRefusedException;
import io.sshpool.ConnectionLostException;
import io.sshpool.FileTransferException;
import io.sshpool.FileTransferException.Reason;
import io.sshpool.FileTransferException.Side;
import io.sshpool.Output;
import io.sshpool.RemoteFiles;
import io.sshpool.SshException;
import io.sshpool.impl.mina.sftp.Dialogue;
import io.sshpool.spi.FilesChannel;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.apache.sshd.common.session.ConnectionService;

/** SFTP in a channel of a MINA session. */
final class MinaFiles implements FilesChannel, MinaConnection.Use {

    /** What a server gets for the answers to what was asked, before the channel is closed all the same. */
    private static final Duration GRACE = Duration.ofSeconds(1);

    private final MinaConnection connection;
    private final String target;
    private final SftpChannel channel;
    private final ChannelEnd channelEnd;
    private final Dialogue dialogue;
    private final CompletableFuture<Void> opened = new CompletableFuture<>();
    private final CompletableFuture<Void> result = new CompletableFuture<>();
    private final CompletableFuture<Void> released = new CompletableFuture<>();

    private volatile Throwable notSent;

    MinaFiles(MinaConnection connection) {
        this.connection = connection;
        MinaConnection.Setting setting = connection.setting();
        target = setting.target().name();
        channel = new SftpChannel(target, setting.threads().clock());
        channelEnd = new ChannelEnd(connection, channel);
        dialogue = channel.dialogue();
        dialogue.opened().whenComplete((hello, failure) -> {
            if (failure == null) {
                connection.session().settle();
                opened.complete(null);
            } else if (!(failure instanceof ConnectionLostException)) {
                result.completeExceptionally(failure);
            }
        });
        result.whenComplete((done, failure) -> opened.completeExceptionally(failure == null ? lost() : failure));
        released.thenRun(() -> connection.forget(this));
    }

    @Override
    public void start() {
        try {
            connection.session().getService(ConnectionService.class).registerChannel(channel);
            channel.addCloseFutureListener(future -> ended());
            channel.open();
            giveUpUnlessOpened();
            giveUpWhenSilent();
        } catch (IOException | RuntimeException e) {
            notSent = e;
            channel.close(true);
            ended();
        }
    }

    /** A program that is no SFTP server says nothing, and no heartbeat finds that. */
    private void giveUpUnlessOpened() {
        MinaConnection.Setting setting = connection.setting();
        Duration patience = setting.target()
                .limits()
                .connectTimeout()
                .orElse(setting.config().connectTimeout());
        Runnable alarm = later(
                patience,
                () -> cancel(channelEnd.refused(
                        ChannelRefusedException.Stage.REQUEST,
                        "SFTP",
                        "it did not say hello within " + patience.toMillis() + " ms (connect-timeout)")));
        opened.whenComplete((done, failure) -> alarm.run());
    }

    private void giveUpWhenSilent() {
        MinaConnection.Setting setting = connection.setting();
        setting.target()
                .limits()
                .commandTimeout()
                .or(setting.config()::commandTimeout)
                .ifPresent(limit -> {
                    Patience patience = Patience.of(
                            limit,
                            dialogue,
                            setting.threads().timer(),
                            () -> giveUp(silence(limit), () -> silence(limit)));
                    released.whenComplete((done, failure) -> patience.end());
                });
    }

    private SshException silence(Duration limit) {
        String message = "the SFTP server of " + target + " has not answered for " + limit.toMillis()
                + " ms (command-timeout); does a disk or network file system hang there? How far it came is unknown, a temporary file .*.part may be left";
        return new FileTransferException(target, Side.REMOTE, "", Reason.TIMEOUT, message, null);
    }

    @Override
    public RemoteFiles files() {
        return dialogue.files();
    }

    @Override
    public boolean isOpen() {
        return channel.isOpen() && connection.isOpen();
    }

    @Override
    public CompletionStage<Void> opened() {
        return opened;
    }

    @Override
    public CompletionStage<Void> result() {
        return result;
    }

    @Override
    public CompletionStage<Void> released() {
        return released;
    }

    @Override
    public void finish() {
        dialogue.finish();
        insist();
    }

    @Override
    public void cancel(Throwable why) {
        giveUp(why, () -> why instanceof SshException ours ? ours : lost());
    }

    private void giveUp(Throwable why, Supplier<SshException> forEach) {
        if (result.completeExceptionally(why)) {
            dialogue.giveUp(forEach);
            insist();
        }
    }

    private void insist() {
        Runnable alarm = later(GRACE, channel::finish);
        released.whenComplete((done, failure) -> alarm.run());
    }

    /** Runs a short task after a delay, or now where the pool is closing. Returns what keeps it from running. */
    private Runnable later(Duration delay, Runnable task) {
        try {
            Future<?> due =
                    connection.setting().threads().timer().schedule(task, delay.toNanos(), TimeUnit.NANOSECONDS);
            return () -> due.cancel(false);
        } catch (RejectedExecutionException e) {
            task.run();
            return () -> {};
        }
    }

    /** The channel is closed here: because the server closed it, refused it, or is gone. */
    private void ended() {
        // first, so that who hears of the result finds the slot free
        channelEnd.release(released);
        conclude();
    }

    private void conclude() {
        Optional<SshException> notBegun = channelEnd.notBegun(
                notSent,
                "SFTP",
                "it has no such subsystem, or not for this user; see Subsystem in sshd_config",
                "the connection to " + target + " was lost before SFTP began; nothing was done");
        if (notBegun.isPresent()) {
            result.completeExceptionally(notBegun.get());
        } else if (opened.isDone()) {
            result.complete(null);
        } else {
            result.completeExceptionally(lost());
        }
        dialogue.ended(this::lost);
    }

    @Override
    public void connectionDown() {
        conclude();
        released.complete(null);
    }

    private ConnectionLostException lost() {
        return ConnectionLostException.afterSending(
                target,
                "the connection to " + target
                        + ", or the SFTP server behind it, was lost in the midst of files; how far it came is unknown, a temporary file .*.part may be left",
                Output.EMPTY,
                null);
    }
}
