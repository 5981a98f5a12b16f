package io.sshpool.impl.mina;

import io.sshpool.impl.mina.sftp.Dialogue;
import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * Gives up an SFTP server that owes an answer and has said nothing for too long. No heartbeat finds one that hangs, on a dead network
 * file system for instance: sshd answers that.
 */
final class Patience {

    private final long limit;
    private final Dialogue dialogue;
    private final ScheduledExecutorService timer;
    private final Runnable giveUp;

    private volatile Future<?> next;
    private volatile boolean over;

    private Patience(Duration limit, Dialogue dialogue, ScheduledExecutorService timer, Runnable giveUp) {
        this.limit = limit.toNanos();
        this.dialogue = dialogue;
        this.timer = timer;
        this.giveUp = giveUp;
    }

    /** Watches from now on, until it is {@link #end ended} or has run out. */
    static Patience of(Duration limit, Dialogue dialogue, ScheduledExecutorService timer, Runnable giveUp) {
        Patience patience = new Patience(limit, dialogue, timer, giveUp);
        patience.lookIn(patience.limit);
        return patience;
    }

    void end() {
        over = true;
        Future<?> due = next;
        if (due != null) {
            due.cancel(false);
        }
    }

    private void look() {
        long left = limit - dialogue.silence();
        if (left <= 0) {
            giveUp.run();
        } else if (!over) {
            lookIn(left);
        }
    }

    private void lookIn(long nanos) {
        try {
            next = timer.schedule(this::look, nanos, TimeUnit.NANOSECONDS);
        } catch (RejectedExecutionException e) {
            // The pool is closing, and with it this channel.
        }
    }
}
