package io.sshpool.impl.mina;

import org.apache.sshd.common.forward.DefaultForwarder;
import org.apache.sshd.common.session.ConnectionService;
import org.apache.sshd.common.util.net.SshdSocketAddress;

/**
 * A session's forwarder whose look-up of a port that is known waits for nobody. MINA's takes the lock under which it waits for the
 * server's answer to the next tunnel: a connection to the first one that arrives before that answer would keep the I/O thread from
 * reading it.
 */
final class RemoteForwarder extends DefaultForwarder {

    RemoteForwarder(ConnectionService service) {
        super(service);
    }

    @Override
    public SshdSocketAddress getForwardedPort(int port) {
        SshdSocketAddress known = port > 0 ? getBoundRemotePortForward(port) : null;
        return known == null ? super.getForwardedPort(port) : known;
    }
}
