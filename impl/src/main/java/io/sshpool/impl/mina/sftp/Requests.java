package io.sshpool.impl.mina.sftp;

import io.sshpool.FileTransferException;
import io.sshpool.FileTransferException.Reason;
import io.sshpool.FileTransferException.Side;
import io.sshpool.SshException;
import io.sshpool.SshInterruptedException;
import io.sshpool.impl.pool.Text;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/** The requests of SFTP, each waiting for its answer unless it returns a future. */
final class Requests {

    static final int OK = 0;
    static final int END = 1;

    static final int FOR_READING = 1;
    static final int FOR_WRITING = 2;
    static final int CREATE = 8;
    static final int TRUNCATE = 16;
    static final int EXCLUSIVE = 32;

    private static final int MOST_ENTRIES = 1_000_000;

    private static final String POSIX_RENAME = "posix-rename@openssh.com";

    private final Dialogue dialogue;

    Requests(Dialogue dialogue) {
        this.dialogue = dialogue;
    }

    Dialogue dialogue() {
        return dialogue;
    }

    String target() {
        return dialogue.target();
    }

    // ---- files

    byte[] open(String path, int flags, Attributes attributes) {
        return handle(
                "opening",
                path,
                Packet.of(Packet.OPEN).text(checked(path)).number(flags).attributes(attributes));
    }

    CompletableFuture<Answer> read(byte[] handle, long offset, int length) {
        return dialogue.ask(
                Packet.of(Packet.READ).bytes(handle).longNumber(offset).number(length));
    }

    void close(byte[] handle, String path) {
        done("closing", path, Packet.of(Packet.CLOSE).bytes(handle));
    }

    /** Closes without waiting: whether that works does not matter any more. */
    void abandon(byte[] handle) {
        dialogue.ask(Packet.of(Packet.CLOSE).bytes(handle));
    }

    Attributes stat(String path) {
        return attributes("looking at", path, Packet.of(Packet.STAT).text(checked(path)));
    }

    Attributes lstat(String path) {
        return attributes("looking at", path, Packet.of(Packet.LSTAT).text(checked(path)));
    }

    /** Nothing where there is nothing. */
    Optional<Attributes> find(String path) {
        try {
            return Optional.of(lstat(path));
        } catch (FileTransferException e) {
            if (e.reason() == Reason.NOT_FOUND) {
                return Optional.empty();
            }
            throw e;
        }
    }

    void setstat(String path, Attributes attributes) {
        done(
                "setting permissions or times of",
                path,
                Packet.of(Packet.SETSTAT).text(checked(path)).attributes(attributes));
    }

    void remove(String path) {
        done("deleting", path, Packet.of(Packet.REMOVE).text(checked(path)));
    }

    CompletableFuture<Answer> removing(String path) {
        return dialogue.ask(Packet.of(Packet.REMOVE).text(path));
    }

    // ---- directories and names

    void mkdir(String path, Attributes attributes) {
        done(
                "making directory",
                path,
                Packet.of(Packet.MKDIR).text(checked(path)).attributes(attributes));
    }

    void rmdir(String path) {
        done("deleting directory", path, Packet.of(Packet.RMDIR).text(checked(path)));
    }

    List<RemoteFileEntry> list(String path) {
        byte[] handle = handle("listing", path, Packet.of(Packet.OPENDIR).text(checked(path)));
        List<RemoteFileEntry> entries = new ArrayList<>();
        try {
            long told = 0;
            for (long more = readDirectory(path, handle, entries);
                    more > 0;
                    more = readDirectory(path, handle, entries)) {
                // also those that are left out: a server may say "." for ever
                told += more;
                if (told > MOST_ENTRIES) {
                    throw failure(
                            "listing", path, Reason.FAILED, "it has more than " + MOST_ENTRIES + " entries", null);
                }
            }
        } finally {
            abandon(handle);
        }
        return entries;
    }

    /** Reads some entries; returns how many the server told, and 0 at the end. */
    private long readDirectory(String path, byte[] handle, List<RemoteFileEntry> entries) {
        Answer answer = await(dialogue.ask(Packet.of(Packet.READDIR).bytes(handle)));
        return understood("listing", path, () -> {
            if (answer.type() == Answer.STATUS) {
                int code = answer.number();
                if (code == END) {
                    return 0L;
                }
                throw refusal("listing", path, code, answer);
            }
            expect(answer, Answer.NAME);
            // to some servers a list of no names is the end
            long count = answer.unsigned();
            for (long left = count; left > 0; left--) {
                String name = answer.text();
                // what ls would print
                answer.bytes();
                Attributes attributes = Attributes.read(answer);
                if (!name.equals(".") && !name.equals("..")) {
                    entries.add(new RemoteFileEntry(Names.plain(this, path, name), attributes));
                }
            }
            return count;
        });
    }

    /** One of a directory. */
    record RemoteFileEntry(String name, Attributes attributes) {}

    boolean replacesByRename() {
        return dialogue.supports(POSIX_RENAME, "1");
    }

    /** Fails where there is something under the new name, unless the server {@link #replacesByRename()}. */
    void rename(String from, String to) {
        check("renaming to", to, await(renaming(from, to)));
    }

    /** The same without waiting. */
    CompletableFuture<Answer> renaming(String from, String to) {
        Packet packet = replacesByRename() ? Packet.of(Packet.EXTENDED).text(POSIX_RENAME) : Packet.of(Packet.RENAME);
        return dialogue.ask(packet.text(checked(from)).text(checked(to)));
    }

    // In the order of OpenSSH, which is not that of the draft (PROTOCOL, 4.1).
    void symlink(String link, String to) {
        done("making link", link, Packet.of(Packet.SYMLINK).text(checked(to)).text(checked(link)));
    }

    String readlink(String path) {
        Answer answer =
                answered("reading link", path, Packet.of(Packet.READLINK).text(checked(path)));
        return understood("reading link", path, () -> {
            expect(answer, Answer.NAME);
            if (answer.number() != 1) {
                throw new Answer.Malformed("a link with several targets");
            }
            return answer.text();
        });
    }

    // ---- answers

    private byte[] handle(String doing, String path, Packet packet) {
        CompletableFuture<Answer> asked = dialogue.ask(packet);
        Answer answer;
        try {
            answer = answered(doing, path, asked);
        } catch (SshInterruptedException e) {
            // nobody will use it, and the server would keep it open
            asked.thenAccept(late -> {
                if (late.type() == Answer.HANDLE) {
                    abandon(late.bytes());
                }
            });
            throw e;
        }
        return understood(doing, path, () -> {
            expect(answer, Answer.HANDLE);
            return answer.bytes();
        });
    }

    private Attributes attributes(String doing, String path, Packet packet) {
        Answer answer = answered(doing, path, packet);
        return understood(doing, path, () -> {
            expect(answer, Answer.ATTRS);
            return Attributes.read(answer);
        });
    }

    private void done(String doing, String path, Packet packet) {
        check(doing, path, await(dialogue.ask(packet)));
    }

    /** Insists on success. */
    void check(String doing, String path, Answer answer) {
        understood(doing, path, () -> {
            expect(answer, Answer.STATUS);
            int code = answer.number();
            if (code != OK) {
                throw refusal(doing, path, code, answer);
            }
            return null;
        });
    }

    private Answer answered(String doing, String path, Packet packet) {
        return answered(doing, path, dialogue.ask(packet));
    }

    private Answer answered(String doing, String path, CompletableFuture<Answer> asked) {
        Answer answer = await(asked);
        if (answer.type() == Answer.STATUS) {
            throw understood(doing, path, () -> refusal(doing, path, answer.number(), answer));
        }
        return answer;
    }

    <T> T understood(String doing, String path, java.util.function.Supplier<T> reading) {
        try {
            return reading.get();
        } catch (Answer.Malformed e) {
            throw failure(doing, path, Reason.FAILED, "the server's answer makes no sense: " + e.getMessage(), e);
        }
    }

    static void expect(Answer answer, int type) {
        if (answer.type() != type) {
            throw new Answer.Malformed("a packet of type " + answer.type() + " where " + type + " was due");
        }
    }

    /** Waits, at most until the channel ends. An interrupt ends the wait, also where the answer is there already. */
    <T> T await(CompletableFuture<T> answer) {
        try {
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            return answer.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new SshInterruptedException(target(), "interrupted in the midst of files of " + target(), e);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof SshException ours) {
                ours.fillInStackTrace();
                throw ours;
            }
            throw new IllegalStateException(e.getCause());
        }
    }

    FileTransferException refusal(String doing, String path, int code, Answer answer) {
        String said = answer.hasMore() ? Text.printable(answer.text(), 200) : "";
        Refusals why = Refusals.of(code);
        return failure(doing, path, why.reason(), why.meaning(said), null);
    }

    /** A failure on the remote side. */
    FileTransferException failure(String doing, String path, Reason reason, String why, Throwable cause) {
        String message = doing + " " + Text.printable(path, 300) + " on " + target() + " failed: " + why;
        return new FileTransferException(target(), Side.REMOTE, path, reason, message, cause);
    }

    private static String checked(String path) {
        if (path.indexOf('\0') >= 0) {
            throw new IllegalArgumentException("a path has a NUL character");
        }
        return path;
    }
}
