package io.sshpool.impl.mina.sftp;

import io.sshpool.FileTransferException;
import io.sshpool.FileTransferException.Reason;
import io.sshpool.RemoteFile;
import io.sshpool.RemoteFiles;
import io.sshpool.Transfer;
import io.sshpool.impl.pool.Walk;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;

/** The files of one SFTP channel. */
final class SftpFiles implements RemoteFiles {

    private static final long LATEST = 0xffff_ffffL;

    private final Requests requests;
    private final Trees trees;

    SftpFiles(Requests requests) {
        this.requests = requests;
        trees = new Trees(requests);
    }

    @Override
    public void upload(Path from, String to, Transfer options) {
        new Upload(requests, Sources.file(requests, from, options), to, options).run();
    }

    @Override
    public void upload(InputStream from, String to, Transfer options) {
        forStream(options);
        new Upload(requests, Sources.stream(Objects.requireNonNull(from, "from"), options), to, options).run();
    }

    @Override
    public void download(String from, Path to, Transfer options) {
        new Download(requests, from, options).into(to);
    }

    @Override
    public void download(String from, OutputStream to, Transfer options) {
        forStream(options);
        new Download(requests, from, options).into(Objects.requireNonNull(to, "to"));
    }

    private static void forStream(Transfer options) {
        if (options.resumes() || options.preservesPermissions() || options.preservesTimes()) {
            throw new IllegalArgumentException(
                    "resume, preservePermissions and preserveTimes are for files, not for streams");
        }
    }

    @Override
    public void uploadTree(Path from, String to, Transfer options) {
        trees.upload(from, to, options);
    }

    @Override
    public void downloadTree(String from, Path to, Transfer options) {
        trees.download(from, to, options);
    }

    @Override
    public List<RemoteFile> list(String directory) {
        return requests.list(directory).stream()
                .map(entry -> entry.attributes().named(Names.in(directory, entry.name())))
                .toList();
    }

    @Override
    public Stream<RemoteFile> walk(String directory) {
        return Walk.of(requests.target(), this, directory);
    }

    @Override
    public RemoteFile stat(String path) {
        return requests.stat(path).named(path);
    }

    @Override
    public RemoteFile lstat(String path) {
        return requests.lstat(path).named(path);
    }

    @Override
    public boolean exists(String path) {
        return requests.find(path).isPresent();
    }

    @Override
    public void mkdirs(String directory) {
        trees.mkdirs(directory);
    }

    @Override
    public void move(String from, String to) {
        Replacement.move(requests, from, to);
    }

    // A server says of a directory that is removed as a file whatever it likes: so it is asked what it is only then.
    @Override
    public void delete(String path) {
        try {
            requests.remove(path);
        } catch (FileTransferException e) {
            if (e.reason() == Reason.NOT_FOUND || !requests.lstat(path).isDirectory()) {
                throw e;
            }
            requests.rmdir(path);
        }
    }

    @Override
    public void deleteTree(String path) {
        trees.delete(path);
    }

    @Override
    public void setPermissions(String path, Set<PosixFilePermission> permissions) {
        requests.setstat(path, Attributes.permissions(permissions));
    }

    @Override
    public void setModified(String path, Instant modified) {
        if (modified.getEpochSecond() < 0 || modified.getEpochSecond() > LATEST) {
            throw new IllegalArgumentException("SFTP knows times from 1970 to 2106 only");
        }
        requests.setstat(path, Attributes.modified(modified));
    }

    @Override
    public void createLink(String link, String target) {
        requests.symlink(link, target);
    }

    @Override
    public String readLink(String link) {
        return requests.readlink(link);
    }

    @Override
    public InputStream read(String path) {
        return RemoteInput.open(requests, path);
    }

    @Override
    public OutputStream write(String path) {
        return RemoteOutput.open(requests, path);
    }
}
