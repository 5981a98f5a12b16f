package io.sshpool.impl.pool;

import io.sshpool.RemoteFile;
import io.sshpool.RemoteFiles;
import io.sshpool.Transfer;
import io.sshpool.spi.PoolListener;
import java.io.FilterInputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;

/** The files of a lease: each operation has a share of the lease's SFTP channel for as long as it runs. */
final class PooledFiles implements RemoteFiles {

    private final Lease lease;
    private final SharedFiles shared;
    private final Object handle;

    PooledFiles(Lease lease, Object handle) {
        this.lease = lease;
        this.handle = handle;
        shared = new SharedFiles(lease);
    }

    @Override
    public void upload(Path from, String to, Transfer options) {
        run("upload", files -> files.upload(from, to, options));
    }

    @Override
    public void upload(InputStream from, String to, Transfer options) {
        run("upload", files -> files.upload(from, to, options));
    }

    @Override
    public void download(String from, Path to, Transfer options) {
        run("download", files -> files.download(from, to, options));
    }

    @Override
    public void download(String from, OutputStream to, Transfer options) {
        run("download", files -> files.download(from, to, options));
    }

    @Override
    public void uploadTree(Path from, String to, Transfer options) {
        run("uploadTree", files -> files.uploadTree(from, to, options));
    }

    @Override
    public void downloadTree(String from, Path to, Transfer options) {
        run("downloadTree", files -> files.downloadTree(from, to, options));
    }

    @Override
    public List<RemoteFile> list(String directory) {
        return ask("list", files -> files.list(directory));
    }

    @Override
    public Stream<RemoteFile> walk(String directory) {
        return Walk.of(lease.account.target.name(), this, directory);
    }

    @Override
    public RemoteFile stat(String path) {
        return ask("stat", files -> files.stat(path));
    }

    @Override
    public RemoteFile lstat(String path) {
        return ask("lstat", files -> files.lstat(path));
    }

    @Override
    public boolean exists(String path) {
        return ask("exists", files -> files.exists(path));
    }

    @Override
    public void mkdirs(String directory) {
        run("mkdirs", files -> files.mkdirs(directory));
    }

    @Override
    public void move(String from, String to) {
        run("move", files -> files.move(from, to));
    }

    @Override
    public void delete(String path) {
        run("delete", files -> files.delete(path));
    }

    @Override
    public void deleteTree(String path) {
        run("deleteTree", files -> files.deleteTree(path));
    }

    @Override
    public void setPermissions(String path, Set<PosixFilePermission> permissions) {
        run("setPermissions", files -> files.setPermissions(path, permissions));
    }

    @Override
    public void setModified(String path, Instant modified) {
        run("setModified", files -> files.setModified(path, modified));
    }

    @Override
    public void createLink(String link, String target) {
        run("createLink", files -> files.createLink(link, target));
    }

    @Override
    public String readLink(String link) {
        return ask("readLink", files -> files.readLink(link));
    }

    @Override
    public InputStream read(String path) {
        return open("read", files -> files.read(path), Reading::new);
    }

    @Override
    public OutputStream write(String path) {
        return open("write", files -> files.write(path), Writing::new);
    }

    @Override
    public String toString() {
        return "RemoteFiles[" + lease.account.target.name() + "]";
    }

    // ---- shares

    private void run(String operation, Consumer<RemoteFiles> action) {
        ask(operation, files -> {
            action.accept(files);
            return null;
        });
    }

    private <T> T ask(String operation, Function<RemoteFiles, T> action) {
        try (Use use = new Use(operation)) {
            return use.run(action);
        }
    }

    private <S, T> T open(String operation, Function<RemoteFiles, S> opening, Wrapping<S, T> wrapping) {
        Use use = new Use(operation);
        try {
            return wrapping.wrap(use.run(opening), use);
        } catch (RuntimeException | Error e) {
            use.close();
            throw e;
        }
    }

    @FunctionalInterface
    private interface Wrapping<S, T> {
        T wrap(S stream, Use use);
    }

    @FunctionalInterface
    private interface Step<T> {
        T take() throws IOException;
    }

    /** One operation on a share of the channel, which a listener hears of. */
    private final class Use implements AutoCloseable {

        private final PoolListener.Files observer;
        private final SharedFiles.Share share;
        private Throwable failure;

        private Use(String operation) {
            observer = lease.core.listener.usingFiles(lease.account.target, operation);
            share = shared.take(handle);
        }

        private <T> T run(Function<RemoteFiles, T> action) {
            try {
                return action.apply(share.channel().files());
            } catch (RuntimeException | Error e) {
                failure = e;
                throw e;
            }
        }

        /** A step of a stream: what it throws is what the operation failed with, however the stream ends. */
        private <T> T step(Step<T> step) throws IOException {
            try {
                return step.take();
            } catch (IOException | RuntimeException e) {
                if (failure == null) {
                    failure = e instanceof IOException && e.getCause() != null ? e.getCause() : e;
                }
                throw e;
            }
        }

        @Override
        public void close() {
            share.close();
            if (failure == null) {
                observer.completed();
            } else {
                observer.failed(failure);
            }
        }
    }

    private static final class Reading extends FilterInputStream {
        private final Use use;
        private boolean closed;

        private Reading(InputStream in, Use use) {
            super(in);
            this.use = use;
        }

        @Override
        public int read() throws IOException {
            return use.step(in::read);
        }

        @Override
        public int read(byte[] bytes, int start, int length) throws IOException {
            return use.step(() -> in.read(bytes, start, length));
        }

        @Override
        public long skip(long bytes) throws IOException {
            return use.step(() -> in.skip(bytes));
        }

        @Override
        public void close() throws IOException {
            if (!closed) {
                closed = true;
                try (use) {
                    in.close();
                }
            }
        }
    }

    private static final class Writing extends FilterOutputStream {
        private final Use use;
        private boolean closed;

        private Writing(OutputStream out, Use use) {
            super(out);
            this.use = use;
        }

        @Override
        public void write(int one) throws IOException {
            act(() -> out.write(one));
        }

        // Not byte by byte, as the superclass would.
        @Override
        public void write(byte[] bytes, int start, int length) throws IOException {
            act(() -> out.write(bytes, start, length));
        }

        @Override
        public void flush() throws IOException {
            act(out::flush);
        }

        @Override
        public void close() throws IOException {
            if (closed) {
                return;
            }
            closed = true;
            try (use) {
                act(out::close);
            }
        }

        private void act(Act act) throws IOException {
            use.step(() -> {
                act.run();
                return null;
            });
        }

        @FunctionalInterface
        private interface Act {
            void run() throws IOException;
        }
    }
}
