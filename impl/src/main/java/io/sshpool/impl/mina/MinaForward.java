package io.sshpool.impl.mina;

import io.sshpool.ConnectionLostException;
import io.sshpool.TunnelException;
import io.sshpool.impl.pool.PoolThreads;
import io.sshpool.impl.pool.Text;
import io.sshpool.spi.Forward;
import io.sshpool.spi.Forwarding;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.sshd.common.channel.Channel;
import org.apache.sshd.common.forward.DefaultForwarder;
import org.apache.sshd.common.forward.Forwarder;
import org.apache.sshd.common.session.helpers.AbstractConnectionService;
import org.apache.sshd.common.util.net.SshdSocketAddress;
import org.apache.sshd.server.forward.TcpipServerChannel;

/**
 * A tunnel of a MINA session. One that listens here has a forwarder of its own, so that its end is the end of its connections too; one that
 * listens on the server needs the session's, which knows it by its port.
 */
final class MinaForward implements Forward {

    private static final int LONGEST_TEXT = 200;

    private final MinaConnection connection;
    private final Forwarding forwarding;
    private final String target;
    private final CompletableFuture<Void> closed = new CompletableFuture<>();
    private final AtomicBoolean closing = new AtomicBoolean();

    // Written before the tunnel is published.
    private DefaultForwarder own;
    private SshdSocketAddress bound;

    private MinaForward(MinaConnection connection, Forwarding forwarding) {
        this.connection = connection;
        this.forwarding = forwarding;
        target = connection.setting().target().name();
    }

    /** Opens a tunnel; on a thread of its own where the server has to answer, as MINA waits for that. */
    static CompletableFuture<Forward> open(MinaConnection connection, Forwarding forwarding) {
        MinaForward forward = new MinaForward(connection, forwarding);
        CompletableFuture<Forward> opened = new CompletableFuture<>();
        Runnable opening = () -> {
            try {
                forward.listen();
                opened.complete(forward);
            } catch (IOException | RuntimeException e) {
                forward.close();
                opened.completeExceptionally(forward.failure(e));
            }
        };
        if (forwarding.direction() == Forwarding.Direction.REMOTE) {
            PoolThreads.thread("sshpool-forward", opening).start();
        } else {
            opening.run();
        }
        return opened;
    }

    private void listen() throws IOException {
        SshdSocketAddress bind = new SshdSocketAddress(forwarding.bindHost(), forwarding.bindPort());
        if (forwarding.direction() == Forwarding.Direction.REMOTE) {
            bound = listenThere(bind);
            return;
        }
        own = new DefaultForwarder(service());
        bound = forwarding.direction() == Forwarding.Direction.LOCAL
                ? own.startLocalPortForwarding(bind, destination())
                : own.startDynamicPortForwarding(bind);
    }

    /** One tunnel a port, whatever its address: MINA refuses a second one, too, and forgets the first as it does so. */
    private SshdSocketAddress listenThere(SshdSocketAddress bind) throws IOException {
        Forwarder forwarder = service().getForwarder();
        SshdSocketAddress here = destinationHere();
        // The lock of its own methods.
        synchronized (forwarder) {
            if (forwarder.getStartedRemotePortForwards().contains(bind.getPort())) {
                throw new IOException("another tunnel over this connection has that port");
            }
            return forwarder.startRemotePortForwarding(bind, here);
        }
    }

    private SshdSocketAddress destination() {
        return new SshdSocketAddress(forwarding.host(), forwarding.port());
    }

    /** By address: each connection would ask the name service on an I/O thread. One that cannot be found is tried by name again. */
    private SshdSocketAddress destinationHere() {
        InetSocketAddress resolved = new InetSocketAddress(forwarding.host(), forwarding.port());
        return resolved.isUnresolved()
                ? destination()
                : new SshdSocketAddress(resolved.getAddress().getHostAddress(), forwarding.port());
    }

    private AbstractConnectionService service() {
        return connection.session().getService(AbstractConnectionService.class);
    }

    private RuntimeException failure(Exception cause) {
        if (!connection.isOpen()) {
            return ConnectionLostException.beforeSending(
                    target, "the connection to " + target + " was lost while a tunnel was opened", cause);
        }
        String place = "port " + forwarding.bindPort() + " of " + Text.printable(forwarding.bindHost(), LONGEST_TEXT);
        String reason = Text.printable(String.valueOf(cause.getMessage()), LONGEST_TEXT);
        String message = forwarding.direction() == Forwarding.Direction.REMOTE
                ? "the server " + target + " does not listen on its " + place + ": " + reason
                        + "; the port may be taken (0 takes a free one), or AllowTcpForwarding or PermitListen forbids it"
                : "cannot listen on " + place + " of this machine for a tunnel through " + target + ": " + reason
                        + "; port 0 takes a free one";
        return new TunnelException(target, message, cause);
    }

    @Override
    public InetSocketAddress address() {
        return own == null
                ? InetSocketAddress.createUnresolved(forwarding.bindHost(), bound.getPort())
                : new InetSocketAddress(bound.getHostName(), bound.getPort());
    }

    @Override
    public CompletionStage<Void> closed() {
        return closed;
    }

    @Override
    public void close() {
        if (!closing.compareAndSet(false, true)) {
            return;
        }
        if (own != null) {
            own.close(true).addListener(future -> closed.complete(null));
        } else if (bound != null && connection.isOpen()) {
            PoolThreads.thread("sshpool-forward", this::stopListening).start();
        } else {
            closed.complete(null);
        }
    }

    private void stopListening() {
        try {
            connection.session().stopRemotePortForwarding(bound);
            service().getChannels().forEach(this::endIfMine);
        } catch (IOException | RuntimeException e) {
            // The session is closing, which ends it all.
        } finally {
            closed.complete(null);
        }
    }

    // The port is enough, see listenThere.
    private void endIfMine(Channel channel) {
        if (channel instanceof TcpipServerChannel mine
                && mine.getTunnelEntrance() != null
                && mine.getTunnelEntrance().getPort() == bound.getPort()) {
            mine.close(false);
        }
    }
}
