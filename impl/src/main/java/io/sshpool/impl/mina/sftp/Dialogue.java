package io.sshpool.impl.mina.sftp;

import io.sshpool.FileTransferException;
import io.sshpool.RemoteFiles;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.BlockingDeque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingDeque;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * Requests and their answers on one SFTP channel. Any number of requests may be under way; what bounds them is whoever sends them. Safe for use by several threads,
 * except for {@link #received}, which hears one thing at a time.
 */
public final class Dialogue {

    private static final int VERSION = 3;

    /** More than OpenSSH's 256 KiB, which is the most that is asked for. */
    private static final int LARGEST = 1024 * 1024;

    private static final int SMALL = 16 * 1024;
    private static final int MOST_USED = 8;

    private final String target;
    private final Wire wire;
    private final LongSupplier clock;
    private final AtomicInteger last = new AtomicInteger();
    private final Map<Integer, CompletableFuture<Answer>> pending = new ConcurrentHashMap<>();
    private final CompletableFuture<Void> opened = new CompletableFuture<>();
    private final Set<String> temporary = ConcurrentHashMap.newKeySet();
    private final RemoteFiles files = new SftpFiles(new Requests(this));

    private volatile Supplier<? extends RuntimeException> end;
    private volatile Supplier<? extends RuntimeException> refusing;
    private volatile boolean finishing;
    private volatile long heard;
    private volatile Map<String, String> extensions = Map.of();
    private volatile Limits limits = Limits.UNKNOWN;

    /** Memory that is used again: new memory for each piece of a file costs more than to decrypt it. */
    private final BlockingDeque<byte[]> used = new LinkedBlockingDeque<>(MOST_USED);

    // What has arrived of a packet; of the thread that receives.
    private final byte[] header = new byte[4];
    private byte[] packet;
    private int size;
    private int filled;

    /**
     * Nothing said yet.
     *
     * @param target the target's name
     * @param wire where requests go
     * @param clock in nanoseconds
     */
    public Dialogue(String target, Wire wire, LongSupplier clock) {
        this.target = target;
        this.wire = wire;
        this.clock = clock;
    }

    String target() {
        return target;
    }

    /** Says hello. */
    public void begin() {
        byte[] hello = {0, 0, 0, 5, Packet.INIT, 0, 0, 0, VERSION};
        wire.send(hello, hello.length);
    }

    /**
     * Completes when the server has said hello.
     *
     * @return always the same stage
     */
    public CompletionStage<Void> opened() {
        return opened;
    }

    /**
     * The files.
     *
     * @return what works from {@link #opened} to the end
     */
    public RemoteFiles files() {
        return files;
    }

    boolean supports(String extension, String version) {
        return version.equals(extensions.get(extension));
    }

    /** How much the server reads or writes at a time, as far as is known by now. */
    Limits limits() {
        return limits;
    }

    /** Nobody looks at this answer any more. */
    void recycle(Answer answer) {
        if (answer.array().length >= SMALL) {
            used.offerFirst(answer.array());
        }
    }

    /** Sends a request. The answer comes on an I/O thread. */
    CompletableFuture<Answer> ask(Packet request) {
        if (pending.isEmpty()) {
            heard();
        }
        CompletableFuture<Answer> answer = new CompletableFuture<>();
        int number = last.incrementAndGet();
        pending.put(number, answer);
        // after it was put: one of the two sees the other
        Supplier<? extends RuntimeException> over = refusing == null ? end : refusing;
        if (over == null) {
            send(request, number);
        } else {
            pending.remove(number);
            answer.completeExceptionally(over.get());
            closeWhenDone();
        }
        return answer;
    }

    private void send(Packet request, int number) {
        request.complete(number);
        wire.send(request.array(), request.length());
    }

    /** The server has shown that it is alive. */
    public void heard() {
        heard = clock.getAsLong();
    }

    /**
     * For how long the server has owed an answer and said nothing.
     *
     * @return nanoseconds; 0 while it owes none
     */
    public long silence() {
        return pending.isEmpty() ? 0 : clock.getAsLong() - heard;
    }

    /** A file to be removed should the channel be given up. */
    void guard(String path) {
        temporary.add(path);
    }

    void unguard(String path) {
        temporary.remove(path);
    }

    // ---- what the server says

    /**
     * Bytes from the server.
     *
     * @param data holds them
     * @param start where
     * @param length how many
     */
    public void received(byte[] data, int start, int length) {
        heard();
        int at = start;
        int left = length;
        while (left > 0 && end == null) {
            byte[] into = packet == null ? header : packet;
            int wanted = packet == null ? header.length : size;
            int taken = Math.min(left, wanted - filled);
            System.arraycopy(data, at, into, filled, taken);
            filled += taken;
            at += taken;
            left -= taken;
            if (filled == wanted) {
                full();
            }
        }
    }

    private void full() {
        filled = 0;
        byte[] complete = packet;
        if (complete != null) {
            packet = null;
            understand(new Answer(complete, size));
            return;
        }
        size = (header[0] & 0xff) << 24 | (header[1] & 0xff) << 16 | (header[2] & 0xff) << 8 | header[3] & 0xff;
        if (size < 5 || size > LARGEST) {
            nonsense("says that a packet has " + (size & 0xffff_ffffL) + " bytes");
        } else {
            packet = memory();
        }
    }

    private byte[] memory() {
        byte[] array = size < SMALL ? null : used.pollFirst();
        return array == null || array.length < size ? new byte[size] : array;
    }

    private void understand(Answer answer) {
        if (answer.type() == Answer.VERSION) {
            greeted(answer);
            return;
        }
        CompletableFuture<Answer> asked = pending.remove(answer.number());
        if (asked == null) {
            nonsense("answers what was not asked");
            return;
        }
        asked.complete(answer);
        closeWhenDone();
    }

    private void greeted(Answer hello) {
        if (opened.isDone()) {
            nonsense("greets once more");
            return;
        }
        Map<String, String> known = new HashMap<>();
        try {
            int version = hello.number();
            if (version != VERSION) {
                nonsense("speaks version " + (version & 0xffff_ffffL) + " of SFTP, where 3 is wanted");
                return;
            }
            while (hello.hasMore()) {
                known.put(hello.text(), hello.text());
            }
        } catch (Answer.Malformed e) {
            nonsense("greets with a packet that ends too soon");
            return;
        }
        extensions = Map.copyOf(known);
        if (supports(Limits.EXTENSION, Limits.VERSION)) {
            // Nobody waits for that: OpenSSH answers in the order of the requests, so that it is known before a file is
            // open.
            ask(Packet.of(Packet.EXTENDED).text(Limits.EXTENSION)).thenAccept(answer -> limits = Limits.of(answer));
        }
        opened.complete(null);
    }

    private void nonsense(String what) {
        String message = "the SFTP server of " + target + " " + what
                + "; is a text printed by its login shell, or another program in SFTP's place?";
        ended(() -> new FileTransferException(
                target, FileTransferException.Side.REMOTE, "", FileTransferException.Reason.FAILED, message, null));
        wire.finish();
    }

    // ---- the end

    /**
     * No more answers come. Only the first call counts.
     *
     * @param why makes what each waiting caller gets
     */
    public void ended(Supplier<? extends RuntimeException> why) {
        synchronized (pending) {
            if (end == null) {
                end = why;
            }
        }
        opened.completeExceptionally(end.get());
        pending.keySet().forEach(number -> {
            CompletableFuture<Answer> answer = pending.remove(number);
            if (answer != null) {
                answer.completeExceptionally(end.get());
            }
        });
    }

    /** Closes the channel when all has been answered. A server that gets the end of its input drops what it has not answered. */
    public void finish() {
        finishing = true;
        closeWhenDone();
    }

    /**
     * Ends all that waits, has the server remove unfinished files, and closes the channel after that.
     *
     * @param why makes what each waiting caller gets
     */
    public void giveUp(Supplier<? extends RuntimeException> why) {
        refusing = why;
        pending.values().forEach(answer -> answer.completeExceptionally(why.get()));
        temporary.forEach(path -> {
            int number = last.incrementAndGet();
            pending.put(number, new CompletableFuture<>());
            send(Packet.of(Packet.REMOVE).text(path), number);
        });
        opened.completeExceptionally(why.get());
        finish();
    }

    private void closeWhenDone() {
        if (finishing && pending.isEmpty()) {
            wire.finish();
        }
    }
}
