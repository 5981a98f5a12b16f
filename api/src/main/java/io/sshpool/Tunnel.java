package io.sshpool;

import java.net.InetSocketAddress;

/**
 * An open port whose connections go through a target. Belongs to the lease that opened it, keeps that lease's connection, takes no channel
 * slot, and ends with the lease. Safe for use by several threads.
 */
public interface Tunnel extends AutoCloseable {

    /**
     * The target's name, as in {@link SshClient#target()}.
     *
     * @return the name
     */
    String target();

    /**
     * Where it listens: on this machine, or for {@link SshClient#forwardRemote} on the target.
     *
     * @return the address; unresolved where it is the target's
     */
    InetSocketAddress address();

    /**
     * The port on which it listens.
     *
     * @return never 0
     */
    default int port() {
        return address().getPort();
    }

    /**
     * Whether it still takes connections. It does not reopen when its SSH connection is lost: open another one.
     *
     * @return false for good once closed or lost
     */
    boolean isOpen();

    /** Stops listening and ends the connections that go through it. Never blocks; closing again does nothing. */
    @Override
    void close();
}
