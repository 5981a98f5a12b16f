package io.sshpool.impl.mina;

import java.util.function.IntSupplier;
import org.apache.sshd.client.future.DefaultOpenFuture;
import org.apache.sshd.client.future.OpenFuture;
import org.apache.sshd.common.SshConstants;
import org.apache.sshd.common.channel.Channel;
import org.apache.sshd.common.channel.ChannelFactory;
import org.apache.sshd.common.channel.exception.SshChannelOpenException;
import org.apache.sshd.common.session.ConnectionService;
import org.apache.sshd.common.session.Session;
import org.apache.sshd.common.session.helpers.AbstractConnectionService;
import org.apache.sshd.common.util.buffer.Buffer;
import org.apache.sshd.server.channel.ChannelSession;

/** Session channels, at most so many of one connection, refused as sshd refuses beyond MaxSessions. */
record LimitedChannels(IntSupplier most) implements ChannelFactory {

    @Override
    public String getName() {
        return "session";
    }

    @Override
    public Channel createChannel(Session session) {
        return new ChannelSession() {
            @Override
            public OpenFuture open(long recipient, long window, long packet, Buffer buffer) {
                AbstractConnectionService service =
                        (AbstractConnectionService) session.getService(ConnectionService.class);
                long open = service.getChannels().stream()
                        .filter(channel -> !channel.isClosing())
                        .count();
                if (open <= most.getAsInt()) {
                    return super.open(recipient, window, packet, buffer);
                }
                OpenFuture refused = new DefaultOpenFuture(this, null);
                refused.setException(new SshChannelOpenException(
                        getChannelId(), SshConstants.SSH_OPEN_CONNECT_FAILED, "open failed"));
                close(true);
                return refused;
            }
        };
    }
}
