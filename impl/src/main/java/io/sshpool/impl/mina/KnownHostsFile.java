package io.sshpool.impl.mina;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/** A known_hosts file on disk: read again only when it has changed, and appended to under a lock. Thread-safe. */
final class KnownHostsFile {

    private static final int LARGEST = 64 << 20;
    // Waited for on an I/O thread, which other connections need.
    private static final Duration PATIENCE = Duration.ofMillis(250);
    private static final int ATTEMPTS = 3;

    private final Path path;
    private volatile Cached cached = new Cached(Optional.empty(), KnownHosts.NONE);

    KnownHostsFile(Path path) {
        this.path = path.toAbsolutePath();
    }

    /** What is known of a file without reading it; a file replaced by another one has another key. */
    record Stamp(FileTime modified, long size, Optional<Object> key, boolean readable) {}

    private record Cached(Optional<Stamp> stamp, KnownHosts content) {}

    Path path() {
        return path;
    }

    /** The file's state, empty when it is missing. */
    Optional<Stamp> stamp() throws IOException {
        try {
            BasicFileAttributes attributes = Files.readAttributes(path, BasicFileAttributes.class);
            if (!attributes.isRegularFile()) {
                throw new IOException("not a regular file");
            }
            return Optional.of(new Stamp(
                    attributes.lastModifiedTime(),
                    attributes.size(),
                    Optional.ofNullable(attributes.fileKey()),
                    Files.isReadable(path)));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }

    /** What the file says; a missing one says nothing. */
    KnownHosts read() throws IOException {
        // Stamped before it is read: what is written in between shows as a change the next time.
        Optional<Stamp> stamp = stamp();
        Cached last = cached;
        if (!last.stamp.equals(stamp)) {
            last = new Cached(stamp, stamp.isPresent() ? KnownHosts.parse(content()) : KnownHosts.NONE);
            cached = last;
        }
        return last.content;
    }

    private byte[] content() throws IOException {
        try (InputStream in = Files.newInputStream(path)) {
            byte[] content = in.readNBytes(LARGEST + 1);
            if (content.length > LARGEST) {
                throw new IOException("larger than " + (LARGEST >> 20) + " MiB");
            }
            return content;
        }
    }

    /**
     * Appends a line, alone among all threads and processes that use this class on the file; makes the file if it is missing.
     * Waits for the others at most a quarter of a second.
     *
     * @param decide gives the line, from what the file says by then; empty when none is needed (any more)
     * @throws FileLocking.Busy when the others take longer
     */
    void append(Function<KnownHosts, Optional<String>> decide) throws IOException {
        create();
        // The same lock by whatever link the file is reached.
        Path real = path.toRealPath();
        FileLocking lock = FileLocking.of(real.resolveSibling(real.getFileName() + ".lock"), PATIENCE);
        try {
            for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
                KnownHosts now = read();
                Optional<String> line = decide.apply(now);
                if (line.isEmpty()) {
                    return;
                }
                write((now.isComplete() ? "" : "\n") + line.get() + "\n");
                // Read again: ssh-keygen -R replaces the file without a lock, and the line would be in the old one.
            }
            throw new IOException("the new line does not appear in it");
        } finally {
            lock.release();
        }
    }

    private void create() throws IOException {
        if (stamp().isEmpty()) {
            // asked first, as a JDK 17 may take a link to a folder for a file in the way
            if (!Files.isDirectory(path.getParent())) {
                Files.createDirectories(path.getParent(), mode("rwx------"));
            }
            Set<StandardOpenOption> options = Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            FileChannel.open(path, options, mode("rw-------")).close();
        }
    }

    private void write(String text) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII));
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.APPEND)) {
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
        }
    }

    /** Permissions for a new file, where the file system has such. */
    private FileAttribute<?>[] mode(String permissions) {
        boolean posix = path.getFileSystem().supportedFileAttributeViews().contains("posix");
        return posix
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions))
                }
                : new FileAttribute<?>[0];
    }
}
