package io.sshpool.spi;

import io.sshpool.RemoteFiles;

/** An SFTP channel. Open once both sides have agreed on a version; ends, without a failure, when either side closes it. */
public interface FilesChannel extends SshChannel<Void> {

    /**
     * The files. Its methods block, but never for a slot; streams that it opens belong to this channel.
     *
     * @return what works while the channel is open
     */
    RemoteFiles files();

    /**
     * Whether the channel is open as far as is known. Costs nothing.
     *
     * @return false for good once it is closed, or its connection is
     */
    boolean isOpen();

    /** Ends the channel when what was asked of the server has been answered, which nobody need wait for. */
    void finish();
}
