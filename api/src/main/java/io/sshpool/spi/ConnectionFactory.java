package io.sshpool.spi;

import io.sshpool.SshConfigException;
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
     * Connects and authenticates through the connection to a jump host, which stays open for as long as the new one may be. The end of
     * {@code through} is the end of the new connection too. Otherwise as {@link #connect(Target, Duration)}; a server that does not
     * forward, or cannot reach the target, fails the future with an {@link io.sshpool.SshConnectException}.
     *
     * @param target the target
     * @param timeout bounds all phases of this connect together; {@code through} is open already
     * @param through an open connection of this factory
     * @return the connection to be; unless this is overridden, it fails with an {@link io.sshpool.SshConfigException}
     */
    default CompletableFuture<SshConnection> connect(Target target, Duration timeout, SshConnection through) {
        return CompletableFuture.failedFuture(new SshConfigException("proxy-jump of " + target.name()
                + " cannot be followed: " + getClass().getName() + " connects through no other host"));
    }

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
