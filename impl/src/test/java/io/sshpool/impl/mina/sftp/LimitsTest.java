package io.sshpool.impl.mina.sftp;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Pieces of a file are as long as the server takes them. */
final class LimitsTest {

    private static final int KIBIBYTE = 1024;

    /** A server in memory, with one file and a handle as long as the draft allows. It answers at once. */
    private static final class Server implements Wire {

        private final long limit;
        private final byte[] file = new byte[3_000_000];
        private final List<Integer> pieces = new ArrayList<>();
        private final Dialogue dialogue =
                new Dialogue("build", this, new Patience("build", Optional.empty(), why -> {}));

        /** Says this of its limits; below zero, nothing. */
        Server(long limit) {
            this.limit = limit;
            dialogue.begin();
        }

        @Override
        public void send(byte[] bytes, int length) {
            ByteBuffer asked = ByteBuffer.wrap(bytes, 0, length);
            assertThat(asked.getInt()).isEqualTo(length - 4);
            int type = asked.get() & 0xff;
            int number = asked.getInt();
            switch (type) {
                case Packet.INIT -> greet();
                case Packet.EXTENDED -> answer(201, number, longs(0, limit, limit, 0));
                case Packet.OPEN -> answer(102, number, string(new byte[256]));
                case Packet.STAT ->
                    answer(
                            105,
                            number,
                            ByteBuffer.allocate(16)
                                    .putInt(5)
                                    .putLong(file.length)
                                    .putInt(0100644)
                                    .array());
                case Packet.WRITE -> write(number, at(asked), asked);
                case Packet.READ -> read(number, at(asked), asked.getInt());
                default -> answer(101, number, new byte[12]);
            }
        }

        private static int at(ByteBuffer asked) {
            asked.position(asked.position() + 4 + 256);
            return (int) asked.getLong();
        }

        private void write(int number, int at, ByteBuffer asked) {
            int length = asked.getInt();
            pieces.add(length);
            asked.get(file, at, length);
            answer(101, number, new byte[12]);
        }

        private void read(int number, int at, int length) {
            pieces.add(length);
            if (at >= file.length) {
                answer(101, number, ByteBuffer.allocate(12).putInt(1).array());
                return;
            }
            byte[] content = new byte[Math.min(length, file.length - at)];
            System.arraycopy(file, at, content, 0, content.length);
            answer(103, number, string(content));
        }

        private void greet() {
            byte[] name = string(limit < 0 ? "none@example.com".getBytes() : Limits.EXTENSION.getBytes());
            byte[] version = string(Limits.VERSION.getBytes());
            answer(2, 3, name, version);
        }

        private void answer(int type, int number, byte[]... parts) {
            int length = 5;
            for (byte[] part : parts) {
                length += part.length;
            }
            ByteBuffer all = ByteBuffer.allocate(4 + length)
                    .putInt(length)
                    .put((byte) type)
                    .putInt(number);
            for (byte[] part : parts) {
                all.put(part);
            }
            dialogue.received(all.array(), 0, all.capacity());
        }

        private static byte[] string(byte[] bytes) {
            return ByteBuffer.allocate(4 + bytes.length)
                    .putInt(bytes.length)
                    .put(bytes)
                    .array();
        }

        private static byte[] longs(long... values) {
            ByteBuffer all = ByteBuffer.allocate(8 * values.length);
            for (long value : values) {
                all.putLong(value);
            }
            return all.array();
        }

        @Override
        public void finish() {}
    }

    // Nothing said; little; OpenSSH's; no limit; more than is of use.
    @ParameterizedTest
    @ValueSource(longs = {-1, 10_000, 255 * KIBIBYTE, 0, Long.MAX_VALUE})
    void piecesAreAsLongAsTheServerTakes(long limit) throws IOException {
        Server server = new Server(limit);
        byte[] content = new byte[server.file.length];
        new Random(7).nextBytes(content);

        try (OutputStream out = server.dialogue.files().write("a")) {
            out.write(content);
        }
        assertThat(server.file).isEqualTo(content);
        assertThat(server.pieces.get(0)).isLessThanOrEqualTo(32 * KIBIBYTE);
        assertThat(server.pieces).allMatch(length -> length <= longest(limit)).contains(longest(limit));

        server.pieces.clear();
        try (InputStream in = server.dialogue.files().read("a")) {
            assertThat(in.readAllBytes()).isEqualTo(content);
        }
        assertThat(server.pieces).allMatch(length -> length <= longest(limit)).contains(longest(limit));
    }

    private static int longest(long limit) {
        return limit < 0 ? 32 * KIBIBYTE : limit == 10_000 ? 10_000 : 255 * KIBIBYTE;
    }
}
