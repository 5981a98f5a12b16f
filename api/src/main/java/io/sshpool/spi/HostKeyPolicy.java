package io.sshpool.spi;

import java.net.SocketAddress;
import java.security.PublicKey;
import java.util.List;

/** Decides whether a server is who it should be. Safe for use by several threads. */
public interface HostKeyPolicy {

    /**
     * Decides on a server's key, before any credential is sent. Called on an I/O thread: reads at most a local file.
     *
     * @param target the target
     * @param address the address that was connected to
     * @param key the server's host key, or its host certificate, of which nothing has been checked yet: not the signature, the time or the
     *     names
     * @throws io.sshpool.HostKeyException when the key is not trusted
     */
    void verify(Target target, SocketAddress address, PublicKey key);

    /**
     * The key types by which the host is known, such as {@code ssh-ed25519}, so that the server is asked for one of them.
     *
     * @param target the target
     * @return the types, empty when nothing is known
     */
    List<String> knownKeyTypes(Target target);

    /**
     * Something that is equal to the last answer while {@link #verify} would judge as before, such as a file's time and size. Ends
     * the window after a rejected key when it changes.
     *
     * @param target the target
     * @return an immutable value
     */
    Object revision(Target target);
}
