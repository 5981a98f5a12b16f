package io.sshpool.impl.mina;

import io.sshpool.Pty;
import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.sshd.client.channel.ChannelSession;
import org.apache.sshd.client.future.OpenFuture;
import org.apache.sshd.common.Closeable;
import org.apache.sshd.common.SshConstants;
import org.apache.sshd.common.channel.StreamingChannel;
import org.apache.sshd.common.io.AbstractIoWriteFuture;
import org.apache.sshd.common.io.IoOutputStream;
import org.apache.sshd.common.io.IoWriteFuture;
import org.apache.sshd.common.util.EventNotifier;
import org.apache.sshd.common.util.buffer.Buffer;
import org.apache.sshd.common.util.logging.SimplifiedLog;
import org.apache.sshd.common.util.threads.ThreadUtils;

/**
 * A channel that runs one command. Differs from MINA's in what a pool depends on: output goes to a listener that cannot block or
 * throw; a refused request and a writer that waits for window do not keep CHANNEL_CLOSE from being sent, without which the server's
 * slot would be lost for the life of the connection. The command's text is not given to MINA, which logs it.
 */
final class ExecChannel extends ChannelSession implements SessionChannel {

    private static final String EXEC = "exec";
    private static final String PTY = "pty-req";
    private static final byte END_OF_MODES = 0;

    private final byte[] text;
    private final Optional<Pty> pty;
    private final Listener listener;

    /** The requests whose answers have not come: they come in this order. */
    private final Queue<String> unanswered = new ConcurrentLinkedQueue<>();

    private volatile boolean sent;
    private volatile boolean refused;
    private volatile boolean closedByPeer;

    /** Those who are writing a packet, and one more until nobody may begin to. */
    private final AtomicInteger writers = new AtomicInteger(1);

    private final AtomicBoolean silent = new AtomicBoolean();
    private final CompletableFuture<Void> silence = new CompletableFuture<>();

    /** Hears what becomes of the command. Called on I/O threads: must neither block nor throw. */
    interface Listener {

        /** The server has accepted the command. */
        void accepted();

        /**
         * The command has written.
         *
         * @return whether the window opens for as much again, at once
         */
        boolean written(boolean error, byte[] data, int start, int length);

        /** No more output comes. */
        void ended();

        /** The server has said how the command ended. */
        void exited();
    }

    /**
     * Not yet open.
     *
     * @param text for the login shell
     * @param pty the terminal to run in
     * @param listener hears what becomes of it
     */
    ExecChannel(String text, Optional<Pty> pty, Listener listener) {
        this.text = text.getBytes(StandardCharsets.UTF_8);
        this.pty = pty;
        this.listener = listener;
        setStreaming(StreamingChannel.Streaming.Async);
    }

    // Called by the superclass' constructor.
    @Override
    protected void addChannelSignalRequestHandlers(EventNotifier<String> notifier) {
        super.addChannelSignalRequestHandlers(event -> {
            notifier.notifyEvent(event);
            listener.exited();
        });
    }

    @Override
    protected void doOpen() throws IOException {
        if (!isClosing()) {
            sent = true;
        }
        if (pty.isPresent()) {
            requestTerminal(pty.get());
        } else {
            requestCommand();
        }
        super.doOpen();
    }

    /** Asks for a terminal (RFC 4254, 6.2), in the modes that the server's system has. */
    private void requestTerminal(Pty terminal) throws IOException {
        Buffer request = request(PTY, true);
        request.putString(terminal.term());
        putSize(request, terminal.columns(), terminal.rows());
        request.putBytes(new byte[] {END_OF_MODES});
        ask(PTY, request);
    }

    /** Asks for the command (RFC 4254, 6.5), and for an answer. */
    private void requestCommand() throws IOException {
        Buffer request = request(EXEC, true);
        request.putBytes(text);
        ask(EXEC, request);
    }

    private void ask(String name, Buffer request) throws IOException {
        unanswered.add(name);
        writePacket(request);
    }

    private Buffer request(String name, boolean wantsReply) {
        Buffer request = getSession().createBuffer(SshConstants.SSH_MSG_CHANNEL_REQUEST, text.length + 64);
        request.putUInt(getRecipient());
        request.putString(name);
        request.putBoolean(wantsReply);
        return request;
    }

    private static void putSize(Buffer request, int columns, int rows) {
        request.putUInt(columns);
        request.putUInt(rows);
        // in pixels: unknown
        request.putUInt(0);
        request.putUInt(0);
    }

    // MINA dumps all data at TRACE, under the name of this class: whoever looks for the pool's own lines would get it.
    @Override
    protected SimplifiedLog getSimplifiedLogger() {
        return SimplifiedLog.EMPTY;
    }

    /** Whether the command may have reached the server. */
    @Override
    public boolean isSent() {
        return sent;
    }

    /** Why the server did not open the channel, or null. Known before the channel closes. */
    @Override
    public Throwable openFailure() {
        OpenFuture opening = openFuture;
        return opening == null ? null : opening.getException();
    }

    /** Whether the server refused to run it. */
    @Override
    public boolean isRefused() {
        return refused;
    }

    /** Whether the server has closed the channel: all output is here, and its slot is free or about to be. */
    @Override
    public boolean isClosedByPeer() {
        return closedByPeer;
    }

    /** Standard input; there when the channel is open. */
    IoOutputStream input() {
        return asyncIn;
    }

    @Override
    public void handleSuccess() throws IOException {
        String asked = unanswered.poll();
        if (EXEC.equals(asked)) {
            listener.accepted();
        } else if (PTY.equals(asked)) {
            requestCommand();
        }
    }

    // Closing at once would not tell the server.
    @Override
    public void handleFailure() {
        if (unanswered.poll() != null) {
            refused = true;
            finish();
        }
    }

    @Override
    public void handleEof() throws IOException {
        super.handleEof();
        listener.ended();
    }

    @Override
    public void handleClose() throws IOException {
        closedByPeer = true;
        whenSilent(() -> {
            try {
                super.handleClose();
            } catch (IOException e) {
                close(true);
            }
        });
    }

    /** Closes, saying so to the server. Complete when the server has answered. */
    void finish() {
        whenSilent(() -> close(false));
    }

    // What another thread is writing must not come behind the close: sshd hangs up on data for a channel that is gone.
    private void whenSilent(Runnable close) {
        dropInput();
        silence.thenRun(close);
        if (silent.compareAndSet(false, true)) {
            written();
        }
    }

    // As an internal thread: else MINA parks the caller while a rekey is under way.
    @Override
    public IoWriteFuture writePacket(Buffer packet) throws IOException {
        if (!mayBeginToWrite()) {
            return AbstractIoWriteFuture.fulfilled(this, new EOFException("the channel is closing"));
        }
        try {
            return ThreadUtils.runAsInternal(packet, super::writePacket);
        } finally {
            written();
        }
    }

    private boolean mayBeginToWrite() {
        return !silent.get() && writers.getAndUpdate(n -> n == 0 ? 0 : n + 1) > 0;
    }

    private void written() {
        if (writers.decrementAndGet() == 0) {
            silence.complete(null);
        }
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
        Buffer request = request("signal", false);
        request.putString(name);
        send(request);
    }

    /** Tells the terminal its new size (RFC 4254, 6.7). */
    void resize(int columns, int rows) {
        Buffer request = request("window-change", false);
        putSize(request, columns, rows);
        send(request);
    }

    /** Opens the window again for what was written and not released at once. */
    void consumed(int bytes) {
        try {
            ThreadUtils.runAsInternal(() -> {
                if (!isClosing()) {
                    getLocalWindow().release(bytes);
                }
                return null;
            });
        } catch (Exception e) {
            log.debug("consumed({}) could not be said", this, e);
        }
    }

    private void send(Buffer request) {
        try {
            writePacket(request);
        } catch (IOException | RuntimeException e) {
            log.debug("send({}) failed", this, e);
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
