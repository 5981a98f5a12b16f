package io.sshpool.impl.pool;

import io.sshpool.Command;
import io.sshpool.ExecResult;
import io.sshpool.RemoteFiles;
import io.sshpool.RemoteProcess;
import io.sshpool.SshLease;
import io.sshpool.Tunnel;
import io.sshpool.spi.Forwarding;
import java.util.Objects;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionStage;

/** What the application holds. All state is in {@link Lease}, which outlives this object when it was not closed. */
final class PooledLease implements SshLease {

    private final Lease lease;
    private final LeaseWatch watch;
    private final LeaseWatch.Entry entry;

    // Guarded by this object's monitor.
    private PooledFiles files;

    /** A lease that is watched for being forgotten; the holder may be empty. */
    PooledLease(Lease lease, LeaseWatch watch, String holder) {
        this.lease = lease;
        this.watch = watch;
        entry = watch.add(this, lease, holder);
    }

    @Override
    public String target() {
        return lease.account.target.name();
    }

    @Override
    public boolean isConnected() {
        return lease.isConnected();
    }

    @Override
    public ExecResult execute(Command command) {
        return run(lease, command, this);
    }

    @Override
    public CompletionStage<ExecResult> executeAsync(Command command) {
        Operation<ExecResult, ?> operation = Commands.execute(lease, Objects.requireNonNull(command, "command"), this);
        return Waits.publish(
                operation.result,
                lease.core.threads.workers(),
                () -> operation.giveUp(new CancellationException("cancelled by the caller")),
                unwanted -> {});
    }

    @Override
    public RemoteProcess start(Command command) {
        return PooledProcess.start(lease, Objects.requireNonNull(command, "command"), this);
    }

    @Override
    public synchronized RemoteFiles files() {
        if (files == null) {
            files = new PooledFiles(lease, this);
        }
        return files;
    }

    @Override
    public Tunnel forwardLocal(String bindHost, int localPort, String host, int port) {
        return PooledTunnel.open(
                lease, new Forwarding(Forwarding.Direction.LOCAL, bindHost, localPort, host, port), this);
    }

    @Override
    public Tunnel forwardRemote(String bindHost, int remotePort, String host, int port) {
        return PooledTunnel.open(
                lease, new Forwarding(Forwarding.Direction.REMOTE, bindHost, remotePort, host, port), this);
    }

    @Override
    public Tunnel forwardDynamic(String bindHost, int localPort) {
        return PooledTunnel.open(lease, new Forwarding(Forwarding.Direction.DYNAMIC, bindHost, localPort, "", 0), this);
    }

    @Override
    public <T> T unwrap(Class<T> type) {
        return lease.unwrap(type);
    }

    @Override
    public void close() {
        watch.remove(entry);
        lease.close("the lease on " + target() + " was closed in the midst of an operation");
    }

    @Override
    public String toString() {
        return "SshLease[" + target() + "]";
    }

    /** Runs a command and waits for it. */
    static ExecResult run(Lease lease, Command command, Object handle) {
        Operation<ExecResult, ?> operation =
                Commands.execute(lease, Objects.requireNonNull(command, "command"), handle);
        return Waits.await(
                operation.result,
                lease.account.target.name(),
                "running a command on",
                () -> operation.giveUp(new CancellationException("interrupted")));
    }
}
