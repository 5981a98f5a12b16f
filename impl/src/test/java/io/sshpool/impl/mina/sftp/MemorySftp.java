package io.sshpool.impl.mina.sftp;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A server in memory, with one file, a handle as long as the draft allows, and directories without end. It answers at once, unless it is told to be
 * silent, or to refuse a piece of the file.
 */
final class MemorySftp implements Wire {

    final AtomicLong clock = new AtomicLong();
    final List<String> removed = new ArrayList<>();
    boolean silent;
    boolean finished;
    int refusedPiece = -1;

    final byte[] file = new byte[3_000_000];
    final List<Integer> pieces = new ArrayList<>();
    final Dialogue dialogue = new Dialogue("build", this, clock::get);

    private final long limit;
    private boolean listed;

    /** Says this of its limits; below zero, nothing. */
    MemorySftp(long limit) {
        this.limit = limit;
        dialogue.begin();
    }

    @Override
    public void send(byte[] bytes, int length) {
        ByteBuffer asked = ByteBuffer.wrap(bytes, 0, length);
        assertThat(asked.getInt()).isEqualTo(length - 4);
        int type = asked.get() & 0xff;
        int number = asked.getInt();
        if (type == Packet.REMOVE) {
            removed.add(new String(bytes, 13, length - 13, StandardCharsets.UTF_8));
        }
        if (silent) {
            return;
        }
        switch (type) {
            case Packet.INIT -> greet();
            case Packet.EXTENDED -> answer(201, number, longs(0, limit, limit, 0));
            case Packet.OPEN, Packet.OPENDIR -> answer(102, number, string(new byte[256]));
            case Packet.STAT ->
                answer(
                        105,
                        number,
                        ByteBuffer.allocate(16)
                                .putInt(5)
                                .putLong(file.length)
                                .putInt(0100644)
                                .array());
            case Packet.READDIR -> list(number);
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
        if (refuses(number)) {
            return;
        }
        asked.get(file, at, length);
        answer(101, number, new byte[12]);
    }

    private void read(int number, int at, int length) {
        pieces.add(length);
        if (refuses(number)) {
            return;
        }
        if (at >= file.length) {
            answer(101, number, ByteBuffer.allocate(12).putInt(1).array());
            return;
        }
        byte[] content = new byte[Math.min(length, file.length - at)];
        System.arraycopy(file, at, content, 0, content.length);
        answer(103, number, string(content));
    }

    private boolean refuses(int number) {
        boolean refuses = pieces.size() - 1 == refusedPiece;
        if (refuses) {
            answer(101, number, ByteBuffer.allocate(12).putInt(4).array());
        }
        return refuses;
    }

    /** One more directory the first time, nothing the next. */
    private void list(int number) {
        listed = !listed;
        if (listed) {
            byte[] directory = ByteBuffer.allocate(8).putInt(4).putInt(0040755).array();
            answer(104, number, new byte[] {0, 0, 0, 1}, string("d".getBytes()), string(new byte[0]), directory);
        } else {
            answer(101, number, ByteBuffer.allocate(12).putInt(1).array());
        }
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
        ByteBuffer all =
                ByteBuffer.allocate(4 + length).putInt(length).put((byte) type).putInt(number);
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
    public void finish() {
        finished = true;
    }
}
