package io.sshpool.impl.cdi;

import io.sshpool.Command;
import io.sshpool.ExecResult;
import io.sshpool.RemoteFiles;
import io.sshpool.RemoteProcess;
import io.sshpool.SshClient;
import io.sshpool.SshLease;
import io.sshpool.Tunnel;
import jakarta.enterprise.inject.spi.CDI;
import java.io.Serializable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** What {@code @Pooled} injects. Knows its key and its place and nothing else, so it may live as long as it likes, in a stored session too. */
final class PooledHandle implements SshClient, Serializable {

    private static final long serialVersionUID = 1L;

    private final String key;
    private final String place;
    private final transient Handles handles;

    PooledHandle(String key, String place, Handles handles) {
        this.key = key;
        this.place = place;
        this.handles = handles;
    }

    @Override
    public String target() {
        // An alias is its own name, but a spelled-out key may be the address of one.
        return key.indexOf('@') < 0 ? key : handles().target(key);
    }

    @Override
    public boolean isConnected() {
        return handles().lease(key, place).isConnected();
    }

    @Override
    public ExecResult execute(Command command) {
        return handles().lease(key, place).execute(command);
    }

    @Override
    public CompletionStage<ExecResult> executeAsync(Command command) {
        SshLease lease;
        try {
            lease = handles().lease(key, place);
        } catch (RuntimeException failure) {
            return CompletableFuture.failedFuture(failure);
        }
        return lease.executeAsync(command);
    }

    @Override
    public RemoteProcess start(Command command) {
        return handles().lease(key, place).start(command);
    }

    @Override
    public RemoteFiles files() {
        return handles().lease(key, place).files();
    }

    @Override
    public Tunnel forwardLocal(String bindHost, int localPort, String host, int port) {
        return handles().lease(key, place).forwardLocal(bindHost, localPort, host, port);
    }

    @Override
    public Tunnel forwardRemote(String bindHost, int remotePort, String host, int port) {
        return handles().lease(key, place).forwardRemote(bindHost, remotePort, host, port);
    }

    @Override
    public Tunnel forwardDynamic(String bindHost, int localPort) {
        return handles().lease(key, place).forwardDynamic(bindHost, localPort);
    }

    @Override
    public <T> T unwrap(Class<T> type) {
        return handles().lease(key, place).unwrap(type);
    }

    @Override
    public String toString() {
        return "@Pooled(\"" + key + "\")";
    }

    /** None came along when this handle was read back from a stored session: then the container of the caller has them. */
    private Handles handles() {
        return handles != null ? handles : CDI.current().select(Handles.class).get();
    }
}
