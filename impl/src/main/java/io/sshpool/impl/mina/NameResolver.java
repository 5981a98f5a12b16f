package io.sshpool.impl.mina;

import java.net.InetAddress;
import java.net.UnknownHostException;

/** Looks host names up. Called on a worker, as it may block for as long as DNS does. Safe for use by several threads. */
@FunctionalInterface
public interface NameResolver {

    /** The JVM's resolver. */
    NameResolver SYSTEM = InetAddress::getAllByName;

    /**
     * The addresses of a host.
     *
     * @param host a name, or an IP address without brackets
     * @return in the order in which they are to be tried
     * @throws UnknownHostException when there is none
     */
    InetAddress[] resolve(String host) throws UnknownHostException;
}
