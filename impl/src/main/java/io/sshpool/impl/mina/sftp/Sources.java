package io.sshpool.impl.mina.sftp;

import io.sshpool.FileTransferException.Reason;
import io.sshpool.Transfer;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/** What can be uploaded. */
final class Sources {

    private Sources() {}

    /** A file as it is now. */
    static Upload.Source file(Requests requests, Path file, Transfer how) {
        BasicFileAttributes now =
                Local.run(requests, "reading", file, () -> Files.readAttributes(file, BasicFileAttributes.class));
        if (!now.isRegularFile()) {
            throw Local.failure(requests, "reading", file.toString(), Reason.WRONG_KIND, "it is no file", null);
        }
        Attributes attributes =
                Local.run(requests, "reading", file, () -> attributes(file, now.lastModifiedTime(), how));
        return new OfFile(file, now, attributes);
    }

    private static Attributes attributes(Path file, FileTime modified, Transfer how) throws IOException {
        Attributes all = how.preservesTimes() ? Attributes.modified(modified.toInstant()) : Attributes.NONE;
        return how.preservesPermissions() ? all.with(permissions(file)) : all;
    }

    /** Of a file here; nothing where the file system knows none. */
    static OptionalInt permissions(Path file) throws IOException {
        PosixFileAttributeView view = Files.getFileAttributeView(file, PosixFileAttributeView.class);
        if (view == null) {
            return OptionalInt.empty();
        }
        Set<PosixFilePermission> permissions = view.readAttributes().permissions();
        return OptionalInt.of(Attributes.bits(permissions));
    }

    /** A stream, to be read once. */
    static Upload.Source stream(InputStream stream, Transfer how) {
        return new OfStream(stream, how.checksSha256() ? Optional.of(Digests.sha256()) : Optional.empty());
    }

    private record OfFile(Path file, BasicFileAttributes now, Attributes attributes) implements Upload.Source {

        @Override
        public String name() {
            return file.toString();
        }

        @Override
        public InputStream open() throws IOException {
            return Files.newInputStream(file);
        }

        @Override
        public long size() {
            return now.size();
        }

        @Override
        public byte[] sha256() throws IOException {
            return Digests.of(file);
        }

        @Override
        public Optional<String> resumable(String name) {
            return Optional.of(
                    Names.temporary(name, now.size(), now.lastModifiedTime().toMillis()));
        }
    }

    private record OfStream(InputStream stream, Optional<MessageDigest> digest) implements Upload.Source {

        @Override
        public String name() {
            return "a stream";
        }

        @Override
        public InputStream open() {
            InputStream in = digest.isPresent() ? new DigestInputStream(stream, digest.get()) : stream;
            return new FilterInputStream(in) {
                @Override
                public void close() {
                    // the caller's
                }
            };
        }

        @Override
        public long size() {
            return 0;
        }

        @Override
        public Attributes attributes() {
            return Attributes.NONE;
        }

        @Override
        public byte[] sha256() {
            return digest.orElseThrow().digest();
        }

        @Override
        public Optional<String> resumable(String name) {
            return Optional.empty();
        }
    }
}
