package io.sshpool.impl.mina;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.apache.sshd.client.channel.ChannelSession;
import org.apache.sshd.client.future.OpenFuture;
import org.apache.sshd.common.Closeable;
import org.apache.sshd.common.SshConstants;
import org.apache.sshd.common.channel.StreamingChannel;
import org.apache.sshd.common.io.IoOutputStream;
import org.apache.sshd.common.util.buffer.Buffer;
import org.apache.sshd.common.util.logging.SimplifiedLog;

/**
 * A channel that runs one command. Differs from MINA's in what a pool depends on: output goes to a listener that cannot block or
 * throw; a refused request and a writer that waits for window do not keep CHANNEL_CLOSE from being sent, without which the server's
 * slot would be lost for the life of the connection. The command's text is not given to MINA, which logs it.
 */
final class ExecChannel extends ChannelSession {

    private static final String EXEC = "exec";

    private final byte[] text;
    private final Listener listener;
    private final Runnable accepted;

    private volatile boolean sent;
    private volatile boolean refused;
    private volatile boolean closedByPeer;

    /** Hears what the command writes. Called on I/O threads. */
    @FunctionalInterface
    interface Listener {

        /**
         * The command has written.
         *
         * @return whether it may write more
         */
        boolean written(boolean error, byte[] data, int start, int length);
    }

    /**
     * Not yet open.
     *
     * @param text for the login shell
     * @param listener hears what the command writes
     * @param accepted runs, on an I/O thread, when the server has accepted the command
     */
    ExecChannel(String text, Listener listener, Runnable accepted) {
        this.text = text.getBytes(StandardCharsets.UTF_8);
        this.listener = listener;
        this.accepted = accepted;
        setStreaming(StreamingChannel.Streaming.Async);
    }

    @Override
    protected void doOpen() throws IOException {
        if (!isClosing()) {
            sent = true;
        }
        request();
        super.doOpen();
    }

    /** Asks for the command (RFC 4254, 6.5), and for an answer. */
    private void request() throws IOException {
        Buffer request = getSession().createBuffer(SshConstants.SSH_MSG_CHANNEL_REQUEST, text.length + 64);
        request.putUInt(getRecipient());
        request.putString(EXEC);
        request.putBoolean(true);
        request.putBytes(text);
        addPendingRequest(EXEC, true);
        writePacket(request);
    }

    // MINA dumps all data at TRACE, under the name of this class: whoever looks for the pool's own lines would get it.
    @Override
    protected SimplifiedLog getSimplifiedLogger() {
        return SimplifiedLog.EMPTY;
    }

    /** Whether the command may have reached the server. */
    boolean isSent() {
        return sent;
    }

    /** Why the server did not open the channel, or null. Known before the channel closes. */
    Throwable openFailure() {
        OpenFuture opening = openFuture;
        return opening == null ? null : opening.getException();
    }

    /** Whether the server refused to run it. */
    boolean isRefused() {
        return refused;
    }

    /** Whether the server has closed the channel: all output is here, and its slot is free or about to be. */
    boolean isClosedByPeer() {
        return closedByPeer;
    }

    /** Standard input; there when the channel is open. */
    IoOutputStream input() {
        return asyncIn;
    }

    @Override
    public void handleSuccess() {
        if (removePendingRequest(EXEC) != null) {
            accepted.run();
        }
    }

    // Closing at once would not tell the server.
    @Override
    public void handleFailure() {
        if (removePendingRequest(EXEC) != null) {
            refused = true;
            finish();
        }
    }

    @Override
    public void handleClose() throws IOException {
        closedByPeer = true;
        dropInput();
        super.handleClose();
    }

    /** Closes, saying so to the server. Complete when the server has answered. */
    void finish() {
        dropInput();
        close(false);
    }

    // A write that waits for window holds a graceful close up, for ever when the command never reads.
    private void dropInput() {
        Closeable input = asyncIn;
        if (input != null) {
            input.close(true);
        }
    }

    /** Sends a signal to the command (RFC 4254, 6.9). */
    void signal(String name) {
        try {
            Buffer request = getSession().createBuffer(SshConstants.SSH_MSG_CHANNEL_REQUEST, 64);
            request.putUInt(getRecipient());
            request.putString("signal");
            request.putBoolean(false);
            request.putString(name);
            writePacket(request);
        } catch (IOException | RuntimeException e) {
            log.debug("signal({}) could not be sent", this, e);
        }
    }

    @Override
    protected void doWriteData(byte[] data, int off, long len) throws IOException {
        take(false, data, off, (int) len);
    }

    @Override
    protected void doWriteExtendedData(byte[] data, int off, long len) throws IOException {
        take(true, data, off, (int) len);
    }

    // Once nobody wants the output the window stays shut: a flood ends by itself.
    private void take(boolean error, byte[] data, int start, int length) throws IOException {
        if (!isClosing() && listener.written(error, data, start, length)) {
            getLocalWindow().release(length);
        }
    }
}
