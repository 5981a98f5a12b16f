package io.sshpool.impl.mina.sftp;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** What a server says, being read. Whatever it holds, no read goes beyond its end. */
final class Answer {

    static final int VERSION = 2;
    static final int STATUS = 101;
    static final int HANDLE = 102;
    static final int DATA = 103;
    static final int NAME = 104;
    static final int ATTRS = 105;
    static final int EXTENDED_REPLY = 201;

    private final byte[] bytes;
    private final int end;
    private int at;

    /** It makes no sense. */
    static final class Malformed extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Malformed(String what) {
            super(what);
        }
    }

    /** A packet without its length, at the beginning of an array. */
    Answer(byte[] bytes, int size) {
        this.bytes = bytes;
        end = size;
        at = 1;
    }

    int type() {
        return bytes[0] & 0xff;
    }

    int number() {
        need(4);
        int value = (bytes[at] & 0xff) << 24
                | (bytes[at + 1] & 0xff) << 16
                | (bytes[at + 2] & 0xff) << 8
                | bytes[at + 3] & 0xff;
        at += 4;
        return value;
    }

    long unsigned() {
        return number() & 0xffff_ffffL;
    }

    long longNumber() {
        long high = number();
        return high << 32 | unsigned();
    }

    byte[] bytes() {
        int length = length();
        byte[] value = Arrays.copyOfRange(bytes, at, at + length);
        at += length;
        return value;
    }

    String text() {
        return new String(bytes(), StandardCharsets.UTF_8);
    }

    /** The length of a string that begins here, all of which is there; from here on that string is next. */
    int length() {
        int length = number();
        need(length);
        return length;
    }

    byte[] array() {
        return bytes;
    }

    int position() {
        return at;
    }

    /** What was read from here on is next again. */
    void back(int position) {
        at = position;
    }

    boolean hasMore() {
        return at < end;
    }

    private void need(int more) {
        if (more < 0 || end - at < more) {
            throw new Malformed("a packet of type " + type() + " ends too soon");
        }
    }
}
