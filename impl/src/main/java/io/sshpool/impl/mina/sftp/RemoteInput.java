package io.sshpool.impl.mina.sftp;

import io.sshpool.FileTransferException.Reason;
import io.sshpool.RemoteFile;
import io.sshpool.SshException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;

/** A remote file being read. */
final class RemoteInput extends InputStream {

    private final Requests requests;
    private final byte[] handle;
    private final ReadAhead content;
    private final byte[] single = new byte[1];

    private Answer piece;
    private int at;
    private int left;
    private boolean ended;
    private SshException failure;
    private boolean closed;

    private RemoteInput(Requests requests, byte[] handle, ReadAhead content) {
        this.requests = requests;
        this.handle = handle;
        this.content = content;
    }

    static RemoteInput open(Requests requests, String path) {
        Attributes file = requests.stat(path);
        if (!file.mayBe(RemoteFile.Type.FILE)) {
            throw requests.failure("reading", path, Reason.WRONG_KIND, "it is no file", null);
        }
        byte[] handle = requests.open(path, Requests.FOR_READING, Attributes.NONE);
        long size = file.size().orElse(0);
        return new RemoteInput(requests, handle, new ReadAhead(requests, path, handle, 0, size));
    }

    @Override
    public int read() throws IOException {
        return read(single, 0, 1) < 0 ? -1 : single[0] & 0xff;
    }

    @Override
    public int read(byte[] into, int start, int length) throws IOException {
        Objects.checkFromIndexSize(start, length, into.length);
        if (closed) {
            throw new IOException("the stream is closed");
        }
        if (length == 0) {
            return 0;
        }
        if (left == 0 && !advance()) {
            return -1;
        }
        int taken = Math.min(length, left);
        System.arraycopy(piece.array(), at, into, start, taken);
        at += taken;
        left -= taken;
        return taken;
    }

    private boolean advance() throws IOException {
        if (ended) {
            return false;
        }
        // what comes after a piece that failed is not what comes next
        if (failure == null) {
            try {
                piece = content.next();
            } catch (SshException e) {
                failure = e;
            }
        }
        if (failure != null) {
            throw new IOException(failure.getMessage(), failure);
        }
        ended = piece == null;
        if (!ended) {
            left = piece.length();
            at = piece.position();
        }
        return !ended;
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            requests.abandon(handle);
        }
    }
}
