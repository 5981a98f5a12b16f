package io.sshpool.impl.mina;

import io.sshpool.impl.pool.PoolThreads;
import java.io.EOFException;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.apache.sshd.common.util.buffer.Buffer;
import org.apache.sshd.common.util.buffer.ByteArrayBuffer;

/**
 * An ssh-agent behind its Unix-domain socket (draft-ietf-sshm-ssh-agent). Blocks, but not beyond the deadline: one that hangs has its
 * connection closed from the timer. A connection for each question, as an agent's answer takes less than keeping track would.
 *
 * @param socket where it listens
 * @param deadline on the pool's clock
 * @param threads clock and timer
 */
record SshAgent(Path socket, long deadline, PoolThreads threads) {

    private static final int REQUEST_IDENTITIES = 11;
    private static final int IDENTITIES_ANSWER = 12;
    private static final int SIGN_REQUEST = 13;
    private static final int SIGN_RESPONSE = 14;
    private static final int RSA_SHA2_256 = 2;
    private static final int RSA_SHA2_512 = 4;
    private static final int LARGEST = 256 * 1024;
    private static final int MOST_IDENTITIES = 2048;

    /** The public parts of all keys that it holds, certificates among them, in its order. */
    List<byte[]> identities() throws IOException {
        return ask(request(REQUEST_IDENTITIES), IDENTITIES_ANSWER, SshAgent::listed);
    }

    private static List<byte[]> listed(Buffer answer) throws IOException {
        int count = answer.getInt();
        if (count < 0 || count > MOST_IDENTITIES) {
            throw new IOException("it claims to hold " + Integer.toUnsignedString(count) + " keys");
        }
        List<byte[]> identities = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            identities.add(answer.getBytes());
            answer.getString(); // comment
        }
        return identities;
    }

    /**
     * Has data signed.
     *
     * @param key the public part, as the agent listed it
     * @param algorithm to sign with
     * @param data what to sign
     * @return the signature, with the algorithm's name in front
     */
    byte[] sign(byte[] key, String algorithm, byte[] data) throws IOException {
        Buffer request = request(SIGN_REQUEST);
        request.putBytes(key);
        request.putBytes(data);
        request.putInt(
                switch (algorithm) {
                    case "rsa-sha2-256" -> RSA_SHA2_256;
                    case "rsa-sha2-512" -> RSA_SHA2_512;
                    default -> 0;
                });
        byte[] signature = ask(request, SIGN_RESPONSE, Buffer::getBytes);
        // an agent that does not know the flags signs RSA with SHA-1
        if (!new ByteArrayBuffer(signature).getString().equals(algorithm)) {
            throw new IOException("it cannot sign with " + algorithm);
        }
        return signature;
    }

    private static Buffer request(int type) {
        Buffer request = new ByteArrayBuffer();
        request.putByte((byte) type);
        return request;
    }

    /** Makes sense of an answer. */
    @FunctionalInterface
    private interface Reading<T> {
        T of(Buffer answer) throws IOException;
    }

    private <T> T ask(Buffer request, int expected, Reading<T> reading) throws IOException {
        long left = deadline - threads.clock().getAsLong();
        if (left <= 0) {
            throw new IOException("no time was left to ask it");
        }
        try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            Future<?> alarm = threads.timer().schedule(() -> hangUp(channel), left, TimeUnit.NANOSECONDS);
            try {
                channel.connect(UnixDomainSocketAddress.of(socket));
                send(channel, request.getCompactData());
                Buffer answer = receive(channel);
                if (answer.getUByte() != expected) {
                    throw new IOException("it refused");
                }
                return reading.of(answer);
            } finally {
                alarm.cancel(false);
            }
        } catch (ClosedChannelException late) {
            throw new IOException("it did not answer in time", late);
        } catch (RuntimeException malformed) {
            throw new IOException("its answer is malformed", malformed);
        }
    }

    private static void hangUp(SocketChannel channel) {
        try {
            channel.close();
        } catch (IOException ignored) {
            // whoever waits is told all the same
        }
    }

    private static void send(SocketChannel channel, byte[] body) throws IOException {
        ByteBuffer packet = ByteBuffer.allocate(Integer.BYTES + body.length);
        packet.putInt(body.length).put(body).flip();
        while (packet.hasRemaining()) {
            channel.write(packet);
        }
    }

    private static Buffer receive(SocketChannel channel) throws IOException {
        int length = read(channel, Integer.BYTES).getInt();
        if (length < 1 || length > LARGEST) {
            throw new IOException("its answer has no sensible length");
        }
        return new ByteArrayBuffer(read(channel, length).array());
    }

    private static ByteBuffer read(SocketChannel channel, int length) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(length);
        while (bytes.hasRemaining()) {
            if (channel.read(bytes) < 0) {
                throw new EOFException("it hung up");
            }
        }
        return bytes.flip();
    }
}
