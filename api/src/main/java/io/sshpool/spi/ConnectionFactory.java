package io.sshpool.spi;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/** Makes connections. Safe for use by several threads. */
public interface ConnectionFactory extends AutoCloseable {

    /**
     * Connects and authenticates. Never blocks and never throws; the future fails with an
     * {@link io.sshpool.SshConnectException}, or an {@link io.sshpool.SshConfigException} when there is no usable credential.
     *
     * <p>Cancelling the future abandons the attempt: whatever it has opened is closed, also when it succeeds later. After a failure
     * nothing stays open.
     *
     * @param target the target
     * @param timeout bounds all phases together
     * @return the connection to be
     */
    CompletableFuture<SshConnection> connect(Target target, Duration timeout);

    /**
     * Something that changes when {@link #connect} would show the server another credential or judge its host key anew. May
     * block as a {@link CredentialProvider} may.
     *
     * @param target the target
     * @return an immutable value that reveals no secret
     */
    Object revision(Target target);

    /** Releases threads and sockets; connections still open are closed. Blocks until then, at most for some seconds. */
    @Override
    void close();
}
