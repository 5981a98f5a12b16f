package io.sshpool.impl.mina.sftp;

import io.sshpool.Transfer;

/** Tells a listener now and then how far a transfer is. */
final class Meter {

    private static final long STEP = 256 * 1024;

    private final Transfer.Progress listener;
    private final String path;
    private final long size;
    private long told;

    Meter(Transfer.Progress listener, String path, long size) {
        this.listener = listener;
        this.path = path;
        this.size = size;
    }

    void at(long bytes) {
        if (bytes - told >= STEP) {
            told = bytes;
            listener.transferred(path, bytes, size);
        }
    }

    void end(long bytes) {
        listener.transferred(path, bytes, bytes);
    }
}
