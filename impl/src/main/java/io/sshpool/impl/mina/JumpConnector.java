package io.sshpool.impl.mina;

import java.net.SocketAddress;
import java.util.Map;
import org.apache.sshd.common.AttributeRepository;
import org.apache.sshd.common.future.CloseFuture;
import org.apache.sshd.common.future.SshFutureListener;
import org.apache.sshd.common.io.IoConnectFuture;
import org.apache.sshd.common.io.IoConnector;
import org.apache.sshd.common.io.IoHandler;
import org.apache.sshd.common.io.IoServiceEventListener;
import org.apache.sshd.common.io.IoSession;

/** Connects by MINA's own connector, but for a handshake that goes through a jump host. */
final class JumpConnector implements IoConnector {

    private final IoConnector direct;
    private final IoHandler handler;

    JumpConnector(IoConnector direct, IoHandler handler) {
        this.direct = direct;
        this.handler = handler;
    }

    @Override
    public IoConnectFuture connect(SocketAddress address, AttributeRepository context, SocketAddress local) {
        // A connection for a tunnel belongs to no handshake.
        Handshake handshake = context == null ? null : context.getAttribute(Handshake.KEY);
        if (handshake == null || handshake.through().isEmpty()) {
            return direct.connect(address, context, local);
        }
        PooledSession jump = handshake.through().get().session();
        return JumpChannel.open(jump, handshake.address(), context, handler, this);
    }

    @Override
    public Map<Long, IoSession> getManagedSessions() {
        return direct.getManagedSessions();
    }

    @Override
    public IoServiceEventListener getIoServiceEventListener() {
        return direct.getIoServiceEventListener();
    }

    @Override
    public void setIoServiceEventListener(IoServiceEventListener listener) {
        direct.setIoServiceEventListener(listener);
    }

    @Override
    public CloseFuture close(boolean immediately) {
        return direct.close(immediately);
    }

    @Override
    public void addCloseFutureListener(SshFutureListener<CloseFuture> listener) {
        direct.addCloseFutureListener(listener);
    }

    @Override
    public void removeCloseFutureListener(SshFutureListener<CloseFuture> listener) {
        direct.removeCloseFutureListener(listener);
    }

    @Override
    public boolean isClosed() {
        return direct.isClosed();
    }

    @Override
    public boolean isClosing() {
        return direct.isClosing();
    }
}
