package io.sshpool.impl.mina.sftp;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CompletableFuture;

/**
 * Reads a file with several requests under way. One at a time, as MINA's own client has it, a read costs a round trip and two changes of
 * threads per 32 KiB.
 */
final class ReadAhead {

    /** What OpenSSH's own client asks for at a time, which every server can give. */
    static final int PIECE = 32 * 1024;

    /** With the piece size, as much as the channel's window lets through. */
    private static final int MOST_UNDER_WAY = 64;

    /** Who must wait, waits for so many: a thread that is woken for each piece does little else. */
    static final int AT_ONCE = 16;

    private final Requests requests;
    private final String path;
    private final byte[] handle;
    private final long size;
    private final Deque<Piece> underWay = new ArrayDeque<>();

    private long asked;

    /** A request, and the part of the file that it asks for. */
    private record Piece(long offset, int length, CompletableFuture<Answer> answer) {}

    /**
     * Asks for nothing yet.
     *
     * @param start where to begin
     * @param size how long the file is thought to be: beyond, it is felt for with one request at a time
     */
    ReadAhead(Requests requests, String path, byte[] handle, long start, long size) {
        this.requests = requests;
        this.path = path;
        this.handle = handle;
        this.size = size;
        asked = start;
    }

    /** Content, of which {@link Answer#length} tells the length and {@link Answer#position} the beginning; null at the end. */
    Answer next() {
        while (underWay.size() < MOST_UNDER_WAY && (asked < size || underWay.isEmpty())) {
            underWay.add(ask(asked, PIECE));
            asked += PIECE;
        }
        rest();
        Piece first = underWay.remove();
        Answer answer = requests.await(first.answer);
        return requests.understood("reading", path, () -> isEnd(answer) ? null : content(first, answer));
    }

    private void rest() {
        if (underWay.size() > AT_ONCE && !underWay.element().answer.isDone()) {
            requests.await(underWay.stream().skip(AT_ONCE - 1).findFirst().orElseThrow().answer);
        }
    }

    private Piece ask(long offset, int length) {
        return new Piece(offset, length, requests.read(handle, offset, length));
    }

    private boolean isEnd(Answer answer) {
        if (answer.type() != Answer.STATUS) {
            return false;
        }
        int code = answer.number();
        if (code == Requests.END) {
            return true;
        }
        throw requests.refusal("reading", path, code, answer);
    }

    private Answer content(Piece piece, Answer answer) {
        Requests.expect(answer, Answer.DATA);
        int start = answer.position();
        int length = answer.length();
        if (length == 0 || length > piece.length) {
            throw new Answer.Malformed(length + " bytes where " + piece.length + " were asked for");
        }
        if (length < piece.length) {
            // a short read is no end: what is missing comes next
            underWay.addFirst(ask(piece.offset + length, piece.length - length));
        }
        answer.back(start);
        return answer;
    }
}
