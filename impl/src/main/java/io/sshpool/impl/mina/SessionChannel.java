package io.sshpool.impl.mina;

/** What a channel of ours knows of its own course. Safe for use by several threads. */
interface SessionChannel {

    /** Whether what the channel is for was asked of the server. */
    boolean isSent();

    /** Whether the server refused it. */
    boolean isRefused();

    /** Whether the server has closed the channel. */
    boolean isClosedByPeer();

    /** Why the channel was not opened, or null. */
    Throwable openFailure();
}
