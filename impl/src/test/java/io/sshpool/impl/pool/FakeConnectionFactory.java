package io.sshpool.impl.pool;

import io.sshpool.SshAuthenticationException;
import io.sshpool.SshConnectException;
import io.sshpool.SshConnectException.Kind;
import io.sshpool.SshConnectException.Phase;
import io.sshpool.SshException;
import io.sshpool.spi.ConnectionFactory;
import io.sshpool.spi.SshConnection;
import io.sshpool.spi.Target;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

/** Connects to {@link FakeServer servers} in memory, over a scheduler that stands for the network. Thread-safe. */
final class FakeConnectionFactory implements ConnectionFactory {

    final ScheduledExecutorService network;
    /** Times that {@link #close()} was called. */
    final AtomicInteger closes = new AtomicInteger();
    /** Handshakes under way and open connections, of all servers. */
    final AtomicInteger transports = new AtomicInteger();

    final AtomicInteger mostTransports = new AtomicInteger();
    /** Times that anybody asked for a revision. */
    final AtomicInteger revisions = new AtomicInteger();

    private final Map<String, FakeServer> servers = new ConcurrentHashMap<>();
    private volatile boolean closed;

    /** Runs in every call, on the thread of the caller. */
    volatile Runnable onCall = () -> {};

    FakeConnectionFactory(ScheduledExecutorService network) {
        this.network = network;
    }

    /** The server at {@code host:port}. */
    FakeServer server(String address) {
        return servers.computeIfAbsent(address, a -> new FakeServer());
    }

    Collection<FakeServer> servers() {
        return servers.values();
    }

    @Override
    public CompletableFuture<SshConnection> connect(Target target, Duration timeout) {
        onCall.run();
        if (closed) {
            return CompletableFuture.failedFuture(unreachable(target, "the factory is closed"));
        }
        FakeServer server = server(target.server());
        CompletableFuture<SshConnection> dial = new CompletableFuture<>();
        AtomicBoolean ended = new AtomicBoolean();
        if (server.dialsThrow) {
            throw new IllegalStateException("broken");
        }
        mostTransports.accumulateAndGet(transports.incrementAndGet(), Math::max);
        server.dialBegins();
        ScheduledFuture<?> alarm = later(timeout, () -> {
            if (endDial(server, ended)) {
                dial.completeExceptionally(new SshConnectException(
                        target.name(), Phase.AUTH, Kind.UNREACHABLE, "no answer in time", null));
            }
        });
        dial.whenComplete((connection, failure) -> {
            alarm.cancel(false);
            endDial(server, ended);
        });
        Optional<Function<Target, SshException>> failure = server.nextFailure();
        if (!server.dialsStall || failure.isPresent()) {
            later(server.dialTakes, () -> conclude(target, server, dial, failure, ended));
        }
        return dial;
    }

    @Override
    public CompletableFuture<SshConnection> connect(Target target, Duration timeout, SshConnection through) {
        CompletableFuture<SshConnection> dial = connect(target, timeout);
        dial.thenAccept(connection -> through.closed().thenRun(((FakeConnection) connection)::die));
        through.closed().thenRun(() -> dial.completeExceptionally(dropped(target)));
        return dial;
    }

    private void conclude(
            Target target,
            FakeServer server,
            CompletableFuture<SshConnection> dial,
            Optional<Function<Target, SshException>> failure,
            AtomicBoolean ended) {
        if (failure.isPresent()) {
            if (endDial(server, ended)) {
                dial.completeExceptionally(failure.get().apply(target));
            }
            return;
        }
        if (ended.compareAndSet(false, true)) {
            FakeConnection connection = new FakeConnection(this, server, target);
            server.dialing.decrementAndGet();
            server.opens(connection);
            if (!dial.complete(connection)) {
                connection.die();
            }
        }
    }

    private boolean endDial(FakeServer server, AtomicBoolean ended) {
        boolean first = ended.compareAndSet(false, true);
        if (first) {
            transports.decrementAndGet();
            server.dialing.decrementAndGet();
        }
        return first;
    }

    @Override
    public Object revision(Target target) {
        onCall.run();
        revisions.incrementAndGet();
        return server(target.server()).credential;
    }

    @Override
    public void close() {
        closes.incrementAndGet();
        closed = true;
        servers.values().forEach(server -> new ArrayList<>(server.open).forEach(FakeConnection::die));
    }

    ScheduledFuture<?> later(Duration delay, Runnable event) {
        return network.schedule(event, TimeUnit.NANOSECONDS.convert(delay), TimeUnit.NANOSECONDS);
    }

    /** Soon, on a thread of the network; at once where that has been stopped. */
    void soon(Runnable event) {
        try {
            network.execute(event);
        } catch (RejectedExecutionException e) {
            event.run();
        }
    }

    static SshConnectException unreachable(Target target) {
        return unreachable(target, "connection refused");
    }

    private static SshConnectException unreachable(Target target, String message) {
        return new SshConnectException(target.name(), Phase.TCP, Kind.UNREACHABLE, message, null);
    }

    static SshConnectException dropped(Target target) {
        return new SshConnectException(target.name(), Phase.BANNER, Kind.TRANSIENT, "dropped by the server", null);
    }

    static SshAuthenticationException rejected(Target target) {
        return new SshAuthenticationException(target.name(), "the password was rejected", null);
    }
}
