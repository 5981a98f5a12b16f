package io.sshpool.impl.pool;

import io.sshpool.FileTransferException;
import io.sshpool.FileTransferException.Reason;
import io.sshpool.FileTransferException.Side;
import io.sshpool.RemoteFile;
import io.sshpool.RemoteFiles;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.function.Consumer;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** What is in a remote directory and below, each directory before its content, listed when the stream gets there. */
public final class Walk extends Spliterators.AbstractSpliterator<RemoteFile> {

    /** A directory in a path of 4096 characters is seldom deeper; a server that makes one up may be endless. */
    public static final int DEEPEST = 500;

    private final String target;
    private final RemoteFiles files;
    private final Deque<Iterator<RemoteFile>> open = new ArrayDeque<>();
    private String next;

    private Walk(String target, RemoteFiles files, String directory) {
        super(Long.MAX_VALUE, Spliterator.NONNULL);
        this.target = target;
        this.files = files;
        next = directory;
    }

    /** A lazy stream of what is there. */
    public static Stream<RemoteFile> of(String target, RemoteFiles files, String directory) {
        return StreamSupport.stream(new Walk(target, files, directory), false);
    }

    @Override
    public boolean tryAdvance(Consumer<? super RemoteFile> action) {
        if (next != null) {
            enter(next);
            next = null;
        }
        while (!open.isEmpty() && !open.element().hasNext()) {
            open.remove();
        }
        if (open.isEmpty()) {
            return false;
        }
        RemoteFile file = open.element().next();
        next = file.isDirectory() ? file.path() : null;
        action.accept(file);
        return true;
    }

    private void enter(String directory) {
        if (open.size() > DEEPEST) {
            throw tooDeep(target, directory);
        }
        List<RemoteFile> content = files.list(directory);
        open.push(content.iterator());
    }

    /** A directory below too many others. */
    public static FileTransferException tooDeep(String target, String directory) {
        String message = "walking " + Text.printable(directory, 300) + " on " + target + " failed: it is deeper than "
                + DEEPEST + " directories";
        return new FileTransferException(target, Side.REMOTE, directory, Reason.FAILED, message, null);
    }
}
