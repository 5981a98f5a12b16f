package io.sshpool.impl.pool;

import io.sshpool.LeaseClosedException;
import io.sshpool.Tunnel;
import io.sshpool.spi.Forward;
import io.sshpool.spi.Forwarding;
import io.sshpool.spi.PoolListener;
import java.net.InetSocketAddress;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;

/** A tunnel through the home connection of a lease, which keeps that connection, and its handle reachable, while this is open. */
final class PooledTunnel implements Tunnel {

    private final Lease lease;
    private final PoolListener.Forward observer;
    private final Object handle;
    private final CompletableFuture<Forward> forward = new CompletableFuture<>();
    private final AtomicBoolean gone = new AtomicBoolean();

    private volatile boolean closed;

    private PooledTunnel(Lease lease, PoolListener.Forward observer, Object handle) {
        this.lease = lease;
        this.observer = observer;
        this.handle = handle;
    }

    static PooledTunnel open(Lease lease, Forwarding forwarding, Object handle) {
        PoolListener.Forward observer = lease.core.listener.forwarding(lease.account.target, forwarding);
        PooledTunnel tunnel = new PooledTunnel(lease, observer, handle);
        try {
            tunnel.open(forwarding);
        } catch (RuntimeException e) {
            lease.letGo(tunnel);
            observer.failed(e);
            throw e;
        }
        return tunnel;
    }

    private void open(Forwarding forwarding) {
        PooledConnection connection = lease.keepFor(this);
        CompletableFuture<Forward> opening = new CompletableFuture<>();
        connection.transport.forward(forwarding).whenComplete((opened, failure) -> {
            if (failure != null) {
                opening.completeExceptionally(failure);
            } else if (!opening.complete(opened)) {
                opened.close();
            }
        });
        Forward opened = Waits.await(opening, target(), "opening a tunnel through", () -> giveUp(opening));
        forward.complete(opened);
        if (closed) {
            opened.close();
            throw new LeaseClosedException(
                    target(), "the lease on " + target() + " was closed while a tunnel was opened");
        }
        observer.opened(port());
        opened.closed().thenRun(this::gone);
    }

    private void giveUp(CompletableFuture<Forward> opening) {
        if (!opening.cancel(false) && !opening.isCompletedExceptionally()) {
            opening.join().close();
        }
    }

    private void gone() {
        if (gone.compareAndSet(false, true)) {
            lease.letGo(this);
            observer.closed();
        }
    }

    @Override
    public String target() {
        return lease.account.target.name();
    }

    @Override
    public InetSocketAddress address() {
        return forward.join().address();
    }

    @Override
    public boolean isOpen() {
        return !closed && !gone.get();
    }

    @Override
    public void close() {
        closed = true;
        Forward open = forward.getNow(null);
        if (open != null) {
            open.close();
        }
    }

    @Override
    public String toString() {
        return "Tunnel[" + target() + ", " + (isOpen() ? "open" : "closed") + (handle == null ? ", no handle]" : "]");
    }
}
