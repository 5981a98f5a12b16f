package io.sshpool.impl.mina.sftp;

import io.sshpool.SshException;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Objects;

/** A remote file being written. */
final class RemoteOutput extends OutputStream {

    private final Requests requests;
    private final String path;
    private final byte[] handle;
    private final WriteBehind content;

    private Packet packet;
    private int filled;
    private boolean closed;
    private SshException failure;

    private RemoteOutput(Requests requests, String path, byte[] handle) {
        this.requests = requests;
        this.path = path;
        this.handle = handle;
        content = new WriteBehind(requests, path, handle, 0);
    }

    static RemoteOutput open(Requests requests, String path) {
        int flags = Requests.FOR_WRITING | Requests.CREATE | Requests.TRUNCATE;
        return new RemoteOutput(requests, path, requests.open(path, flags, Attributes.NONE));
    }

    @Override
    public void write(int one) throws IOException {
        write(new byte[] {(byte) one}, 0, 1);
    }

    @Override
    public void write(byte[] from, int start, int length) throws IOException {
        Objects.checkFromIndexSize(start, length, from.length);
        if (closed) {
            throw new IOException("the stream is closed");
        }
        int at = start;
        int left = length;
        while (left > 0) {
            if (packet == null) {
                packet = content.packet();
            }
            int taken = Math.min(left, content.room() - filled);
            System.arraycopy(from, at, packet.array(), packet.contentAt() + filled, taken);
            filled += taken;
            at += taken;
            left -= taken;
            if (filled == content.room()) {
                send();
            }
        }
    }

    private void send() throws IOException {
        Packet full = packet;
        int length = filled;
        packet = null;
        filled = 0;
        if (length > 0) {
            asIo(() -> content.send(full, length));
        }
    }

    @Override
    public void flush() throws IOException {
        send();
        asIo(content::flush);
    }

    @Override
    public void close() throws IOException {
        if (closed) {
            return;
        }
        boolean written = false;
        try {
            flush();
            written = true;
        } finally {
            closed = true;
            if (!written) {
                requests.abandon(handle);
            }
        }
        asIo(() -> requests.close(handle, path));
    }

    /** Nothing more is done after a failure: the file has a hole, whatever is written to it. */
    private void asIo(Runnable action) throws IOException {
        if (failure == null) {
            try {
                action.run();
            } catch (SshException e) {
                failure = e;
            }
        }
        if (failure != null) {
            throw new IOException(failure.getMessage(), failure);
        }
    }
}
