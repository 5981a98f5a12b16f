package io.sshpool.impl.mina;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.sshd.server.channel.ChannelSession;
import org.apache.sshd.server.command.Command;
import org.apache.sshd.server.subsystem.SubsystemFactory;

/**
 * An SFTP server with the habits of several that are in use: over an object store, where there is no file before its close and nothing to
 * set on it; one that looks through links when it lists; one that says the end of a list by a list of nothing, and of no file what it is.
 */
final class OddSftp implements SubsystemFactory {

    private static final int OK = 0;
    private static final int NOT_FOUND = 2;
    private static final int UNSUPPORTED = 8;

    /** What is in it, by path. */
    final Map<String, byte[]> files = new ConcurrentHashMap<>();
    /** Links, by path; a listing calls them directories. */
    final List<String> links = new CopyOnWriteArrayList<>();

    final List<String> directories = new CopyOnWriteArrayList<>();
    final List<String> listed = new CopyOnWriteArrayList<>();
    final List<String> removed = new CopyOnWriteArrayList<>();
    volatile boolean tellsTypes = true;

    @Override
    public String getName() {
        return "sftp";
    }

    @Override
    public Command createSubsystem(ChannelSession channel) {
        return new Served();
    }

    private final class Served extends SftpScript {
        private final Map<String, ByteArrayOutputStream> written = new ConcurrentHashMap<>();

        @Override
        void answer(byte[] bytes) throws IOException {
            ByteBuffer packet = ByteBuffer.wrap(bytes);
            int type = packet.get();
            int id = packet.getInt();
            switch (type) {
                case 1 -> send(2, id, body -> {});
                case 3 -> send(102, id, body -> string(body, opened(text(packet), packet.getInt())));
                case 4 -> close(id, text(packet));
                case 5 -> read(id, text(packet), packet.getLong());
                case 6 -> write(id, text(packet), packet.getLong(), packet);
                // Of an open file nothing is known.
                case 8 -> status(id, NOT_FOUND);
                case 9, 10 -> status(id, UNSUPPORTED);
                case 7, 17 -> attributes(id, text(packet));
                case 11 -> {
                    String path = text(packet);
                    listed.add(path);
                    send(102, id, body -> string(body, path));
                }
                case 12 -> list(id, text(packet));
                case 13, 15 -> {
                    String path = text(packet);
                    removed.add(path);
                    links.remove(path);
                    status(id, files.remove(path) == null && type == 13 && !path.contains("link") ? NOT_FOUND : OK);
                }
                case 18 -> {
                    byte[] moved = files.remove(text(packet));
                    files.put(text(packet), moved);
                    status(id, OK);
                }
                default -> status(id, UNSUPPORTED);
            }
        }

        private String opened(String path, int flags) {
            if ((flags & 2) != 0) {
                written.put(path, new ByteArrayOutputStream());
            }
            return path;
        }

        private void close(int id, String path) throws IOException {
            ByteArrayOutputStream content = written.remove(path);
            if (content != null) {
                files.put(path, content.toByteArray());
            }
            status(id, OK);
        }

        private void write(int id, String path, long at, ByteBuffer packet) throws IOException {
            byte[] piece = new byte[packet.getInt()];
            packet.get(piece);
            boolean inOrder = at == written.get(path).size();
            written.get(path).write(piece);
            status(id, inOrder ? OK : UNSUPPORTED);
        }

        private void read(int id, String path, long at) throws IOException {
            byte[] content = files.get(path);
            if (at >= content.length) {
                status(id, 1);
            } else {
                send(103, id, body -> {
                    body.writeInt(content.length - (int) at);
                    body.write(content, (int) at, content.length - (int) at);
                });
            }
        }

        private void attributes(int id, String path) throws IOException {
            if (links.contains(path)) {
                send(105, id, body -> attributes(body, 0, 0120777));
            } else if (directories.contains(path)) {
                send(105, id, body -> attributes(body, 0, 0040755));
            } else if (files.containsKey(path)) {
                send(105, id, body -> attributes(body, files.get(path).length, 0100644));
            } else {
                status(id, NOT_FOUND);
            }
        }

        private void list(int id, String path) throws IOException {
            boolean first = written.putIfAbsent(path, new ByteArrayOutputStream()) == null;
            List<String> here = first
                    ? links.stream().filter(link -> link.startsWith(path + "/")).toList()
                    : List.of();
            send(104, id, body -> {
                body.writeInt(here.size());
                for (String link : here) {
                    string(body, link.substring(path.length() + 1));
                    string(body, "");
                    attributes(body, 0, 0040755);
                }
            });
        }

        private void attributes(DataOutputStream body, int size, int mode) throws IOException {
            body.writeInt(tellsTypes ? 5 : 1);
            body.writeLong(size);
            if (tellsTypes) {
                body.writeInt(mode);
            }
        }

        private void status(int id, int code) throws IOException {
            send(101, id, body -> {
                body.writeInt(code);
                string(body, "");
                string(body, "");
            });
        }

        private void send(int type, int id, Body content) throws IOException {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            content.write(new DataOutputStream(bytes));
            out.writeInt(5 + bytes.size());
            out.write(type);
            out.writeInt(id);
            out.write(bytes.toByteArray());
            out.flush();
        }
    }

    @FunctionalInterface
    private interface Body {
        void write(DataOutputStream body) throws IOException;
    }

    private static void string(DataOutputStream body, String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        body.writeInt(bytes.length);
        body.write(bytes);
    }
}
