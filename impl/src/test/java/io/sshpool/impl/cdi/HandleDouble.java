package io.sshpool.impl.cdi;

import io.sshpool.Command;
import io.sshpool.ExecResult;
import io.sshpool.Output;
import io.sshpool.Pooled;
import io.sshpool.RemoteFiles;
import io.sshpool.RemoteProcess;
import io.sshpool.SshClient;
import io.sshpool.Tunnel;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Alternative;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** What an application's tests may put in the place of every handle. */
@Alternative
@Priority(1)
@ApplicationScoped
@Pooled
class HandleDouble implements SshClient {

    @Override
    public String target() {
        return "double";
    }

    @Override
    public boolean isConnected() {
        return true;
    }

    @Override
    public ExecResult execute(Command command) {
        Output output = Output.of("double".getBytes(StandardCharsets.UTF_8), new byte[0]);
        return ExecResult.exited("double", 0, output, Duration.ZERO);
    }

    @Override
    public CompletionStage<ExecResult> executeAsync(Command command) {
        return CompletableFuture.completedFuture(execute(command));
    }

    @Override
    public RemoteProcess start(Command command) {
        throw new UnsupportedOperationException();
    }

    @Override
    public RemoteFiles files() {
        throw new UnsupportedOperationException();
    }

    @Override
    public Tunnel forwardLocal(String bindHost, int localPort, String host, int port) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Tunnel forwardRemote(String bindHost, int remotePort, String host, int port) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Tunnel forwardDynamic(String bindHost, int localPort) {
        throw new UnsupportedOperationException();
    }

    @Override
    public <T> T unwrap(Class<T> type) {
        throw new IllegalArgumentException("a double has no " + type.getName());
    }
}
