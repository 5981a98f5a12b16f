package io.sshpool.impl.mina;

import io.sshpool.ChannelRefusedException;
import io.sshpool.ConnectionLostException;
import io.sshpool.SshException;
import io.sshpool.impl.pool.Text;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.apache.sshd.common.channel.exception.SshChannelOpenException;

/**
 * How a channel ends, whatever it was for.
 *
 * @param connection the connection that carries it
 * @param channel the channel
 */
record ChannelEnd(MinaConnection connection, SessionChannel channel) {

    private static final int LONGEST_TEXT = 200;

    /** Says that the slot is free, as soon as the server would take another channel. Called when the channel is closed here. */
    void release(CompletableFuture<Void> released) {
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

    /**
     * Why what the channel was for did not begin.
     *
     * @param notSent what kept us from opening the channel, or null
     * @param what was refused
     * @param why a server refuses it
     * @param lost what is said when the connection was lost before it was asked for
     * @return empty when it was asked for, and not refused
     */
    Optional<SshException> notBegun(Throwable notSent, String what, String why, String lost) {
        // Not from a listener of the opening: the answer may come, and close the channel, before it is there.
        Throwable notOpened = notSent == null ? channel.openFailure() : notSent;
        if (notOpened instanceof SshChannelOpenException e) {
            connection.refused();
            return Optional.of(refused(ChannelRefusedException.Stage.OPEN, "another channel", reason(e)));
        }
        if (channel.isRefused()) {
            return Optional.of(refused(ChannelRefusedException.Stage.REQUEST, what, why));
        }
        return channel.isSent()
                ? Optional.empty()
                : Optional.of(ConnectionLostException.beforeSending(target(), lost, notOpened));
    }

    ChannelRefusedException refused(ChannelRefusedException.Stage stage, String what, String why) {
        return new ChannelRefusedException(
                target(), stage, "the server " + target() + " refused " + what + ": " + why, null);
    }

    private static String reason(SshChannelOpenException e) {
        return Text.printable(String.valueOf(e.getMessage()), LONGEST_TEXT) + " (reason " + e.getReasonCode()
                + "); sshd does so beyond MaxSessions";
    }

    private String target() {
        return connection.setting().target().name();
    }
}
