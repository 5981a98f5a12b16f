package io.sshpool.impl.mina;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.sshd.server.channel.ChannelSession;
import org.apache.sshd.server.command.Command;
import org.apache.sshd.server.subsystem.SubsystemFactory;

/** An SFTP server that says what it was told to: in the directory "top" there are these entries, each directory below has "inner". */
final class LyingSftp implements SubsystemFactory {

    static final int FILE = 0100644;
    static final int DIRECTORY = 0040755;
    static final int LINK = 0120777;

    private static final String CONTENT = "evil";

    private volatile List<Entry> entries;
    private final int claimedSize;
    private final Lie lie;

    /** What it does beside telling names and sizes. */
    private enum Lie {
        NONE,
        ENDLESS,
        CHANGING,
        INCAPABLE
    }

    /** What it says of a name; a link's target is where it is said to lead. */
    record Entry(String name, int mode, String linkTarget) {
        static Entry file(String name) {
            return new Entry(name, FILE, "");
        }
    }

    LyingSftp(List<Entry> entries) {
        this(entries, CONTENT.length());
    }

    /** Says that each file has this size, of which there are four bytes. */
    LyingSftp(List<Entry> entries, int claimedSize) {
        this(entries, claimedSize, Lie.NONE);
    }

    private LyingSftp(List<Entry> entries, int claimedSize, Lie lie) {
        this.entries = entries;
        this.claimedSize = claimedSize;
        this.lie = lie;
    }

    /** Whoever reads its directory gets the same entries again and again. */
    static LyingSftp endless(List<Entry> entries) {
        return new LyingSftp(entries, CONTENT.length(), Lie.ENDLESS);
    }

    /** Its file has another content, as long as the first, for who opens it once more. */
    static LyingSftp changing(Entry file) {
        return new LyingSftp(List.of(file), CONTENT.length(), Lie.CHANGING);
    }

    /** It cannot change anything, and says so. */
    static LyingSftp incapable() {
        return new LyingSftp(List.of(), CONTENT.length(), Lie.INCAPABLE);
    }

    /** From now on only this is in "top". */
    void nowHas(Entry entry) {
        entries = List.of(entry);
    }

    @Override
    public String getName() {
        return "sftp";
    }

    @Override
    public Command createSubsystem(ChannelSession channel) {
        return new Served();
    }

    private final class Served extends SftpScript {
        private final AtomicInteger handles = new AtomicInteger();
        private final java.util.Map<String, String> open = new java.util.HashMap<>();
        private final java.util.Set<String> exhausted = new java.util.HashSet<>();

        @Override
        void answer(byte[] bytes) throws IOException {
            ByteBuffer packet = ByteBuffer.wrap(bytes);
            int type = packet.get();
            int id = packet.getInt();
            switch (type) {
                case 1 -> send(2, 3);
                case 3, 11 -> send(102, id, handle(text(packet)));
                case 7, 17 -> send(105, id, attributes(mode(text(packet))));
                case 5 -> read(id, text(packet));
                case 12 -> list(id, text(packet));
                case 19 -> send(104, id, ints(1), string(target(text(packet))), string(""), ints(0));
                default -> send(101, id, ints(lie == Lie.INCAPABLE ? 8 : 0), string(""), string(""));
            }
        }

        private void read(int id, String handle) throws IOException {
            if (exhausted.add(handle)) {
                send(103, id, string(lie == Lie.CHANGING && handles.get() > 1 ? "live" : CONTENT));
            } else {
                send(101, id, ints(1), string(""), string(""));
            }
        }

        private void list(int id, String handle) throws IOException {
            if (lie != Lie.ENDLESS && !exhausted.add(handle)) {
                send(101, id, ints(1), string(""), string(""));
                return;
            }
            List<Entry> all = open.get(handle).equals("top") ? entries : List.of(Entry.file("inner"));
            byte[][] parts = new byte[1 + all.size() * 3][];
            parts[0] = ints(all.size());
            for (int i = 0; i < all.size(); i++) {
                parts[1 + i * 3] = string(all.get(i).name());
                parts[2 + i * 3] = string("");
                parts[3 + i * 3] = attributes(all.get(i).mode());
            }
            send(104, id, parts);
        }

        private byte[] handle(String path) {
            String handle = Integer.toString(handles.incrementAndGet());
            open.put(handle, path);
            return string(handle);
        }

        private int mode(String path) {
            return path.equals("top")
                    ? DIRECTORY
                    : entries.stream()
                            .filter(e -> path.equals("top/" + e.name()))
                            .mapToInt(Entry::mode)
                            .findFirst()
                            .orElse(FILE);
        }

        private String target(String path) {
            return entries.stream()
                    .filter(e -> path.equals("top/" + e.name()) && e.mode() == LINK)
                    .map(Entry::linkTarget)
                    .findFirst()
                    .orElse("");
        }

        private byte[] attributes(int mode) {
            return ByteBuffer.allocate(16)
                    .putInt(1 | 4)
                    .putLong(claimedSize)
                    .putInt(mode)
                    .array();
        }

        private void send(int type, int id, byte[]... parts) throws IOException {
            int length = 5;
            for (byte[] part : parts) {
                length += part.length;
            }
            out.writeInt(length);
            out.write(type);
            out.writeInt(id);
            for (byte[] part : parts) {
                out.write(part);
            }
            out.flush();
        }

        private static byte[] string(String text) {
            byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
            return ByteBuffer.allocate(4 + bytes.length)
                    .putInt(bytes.length)
                    .put(bytes)
                    .array();
        }

        private static byte[] ints(int value) {
            return ByteBuffer.allocate(4).putInt(value).array();
        }
    }

    /** All files below a folder, for comparing. */
    static List<String> tree(java.nio.file.Path root) {
        try (java.util.stream.Stream<java.nio.file.Path> all = java.nio.file.Files.walk(root)) {
            return all.map(path -> root.relativize(path).toString()).sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
