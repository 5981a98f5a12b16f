package io.sshpool.impl.mina;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.sshd.common.AttributeRepository;
import org.apache.sshd.common.channel.BufferedIoOutputStream;
import org.apache.sshd.common.channel.ChannelAsyncOutputStream;
import org.apache.sshd.common.future.CloseFuture;
import org.apache.sshd.common.io.IoHandler;
import org.apache.sshd.common.io.IoService;
import org.apache.sshd.common.io.IoSession;
import org.apache.sshd.common.io.IoWriteFuture;
import org.apache.sshd.common.util.Readable;
import org.apache.sshd.common.util.buffer.Buffer;
import org.apache.sshd.common.util.buffer.ByteArrayBuffer;
import org.apache.sshd.common.util.closeable.AbstractCloseable;

/**
 * What a session over a jump host has in the place of a socket: a channel of the session to the jump host. No port is opened on this
 * machine. What is not yet sent is bounded by the windows of the channels of the session above.
 */
final class JumpSocket extends AbstractCloseable implements IoSession {

    private static final Duration NO_BOUND_IS_REACHED = Duration.ofSeconds(1);

    private final JumpChannel channel;
    private final InetSocketAddress remote;
    private final IoHandler handler;
    private final IoService service;
    private final BufferedIoOutputStream output;
    private final Map<Object, Object> attributes = new ConcurrentHashMap<>();

    JumpSocket(
            JumpChannel channel,
            ChannelAsyncOutputStream output,
            InetSocketAddress remote,
            AttributeRepository context,
            IoHandler handler,
            IoService service) {
        this.channel = channel;
        this.remote = remote;
        this.handler = handler;
        this.service = service;
        this.output = new BufferedIoOutputStream(
                "jump", channel.getChannelId(), output, Integer.MAX_VALUE, NO_BOUND_IS_REACHED);
        attributes.put(AttributeRepository.class, context);
    }

    /** Hands on what came. A session that cannot bear it ends alone, not with the one to the jump host. */
    void received(Readable data) {
        try {
            handler.messageReceived(this, data);
        } catch (Exception e) {
            failed(e);
        }
    }

    private void failed(Exception cause) {
        try {
            handler.exceptionCaught(this, cause);
        } catch (Exception e) {
            close(true);
        }
    }

    @Override
    public IoWriteFuture writeBuffer(Buffer buffer) throws IOException {
        if (isClosing()) {
            throw new ClosedChannelException();
        }
        // A copy: it may wait for the jump host, while the session goes on to use its buffer.
        return output.writeBuffer(new ByteArrayBuffer(buffer.getCompactData()));
    }

    @Override
    protected CloseFuture doCloseGracefully() {
        return output.close(false);
    }

    @Override
    protected void doCloseImmediately() {
        // Gracefully in any case: else the jump host would not be told, and keep its connection open.
        channel.close(false);
        try {
            handler.sessionClosed(this);
        } catch (Exception e) {
            log.debug("{} had no session", this, e);
        }
        super.doCloseImmediately();
    }

    @Override
    public long getId() {
        return channel.getChannelId();
    }

    @Override
    public SocketAddress getRemoteAddress() {
        return remote;
    }

    @Override
    public SocketAddress getLocalAddress() {
        return channel.getSession().getIoSession().getLocalAddress();
    }

    @Override
    public SocketAddress getAcceptanceAddress() {
        return null;
    }

    @Override
    public Object getAttribute(Object key) {
        return attributes.get(key);
    }

    @Override
    public Object setAttribute(Object key, Object value) {
        return attributes.put(key, value);
    }

    @Override
    public Object setAttributeIfAbsent(Object key, Object value) {
        return attributes.putIfAbsent(key, value);
    }

    @Override
    public Object removeAttribute(Object key) {
        return attributes.remove(key);
    }

    @Override
    public IoService getService() {
        return service;
    }

    /** Half a connection is of no use to SSH. */
    @Override
    public void shutdownOutputStream() {
        close(false);
    }

    /** The windows of channels bound what comes. */
    @Override
    public void suspendRead() {}

    @Override
    public void resumeRead() {}

    @Override
    public String toString() {
        return "JumpSocket[" + remote + "]";
    }
}
