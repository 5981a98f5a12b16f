package io.sshpool.impl.mina.sftp;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CompletableFuture;

/** Writes a file with several requests under way. A failure shows at a later write, or at the end. */
final class WriteBehind {

    private static final int MOST_UNDER_WAY = ReadAhead.MOST_UNDER_WAY;

    /** Of what a cut upload has left, so much at the end may have holes, on a server that does not write in order. */
    static final long UNCERTAIN = MOST_UNDER_WAY;

    /** The first piece. Each is twice as long as the one before, up to what the server takes: most files are small. */
    private static final int FIRST = 32 * 1024;

    private final Requests requests;
    private final String path;
    private final byte[] handle;
    private final Deque<Piece> underWay = new ArrayDeque<>();
    private final Deque<Packet> answered = new ArrayDeque<>();
    private final int most;

    private int room;
    private long sent;
    private long written;

    private record Piece(Packet packet, int length, CompletableFuture<Answer> answer) {}

    WriteBehind(Requests requests, String path, byte[] handle, long start) {
        this.requests = requests;
        this.path = path;
        this.handle = handle;
        sent = start;
        written = start;
        most = requests.dialogue().limits().write();
        room = Math.min(FIRST, most);
    }

    /** How much content the next packet takes. */
    int room() {
        return room;
    }

    /** A packet to put content into. */
    Packet packet() {
        Packet used = answered.poll();
        Packet packet = used != null && used.hasRoom(handle.length + room)
                ? used.again()
                : Packet.of(Packet.WRITE, handle.length + room);
        return packet.bytes(handle).longNumber(sent);
    }

    /** Sends a packet with that much content in it. */
    void send(Packet packet, int length) {
        packet.content(length);
        underWay.add(new Piece(packet, length, requests.dialogue().ask(packet)));
        sent += length;
        room = Math.min(2 * room, most);
        if (sent - written > MOST_UNDER_WAY - room) {
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
        int part = underWay.size() / ReadAhead.PART;
        requests.await(underWay.stream().skip(part).findFirst().orElseThrow().answer);
    }

    private boolean isAnswered() {
        return !underWay.isEmpty() && underWay.element().answer.isDone();
    }

    private void first() {
        Piece piece = underWay.remove();
        requests.check("writing", path, requests.await(piece.answer));
        written += piece.length;
        answered.push(piece.packet);
    }

    /** Up to here the server has said that it is written. */
    long written() {
        return written;
    }
}
