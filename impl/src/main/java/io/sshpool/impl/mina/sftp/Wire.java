package io.sshpool.impl.mina.sftp;

/** Where packets go. */
public interface Wire {

    /**
     * Sends bytes, after those sent before. Never blocks and never throws: when they cannot be sent, the dialogue is told of the end.
     *
     * @param bytes not to be changed from here on
     * @param length how many of them
     */
    void send(byte[] bytes, int length);

    /** Closes the channel, after what was sent. */
    void finish();
}
