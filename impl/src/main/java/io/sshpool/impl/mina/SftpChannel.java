package io.sshpool.impl.mina;

import io.sshpool.impl.mina.sftp.Dialogue;
import io.sshpool.impl.mina.sftp.Wire;
import java.io.IOException;
import java.util.function.LongSupplier;
import org.apache.sshd.client.channel.ChannelSession;
import org.apache.sshd.client.future.OpenFuture;
import org.apache.sshd.common.SshConstants;
import org.apache.sshd.common.channel.StreamingChannel;
import org.apache.sshd.common.util.buffer.Buffer;
import org.apache.sshd.common.util.logging.SimplifiedLog;

/**
 * A channel in which the server runs its SFTP subsystem. Differs from MINA's as {@link ExecChannel} does, and hands what arrives to a
 * {@link Dialogue} where MINA has a thread's pipe.
 */
final class SftpChannel extends ChannelSession implements Wire, SessionChannel {

    private static final String SUBSYSTEM = "subsystem";

    private final Dialogue dialogue;
    private final DataPackets packets = new DataPackets(this, this::broken);

    private volatile boolean sent;
    private volatile boolean refused;
    private volatile boolean closedByPeer;

    SftpChannel(String target, LongSupplier clock) {
        dialogue = new Dialogue(target, this, clock);
        setStreaming(StreamingChannel.Streaming.Async);
    }

    Dialogue dialogue() {
        return dialogue;
    }

    /** Asks for the subsystem (RFC 4254, 6.5), and for an answer. */
    @Override
    protected void doOpen() throws IOException {
        if (!isClosing()) {
            sent = true;
        }
        Buffer request = getSession().createBuffer(SshConstants.SSH_MSG_CHANNEL_REQUEST, 64);
        request.putUInt(getRecipient());
        request.putString(SUBSYSTEM);
        request.putBoolean(true);
        request.putString("sftp");
        addPendingRequest(SUBSYSTEM, true);
        writePacket(request);
        super.doOpen();
    }

    @Override
    public void handleSuccess() {
        if (removePendingRequest(SUBSYSTEM) != null) {
            dialogue.begin();
        }
    }

    // Closing at once would not tell the server.
    @Override
    public void handleFailure() {
        if (removePendingRequest(SUBSYSTEM) != null) {
            refused = true;
            finish();
        }
    }

    // The server's end of its output is the end of its answers.
    @Override
    public void handleEof() throws IOException {
        super.handleEof();
        finish();
    }

    @Override
    public void handleClose() throws IOException {
        closedByPeer = true;
        super.handleClose();
    }

    @Override
    public boolean isSent() {
        return sent;
    }

    @Override
    public boolean isRefused() {
        return refused;
    }

    @Override
    public boolean isClosedByPeer() {
        return closedByPeer;
    }

    @Override
    public Throwable openFailure() {
        OpenFuture opening = openFuture;
        return opening == null ? null : opening.getException();
    }

    // ---- to the server

    @Override
    public void send(byte[] bytes, int length) {
        packets.send(bytes, length);
    }

    @Override
    public void handleWindowAdjust(Buffer buffer) throws IOException {
        super.handleWindowAdjust(buffer);
        // of a large request on a slow way
        dialogue.heard();
        packets.proceed();
    }

    private void broken(Exception failure) {
        log.debug("{} cannot send", this, failure);
        finish();
    }

    /** Closes, saying so to the server. Complete when the server has answered. */
    @Override
    public void finish() {
        close(false);
    }

    // ---- from the server

    // MINA dumps all data at TRACE, under the name of this class: whoever looks for the pool's own lines would get it.
    @Override
    protected SimplifiedLog getSimplifiedLogger() {
        return SimplifiedLog.EMPTY;
    }

    // The window opens at once: what arrives was asked for, in bounded number.
    @Override
    protected void doWriteData(byte[] data, int start, long length) throws IOException {
        dialogue.received(data, start, (int) length);
        release(length);
    }

    @Override
    protected void doWriteExtendedData(byte[] data, int start, long length) throws IOException {
        release(length);
    }

    private void release(long length) throws IOException {
        if (!isClosing()) {
            getLocalWindow().release(length);
        }
    }
}
