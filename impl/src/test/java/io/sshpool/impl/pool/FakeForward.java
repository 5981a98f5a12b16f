package io.sshpool.impl.pool;

import io.sshpool.spi.Forward;
import io.sshpool.spi.Forwarding;
import java.net.InetSocketAddress;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** A tunnel that nothing goes through. */
final class FakeForward implements Forward {

    private final InetSocketAddress address;
    private final CompletableFuture<Void> closed = new CompletableFuture<>();

    FakeForward(Forwarding forwarding) {
        int port = forwarding.bindPort() == 0 ? 40_000 : forwarding.bindPort();
        address = InetSocketAddress.createUnresolved(forwarding.bindHost(), port);
    }

    @Override
    public InetSocketAddress address() {
        return address;
    }

    @Override
    public CompletionStage<Void> closed() {
        return closed;
    }

    @Override
    public void close() {
        closed.complete(null);
    }
}
