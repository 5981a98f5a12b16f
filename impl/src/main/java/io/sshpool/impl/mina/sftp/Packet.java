package io.sshpool.impl.mina.sftp;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** A request being written (draft 02, 3): length, type, number, and what the type has. */
final class Packet {

    static final int INIT = 1;
    static final int OPEN = 3;
    static final int CLOSE = 4;
    static final int READ = 5;
    static final int WRITE = 6;
    static final int LSTAT = 7;
    static final int SETSTAT = 9;
    static final int OPENDIR = 11;
    static final int READDIR = 12;
    static final int REMOVE = 13;
    static final int MKDIR = 14;
    static final int RMDIR = 15;
    static final int STAT = 17;
    static final int RENAME = 18;
    static final int READLINK = 19;
    static final int SYMLINK = 20;
    static final int EXTENDED = 200;

    private static final int NUMBER_AT = 5;
    private static final int HEADER = 9;
    private static final int ROOM_BEFORE = 128;

    private byte[] bytes;
    private int length;

    private Packet(int type, int capacity) {
        bytes = new byte[HEADER + capacity];
        bytes[4] = (byte) type;
        length = HEADER;
    }

    static Packet of(int type) {
        return new Packet(type, ROOM_BEFORE);
    }

    /** With room for content of this length. */
    static Packet of(int type, int room) {
        return new Packet(type, ROOM_BEFORE + room);
    }

    boolean hasRoom(int room) {
        return bytes.length >= HEADER + ROOM_BEFORE + room;
    }

    /** A packet of the same type, in the memory of this one, of which nobody makes use any more. */
    Packet again() {
        length = HEADER;
        return this;
    }

    Packet number(int value) {
        need(4);
        put(length, value);
        length += 4;
        return this;
    }

    Packet longNumber(long value) {
        return number((int) (value >>> 32)).number((int) value);
    }

    Packet bytes(byte[] value) {
        number(value.length);
        need(value.length);
        System.arraycopy(value, 0, bytes, length, value.length);
        length += value.length;
        return this;
    }

    Packet text(String value) {
        return bytes(value.getBytes(StandardCharsets.UTF_8));
    }

    Packet attributes(Attributes value) {
        value.writeTo(this);
        return this;
    }

    /** Where content of the packet's end may be put, beyond its own length, of which {@link #content} then tells. */
    byte[] array() {
        return bytes;
    }

    int contentAt() {
        return length + 4;
    }

    /** So much has been put at {@link #contentAt()}. */
    Packet content(int size) {
        number(size);
        length += size;
        return this;
    }

    /** Gives it its number and its length, with which it is complete. */
    void complete(int number) {
        put(NUMBER_AT, number);
        put(0, length - 4);
    }

    int length() {
        return length;
    }

    private void need(int more) {
        if (bytes.length - length < more) {
            bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, length + more));
        }
    }

    private void put(int at, int value) {
        bytes[at] = (byte) (value >>> 24);
        bytes[at + 1] = (byte) (value >>> 16);
        bytes[at + 2] = (byte) (value >>> 8);
        bytes[at + 3] = (byte) value;
    }
}
