package io.sshpool.impl.mina;

import java.io.IOException;
import java.net.InetSocketAddress;
import org.apache.sshd.client.channel.ChannelDirectTcpip;
import org.apache.sshd.common.AttributeRepository;
import org.apache.sshd.common.SshConstants;
import org.apache.sshd.common.SshException;
import org.apache.sshd.common.channel.ChannelAsyncOutputStream;
import org.apache.sshd.common.io.DefaultIoConnectFuture;
import org.apache.sshd.common.io.IoConnectFuture;
import org.apache.sshd.common.io.IoHandler;
import org.apache.sshd.common.io.IoService;
import org.apache.sshd.common.io.IoWriteFuture;
import org.apache.sshd.common.session.ConnectionService;
import org.apache.sshd.common.util.buffer.Buffer;
import org.apache.sshd.common.util.buffer.ByteArrayBuffer;
import org.apache.sshd.common.util.net.SshdSocketAddress;
import org.apache.sshd.common.util.threads.ThreadUtils;

/**
 * A channel through which a jump host connects us to another server (RFC 4254, 7.2). Carries the session to that server, and ends
 * together with it.
 */
final class JumpChannel extends ChannelDirectTcpip {

    private static final SshdSocketAddress ORIGIN = new SshdSocketAddress("127.0.0.1", 0);

    private final InetSocketAddress remote;
    private final AttributeRepository context;
    private final IoHandler handler;
    private final IoService service;

    // Written before the channel is open, which whatever comes follows.
    private volatile JumpSocket socket;

    private JumpChannel(InetSocketAddress remote, AttributeRepository context, IoHandler handler, IoService service) {
        super(ORIGIN, new SshdSocketAddress(remote.getHostString(), remote.getPort()));
        this.remote = remote;
        this.context = context;
        this.handler = handler;
        this.service = service;
    }

    /** Asks the jump host to connect us. Never blocks, never throws. */
    static IoConnectFuture open(
            PooledSession jump,
            InetSocketAddress remote,
            AttributeRepository context,
            IoHandler handler,
            IoService service) {
        IoConnectFuture future = new DefaultIoConnectFuture(remote, null);
        JumpChannel channel = new JumpChannel(remote, context, handler, service);
        try {
            jump.getService(ConnectionService.class).registerChannel(channel);
            // Also the end of one that is never answered, as the jump host is gone.
            channel.addCloseFutureListener(closed -> channel.ended(future));
            channel.open().addListener(opened -> {
                if (opened.isOpened()) {
                    future.setSession(channel.socket);
                } else if (opened.getException() != null) {
                    future.setException(opened.getException());
                }
            });
        } catch (IOException | RuntimeException e) {
            future.setException(e);
        }
        return future;
    }

    // Not in a listener of the future: the server may speak before that has been told.
    @Override
    protected void doOpen() throws IOException {
        asyncIn = new ChannelAsyncOutputStream(this, SshConstants.SSH_MSG_CHANNEL_DATA);
        JumpSocket created = new JumpSocket(this, asyncIn, remote, context, handler, service);
        socket = created;
        try {
            handler.sessionCreated(created);
        } catch (IOException | RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IOException(e);
        }
    }

    @Override
    protected void doWriteData(byte[] data, int offset, long length) throws IOException {
        JumpSocket open = socket;
        if (open != null && !open.isClosing()) {
            open.received(new ByteArrayBuffer(data, offset, (int) length));
        }
        getLocalWindow().release(length);
    }

    // As an internal thread: else MINA parks the writer while the jump session has a rekey under way, be it the timer
    // or an I/O
    // thread that is needed to end it.
    @Override
    public IoWriteFuture writePacket(Buffer packet) throws IOException {
        return ThreadUtils.runAsInternal(packet, super::writePacket);
    }

    @Override
    public void handleEof() throws IOException {
        super.handleEof();
        hangUp();
    }

    private void ended(IoConnectFuture future) {
        // A refusal ends the channel, too, and may be heard of here first.
        Throwable refusal = openFuture == null ? null : openFuture.getException();
        future.setException(refusal == null ? new SshException("the connection to the jump host ended") : refusal);
        hangUp();
    }

    private void hangUp() {
        JumpSocket open = socket;
        if (open != null) {
            open.close(true);
        }
    }
}
