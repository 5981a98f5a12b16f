package io.sshpool.impl.mina;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Queue;
import java.util.function.Consumer;
import org.apache.sshd.common.SshConstants;
import org.apache.sshd.common.channel.AbstractChannel;
import org.apache.sshd.common.channel.RemoteWindow;
import org.apache.sshd.common.io.IoWriteFuture;
import org.apache.sshd.common.session.Session;
import org.apache.sshd.common.util.buffer.Buffer;
import org.apache.sshd.common.util.threads.ThreadUtils;

/**
 * Bytes to a server in data packets (RFC 4254, 5.2), each as full as the window and the server let it be. MINA's own stream copies what it writes three times
 * into new memory, puts what a packet does not hold into a small one of its own, and lets the cipher wait for the socket.
 */
final class DataPackets {

    /** So that the socket need not wait for the cipher. Not more: what others send over this connection comes after them. */
    private static final int MOST_UNDER_WAY = 4;

    /** What every implementation must take (RFC 4253, 6.1), whatever more a server says it does. */
    private static final int LONGEST = 32 * 1024;

    /** The recipient, and the length of the data. */
    private static final int HEADER = 2 * Integer.BYTES;

    private final AbstractChannel channel;
    private final Consumer<Exception> failed;

    private final Object lock = new Object();

    // All guarded by the lock, which is not held while MINA writes: MINA calls back with locks of its own.
    private final Queue<ByteBuffer> waiting = new ArrayDeque<>();
    private final Deque<Buffer> spare = new ArrayDeque<>();
    private long unsent;
    private int underWay;
    private boolean writing;

    /**
     * Nothing sent yet.
     *
     * @param channel where to
     * @param failed hears that nothing can be sent any more
     */
    DataPackets(AbstractChannel channel, Consumer<Exception> failed) {
        this.channel = channel;
        this.failed = failed;
    }

    /** Sends bytes, after those sent before. Never blocks. They are not to be changed until the server has answered them. */
    void send(byte[] bytes, int length) {
        synchronized (lock) {
            waiting.add(ByteBuffer.wrap(bytes, 0, length));
            unsent += length;
        }
        proceed();
    }

    /** Sends what can be sent by now: there are more bytes, or the window has opened, or a packet is written. */
    void proceed() {
        synchronized (lock) {
            if (writing) {
                return;
            }
            writing = true;
        }
        try {
            for (Buffer packet = next(); packet != null; packet = next()) {
                write(packet);
            }
        } catch (IOException | RuntimeException e) {
            failed.accept(e);
        }
    }

    private Buffer next() throws IOException {
        synchronized (lock) {
            RemoteWindow window = channel.getRemoteWindow();
            long room = Math.min(window.getSize(), longest());
            int length = underWay < MOST_UNDER_WAY ? (int) Math.min(unsent, room) : 0;
            writing = length > 0;
            if (!writing) {
                return null;
            }
            window.consume(length);
            underWay++;
            unsent -= length;
            return packet(length);
        }
    }

    private long longest() {
        return Math.min(LONGEST, channel.getRemoteWindow().getPacketSize());
    }

    private Buffer packet(int length) {
        Session session = channel.getSession();
        Buffer packet = spare.isEmpty()
                ? session.createBuffer(SshConstants.SSH_MSG_CHANNEL_DATA, HEADER + length)
                : session.prepareBuffer(SshConstants.SSH_MSG_CHANNEL_DATA, spare.pop());
        packet.putUInt(channel.getRecipient());
        packet.putUInt(length);
        for (int left = length; left > 0; ) {
            ByteBuffer from = waiting.element();
            int taken = Math.min(left, from.remaining());
            packet.putRawBytes(from.array(), from.position(), taken);
            from.position(from.position() + taken);
            left -= taken;
            if (!from.hasRemaining()) {
                waiting.remove();
            }
        }
        return packet;
    }

    private void write(Buffer packet) throws IOException {
        // Else MINA parks this thread while a rekey is under way, for ever when the peer does not end it.
        IoWriteFuture writing = ThreadUtils.runAsInternal(packet, channel::writePacket);
        writing.addListener(future -> {
            // Not written: the channel is closing, and its end says the rest.
            if (future.isWritten()) {
                written(packet);
            }
        });
    }

    private void written(Buffer packet) {
        synchronized (lock) {
            underWay--;
            // those that were made for little are of no use for more
            if (packet.array().length > longest()) {
                spare.push(packet);
            }
        }
        proceed();
    }
}
