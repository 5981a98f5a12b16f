package io.sshpool.impl.mina.sftp;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CompletableFuture;

/**
 * Reads a file with several requests under way. One at a time, as MINA's own client has it, a read costs a round trip and two changes of
 * threads per 32 KiB.
 */
final class ReadAhead {

    /** As many bytes as the channel's window lets through. */
    static final int MOST_UNDER_WAY = 2 * 1024 * 1024;

    /** Who must wait, waits for this part of what is under way: a thread that is woken for each piece does little else. */
    static final int PART = 4;

    private final Requests requests;
    private final String path;
    private final byte[] handle;
    private final long size;
    private final Deque<Piece> underWay = new ArrayDeque<>();
    private final int length;
    private final int most;

    private long asked;
    private Answer last;

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
        length = requests.dialogue().limits().read();
        most = MOST_UNDER_WAY / length;
    }

    /**
     * Content, of which {@link Answer#length} tells the length and {@link Answer#position} the beginning; null at the end. It is there until the next call.
     */
    Answer next() {
        if (last != null) {
            requests.dialogue().recycle(last);
            last = null;
        }
        while (underWay.size() < most && (asked < size || underWay.isEmpty())) {
            underWay.add(ask(asked, length));
            asked += length;
        }
        rest();
        Piece first = underWay.remove();
        Answer answer = requests.await(first.answer);
        last = requests.understood("reading", path, () -> isEnd(answer) ? null : content(first, answer));
        return last;
    }

    private void rest() {
        int part = most / PART;
        if (underWay.size() > part && !underWay.element().answer.isDone()) {
            requests.await(underWay.stream().skip(part - 1).findFirst().orElseThrow().answer);
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
