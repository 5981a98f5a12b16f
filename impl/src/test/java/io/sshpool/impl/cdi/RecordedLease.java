package io.sshpool.impl.cdi;

import io.sshpool.Command;
import io.sshpool.ExecResult;
import io.sshpool.LeaseClosedException;
import io.sshpool.Output;
import io.sshpool.RemoteFiles;
import io.sshpool.RemoteProcess;
import io.sshpool.SshLease;
import io.sshpool.Tunnel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;

/** A lease that answers with its own number, and counts how often it was closed. */
final class RecordedLease implements SshLease {

    private final String target;
    private final int number;
    private final AtomicInteger closes = new AtomicInteger();

    RecordedLease(String target, int number) {
        this.target = target;
        this.number = number;
    }

    int closes() {
        return closes.get();
    }

    @Override
    public String target() {
        return target;
    }

    @Override
    public boolean isConnected() {
        return closes.get() == 0;
    }

    @Override
    public ExecResult execute(Command command) {
        if (closes.get() > 0) {
            throw new LeaseClosedException(target, "closed");
        }
        byte[] answer = (target + "#" + number).getBytes(StandardCharsets.UTF_8);
        return ExecResult.exited(target, 0, Output.of(answer, new byte[0]), Duration.ZERO);
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
        return type.cast(this);
    }

    @Override
    public void close() {
        closes.incrementAndGet();
    }
}
