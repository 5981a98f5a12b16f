package io.sshpool.impl.mina.sftp;

import io.sshpool.FileTransferException;
import io.sshpool.FileTransferException.Reason;
import io.sshpool.RemoteFile;
import io.sshpool.Transfer;
import io.sshpool.impl.pool.Walk;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFileAttributeView;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Directories with all that is in them. */
final class Trees {

    private final Requests requests;

    Trees(Requests requests) {
        this.requests = requests;
    }

    // ---- up

    void upload(Path from, String to, Transfer how) {
        if (!Files.isDirectory(from)) {
            throw Local.failure(
                    requests,
                    "reading",
                    from.toString(),
                    Reason.WRONG_KIND,
                    "it is no directory, or there is none",
                    null);
        }
        mkdirs(to);
        uploadContent(from, to, how);
    }

    private void uploadContent(Path from, String to, Transfer how) {
        for (Path child : Local.run(requests, "reading", from, () -> children(from))) {
            String path = Names.in(to, child.getFileName().toString());
            if (Files.isSymbolicLink(child)) {
                String text = Local.run(
                        requests,
                        "reading",
                        child,
                        () -> Files.readSymbolicLink(child).toString());
                link(path, text);
            } else if (Files.isDirectory(child)) {
                uploadDirectory(child, path, how);
            } else {
                new Upload(requests, Sources.file(requests, child, how), path, how).run();
            }
        }
    }

    private void uploadDirectory(Path from, String to, Transfer how) {
        boolean made = ensure(to);
        uploadContent(from, to, how);
        // last, as it may forbid to write into it
        if (made && how.preservesPermissions()) {
            Attributes own =
                    Attributes.NONE.with(Local.run(requests, "reading", from, () -> Sources.permissions(from)));
            if (!own.isEmpty()) {
                requests.setstat(to, own);
            }
        }
    }

    private void link(String path, String text) {
        String temporary = Names.beside(path, Names.temporary(Names.last(path)));
        boolean done = false;
        try {
            requests.symlink(temporary, text);
            Replacement.move(requests, temporary, path);
            done = true;
        } finally {
            if (!done) {
                requests.removing(temporary);
            }
        }
    }

    private static List<Path> children(Path directory) throws IOException {
        List<Path> all = new ArrayList<>();
        try (DirectoryStream<Path> children = Files.newDirectoryStream(directory)) {
            children.forEach(all::add);
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
        return all;
    }

    void mkdirs(String path) {
        String trimmed = path.length() > 1 && path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
        try {
            ensure(trimmed);
        } catch (FileTransferException e) {
            int slash = trimmed.lastIndexOf('/');
            if (e.reason() != Reason.NOT_FOUND || slash <= 0) {
                throw e;
            }
            mkdirs(trimmed.substring(0, slash));
            ensure(trimmed);
        }
    }

    /** Makes a directory unless it is there; whether it was made. */
    private boolean ensure(String path) {
        if (isDirectory(path)) {
            return false;
        }
        try {
            requests.mkdir(path, Attributes.NONE);
            return true;
        } catch (FileTransferException e) {
            // somebody else may have made it
            if (e.reason() != Reason.NOT_FOUND && isDirectory(path)) {
                return false;
            }
            throw e;
        }
    }

    private boolean isDirectory(String path) {
        try {
            return requests.stat(path).mayBe(RemoteFile.Type.DIRECTORY);
        } catch (FileTransferException e) {
            if (e.reason() == Reason.NOT_FOUND) {
                return false;
            }
            throw e;
        }
    }

    // ---- down

    void download(String from, Path to, Transfer how) {
        List<Requests.RemoteFileEntry> entries = requests.list(from);
        Local.run(requests, "making directory", to, () -> Files.createDirectories(to));
        downloadContent(from, entries, to, 0, how);
    }

    private void downloadContent(
            String from, List<Requests.RemoteFileEntry> entries, Path to, int depth, Transfer how) {
        limit(from, depth);
        for (Requests.RemoteFileEntry entry : entries) {
            Path child = Names.child(requests.target(), to, entry.name());
            String path = Names.in(from, entry.name());
            switch (entry.attributes().type()) {
                case FILE -> new Download(requests, path, how).into(child);
                case DIRECTORY -> {
                    if (isLink(path)) {
                        downloadLink(path, child, depth);
                    } else {
                        downloadDirectory(path, child, entry.attributes(), depth, how);
                    }
                }
                case LINK -> downloadLink(path, child, depth);
                default ->
                    throw requests.failure(
                            "downloading", path, Reason.WRONG_KIND, "it is neither file nor directory nor link", null);
            }
        }
    }

    private void downloadDirectory(String from, Path to, Attributes attributes, int depth, Transfer how) {
        List<Requests.RemoteFileEntry> entries = requests.list(from);
        boolean made = Local.run(requests, "making directory", to, () -> makeHere(to));
        downloadContent(from, entries, to, depth + 1, how);
        if (made && how.preservesPermissions() && attributes.mode().isPresent()) {
            Local.run(requests, "setting permissions of", to, () -> setPermissions(to, attributes));
        }
    }

    private static Path setPermissions(Path directory, Attributes attributes) throws IOException {
        boolean possible = Files.getFileAttributeView(directory, PosixFileAttributeView.class) != null;
        return possible ? Files.setPosixFilePermissions(directory, attributes.permissions()) : directory;
    }

    // Not through a link: it may lead outside, and may be one that this server has just had made.
    private boolean makeHere(Path directory) throws IOException {
        if (Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS)) {
            return false;
        }
        if (Files.isSymbolicLink(directory)) {
            throw Names.unsafe(
                    requests.target(), directory, "it is a symbolic link here, and a directory on the server");
        }
        Files.createDirectory(directory);
        return true;
    }

    private void downloadLink(String from, Path to, int depth) {
        String text = requests.readlink(from);
        Names.within(requests.target(), to, text, depth);
        Path temporary = to.resolveSibling(Names.temporary(to.getFileName().toString()));
        Local.run(requests, "making link", to, () -> {
            Files.createSymbolicLink(temporary, Names.local(requests.target(), to, text));
            try {
                return Files.move(temporary, to, StandardCopyOption.ATOMIC_MOVE);
            } finally {
                Files.deleteIfExists(temporary);
            }
        });
    }

    /** Whether what a listing calls a directory is a link to one: there are servers that look through it. */
    private boolean isLink(String path) {
        return requests.lstat(path).type() == RemoteFile.Type.LINK;
    }

    // ---- away

    void delete(String path) {
        Optional<Attributes> there = requests.find(path);
        delete(path, there.isPresent() && there.get().isDirectory(), 0);
    }

    private void delete(String path, boolean directory, int depth) {
        limit(path, depth);
        if (!directory) {
            requests.remove(path);
            return;
        }
        for (Requests.RemoteFileEntry entry : requests.list(path)) {
            String child = Names.in(path, entry.name());
            delete(child, entry.attributes().isDirectory() && !isLink(child), depth + 1);
        }
        requests.rmdir(path);
    }

    private void limit(String path, int depth) {
        if (depth > Walk.DEEPEST) {
            throw Walk.tooDeep(requests.target(), path);
        }
    }
}
