package io.sshpool.impl.mina.sftp;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CompletableFuture;

/** Writes a file with several requests under way. A failure shows at a later write, or at the end. */
final class WriteBehind {

    static final int PIECE = ReadAhead.PIECE;
    private static final int MOST_UNDER_WAY = 64;

    /** Of what a cut upload has left, so much at the end may have holes, on a server that does not write in order. */
    static final long UNCERTAIN = (long) PIECE * MOST_UNDER_WAY;

    private final Requests requests;
    private final String path;
    private final byte[] handle;
    private final Deque<Piece> underWay = new ArrayDeque<>();

    private long sent;
    private long written;

    private record Piece(int length, CompletableFuture<Answer> answer) {}

    WriteBehind(Requests requests, String path, byte[] handle, long start) {
        this.requests = requests;
        this.path = path;
        this.handle = handle;
        sent = start;
        written = start;
    }

    /** A packet to put content into. */
    Packet packet() {
        return Packet.of(Packet.WRITE, PIECE).bytes(handle).longNumber(sent);
    }

    /** Sends a packet with that much content in it. */
    void send(Packet packet, int length) {
        packet.content(length);
        underWay.add(new Piece(length, requests.dialogue().ask(packet)));
        sent += length;
        if (underWay.size() >= MOST_UNDER_WAY) {
            rest();
        }
        while (isAnswered()) {
            first();
        }
    }

    /** Waits until all is written. */
    void flush() {
        while (!underWay.isEmpty()) {
            first();
        }
    }

    private void rest() {
        requests.await(underWay.stream().skip(ReadAhead.AT_ONCE - 1).findFirst().orElseThrow().answer);
    }

    private boolean isAnswered() {
        return !underWay.isEmpty() && underWay.element().answer.isDone();
    }

    private void first() {
        Piece piece = underWay.remove();
        requests.check("writing", path, requests.await(piece.answer));
        written += piece.length;
    }

    /** Up to here the server has said that it is written. */
    long written() {
        return written;
    }
}
