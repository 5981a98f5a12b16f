package io.sshpool.impl.mina.sftp;

import io.sshpool.FileTransferException;
import io.sshpool.FileTransferException.Reason;
import io.sshpool.RemoteFile;
import io.sshpool.Transfer;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/** One file on its way from the server: into a temporary file, which is checked and then renamed. */
final class Download {

    private final Requests requests;
    private final String from;
    private final Transfer how;
    private final Attributes source;

    Download(Requests requests, String from, Transfer how) {
        this.requests = requests;
        this.from = from;
        this.how = how;
        source = requests.stat(from);
        if (!source.mayBe(RemoteFile.Type.FILE)) {
            String what = source.isDirectory() ? "it is a directory; see downloadTree" : "it is no file";
            throw requests.failure("downloading", from, Reason.WRONG_KIND, what, null);
        }
    }

    // ---- into a file

    void into(Path to) {
        if (Files.isDirectory(to, LinkOption.NOFOLLOW_LINKS)) {
            throw Local.failure(
                    requests,
                    "writing",
                    to.toString(),
                    Reason.WRONG_KIND,
                    "it is a directory; give the file's name too",
                    null);
        }
        Path name = to.getFileName();
        if (name == null) {
            throw Local.failure(requests, "writing", to.toString(), Reason.WRONG_KIND, "it has no file's name", null);
        }
        String temporaryName = how.resumes()
                ? Names.temporary(name.toString(), size(), source.modified().orElse(0))
                : Names.temporary(name.toString());
        Path temporary = to.resolveSibling(temporaryName);
        boolean done = false;
        try {
            Local.run(requests, "writing", to, () -> {
                write(temporary, to);
                return null;
            });
            done = true;
        } finally {
            if (!done && !how.resumes()) {
                clear(temporary);
            }
        }
    }

    private void write(Path temporary, Path to) throws IOException {
        Optional<Set<PosixFilePermission>> permissions = permissions(to);
        if (how.resumes()) {
            requireFile(temporary);
        }
        try (SeekableByteChannel channel = open(temporary, permissions)) {
            if (how.resumes() && channel instanceof FileChannel file) {
                // until it has another name, lest another transfer goes on in it
                lock(file, temporary);
            }
            long start = left(channel);
            channel.truncate(start).position(start);
            long size = pump(Channels.newOutputStream(channel), start);
            if (channel.size() != size) {
                throw Local.failure(
                        requests,
                        "writing",
                        temporary.toString(),
                        Reason.DIFFERENT,
                        channel.size() + " bytes are in it, where " + size
                                + " were written; does something else write it?",
                        null);
            }
            if (how.checksSha256()) {
                compare(temporary, size);
            }
            finish(temporary, permissions);
            Files.move(temporary, to, StandardCopyOption.ATOMIC_MOVE);
        }
    }

    private void lock(FileChannel channel, Path temporary) {
        boolean mine;
        try {
            // one that has been put in place meanwhile is no temporary file any more
            mine = channel.tryLock() != null && Files.exists(temporary, LinkOption.NOFOLLOW_LINKS);
        } catch (OverlappingFileLockException e) {
            mine = false;
        } catch (IOException e) {
            // This file system has no locks. The size, which is compared in the end, still tells of most.
            mine = true;
        }
        if (!mine) {
            throw Local.failure(
                    requests,
                    "resuming in",
                    temporary.toString(),
                    Reason.FAILED,
                    "another transfer writes it; try again when that is over",
                    null);
        }
    }

    private void compare(Path temporary, long size) throws IOException {
        try {
            Digests.compare(requests, from, Digests.of(requests, from, size), Digests.of(temporary));
        } catch (FileTransferException e) {
            // what was kept is of no use
            clear(temporary);
            throw e;
        }
    }

    private Optional<Set<PosixFilePermission>> permissions(Path to) throws IOException {
        PosixFileAttributeView view =
                Files.getFileAttributeView(to, PosixFileAttributeView.class, LinkOption.NOFOLLOW_LINKS);
        if (view == null) {
            return Optional.empty();
        }
        if (how.permissions().isPresent()) {
            return how.permissions();
        }
        if (how.preservesPermissions() && source.mode().isPresent()) {
            return Optional.of(source.permissions());
        }
        return Files.isRegularFile(to, LinkOption.NOFOLLOW_LINKS)
                ? Optional.of(view.readAttributes().permissions())
                : Optional.empty();
    }

    private void requireFile(Path temporary) {
        if (Files.exists(temporary, LinkOption.NOFOLLOW_LINKS)
                && !Files.isRegularFile(temporary, LinkOption.NOFOLLOW_LINKS)) {
            throw Local.failure(
                    requests,
                    "resuming in",
                    temporary.toString(),
                    Reason.WRONG_KIND,
                    "it is no file; who has put it there?",
                    null);
        }
    }

    private long left(SeekableByteChannel channel) throws IOException {
        long there = channel.size();
        return there > size() ? 0 : there;
    }

    // Never more open to others than the file will be.
    private SeekableByteChannel open(Path temporary, Optional<Set<PosixFilePermission>> permissions)
            throws IOException {
        Set<OpenOption> options = Set.of(
                how.resumes() ? StandardOpenOption.CREATE : StandardOpenOption.CREATE_NEW,
                StandardOpenOption.WRITE,
                LinkOption.NOFOLLOW_LINKS);
        if (permissions.isEmpty()) {
            return Files.newByteChannel(temporary, options);
        }
        Set<PosixFilePermission> open = EnumSet.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE);
        open.addAll(permissions.get());
        return Files.newByteChannel(temporary, options, PosixFilePermissions.asFileAttribute(open));
    }

    private void finish(Path temporary, Optional<Set<PosixFilePermission>> permissions) throws IOException {
        if (how.preservesTimes() && source.time().isPresent()) {
            Files.setLastModifiedTime(temporary, FileTime.from(source.time().get()));
        }
        if (permissions.isPresent()) {
            Files.setPosixFilePermissions(temporary, permissions.get());
        }
    }

    private static void clear(Path temporary) {
        try {
            Files.deleteIfExists(temporary);
        } catch (IOException e) {
            // Best effort: why the transfer failed matters more.
        }
    }

    // ---- into a stream

    void into(OutputStream to) {
        try {
            if (how.checksSha256()) {
                MessageDigest digest = Digests.sha256();
                long size = pump(new DigestOutputStream(to, digest), 0);
                Digests.compare(requests, from, Digests.of(requests, from, size), digest.digest());
            } else {
                pump(to, 0);
            }
        } catch (IOException e) {
            throw Local.failure(requests, "writing to", "a stream", e);
        }
    }

    // ---- content

    private long size() {
        return source.size().orElse(0);
    }

    private long pump(OutputStream out, long start) throws IOException {
        byte[] handle = requests.open(from, Requests.FOR_READING, Attributes.NONE);
        try {
            ReadAhead content = new ReadAhead(requests, from, handle, start, size());
            Meter meter = new Meter(how.progress(), from, size());
            long there = start;
            for (Answer piece = content.next(); piece != null; piece = content.next()) {
                int length = piece.length();
                out.write(piece.array(), piece.position(), length);
                there += length;
                meter.at(there);
            }
            if (there < size()) {
                // one that has grown since, such as a log, is all right
                throw requests.failure(
                        "downloading",
                        from,
                        Reason.TRUNCATED,
                        "it ended after " + there + " of " + size() + " bytes; did somebody cut it meanwhile?",
                        null);
            }
            meter.end(there);
            return there;
        } finally {
            requests.abandon(handle);
        }
    }
}
