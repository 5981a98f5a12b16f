package io.sshpool.impl.mina;

import io.sshpool.PoolClosedException;
import io.sshpool.SshConfigException;
import io.sshpool.SshConnectException;
import io.sshpool.SshConnectException.Kind;
import io.sshpool.SshConnectException.Phase;
import io.sshpool.SshException;
import io.sshpool.impl.pool.PoolThreads;
import io.sshpool.spi.Credential;
import io.sshpool.spi.CredentialProvider;
import io.sshpool.spi.HostKeyPolicy;
import io.sshpool.spi.SshConnection;
import io.sshpool.spi.Target;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.BiFunction;
import java.util.function.Supplier;

/**
 * One connect to a target, over all of its addresses and within one deadline. Credentials and DNS are asked on a worker, as they
 * may block; what is connected is left to I/O threads.
 *
 * <p>An address that fails before it has identified itself as an SSH server makes way for the next one. While others are left it
 * gets its share of the time that remains, so that a black hole in front does not hide a good address behind it.
 */
final class Dial {

    private final Target target;
    private final Duration timeout;
    private final World world;
    private final Optional<MinaConnection> through;
    private final long deadline;
    private final CompletableFuture<SshConnection> result = new CompletableFuture<>();
    private final Queue<InetSocketAddress> addresses = new ArrayDeque<>();

    private volatile MinaClient client;
    private volatile Handshake.Offer offer;
    private volatile Handshake current;
    private volatile Phase waitingFor = Phase.AUTH;

    /**
     * What a dial needs of the world.
     *
     * @param client connects; made on first use
     * @param credentials supplies what is shown
     * @param hostKeys judges servers
     * @param names looks hosts up
     * @param threads time and threads
     * @param proven the fingerprint of the key that each target took last
     * @param wrap makes a connection of a session
     */
    record World(
            Supplier<MinaClient> client,
            CredentialProvider credentials,
            HostKeyPolicy hostKeys,
            NameResolver names,
            PoolThreads threads,
            Map<String, String> proven,
            BiFunction<Target, PooledSession, MinaConnection> wrap) {}

    Dial(Target target, Duration timeout, World world, Optional<MinaConnection> through) {
        this.target = target;
        this.timeout = timeout;
        this.world = world;
        this.through = through;
        this.deadline = world.threads().clock().getAsLong() + timeout.toNanos();
    }

    CompletableFuture<SshConnection> start() {
        try {
            Future<?> alarm = schedule(this::expire, timeout.toNanos());
            result.whenComplete((connection, failure) -> {
                alarm.cancel(false);
                abandon(current);
            });
            world.threads().workers().execute(this::prepare);
        } catch (RejectedExecutionException e) {
            result.completeExceptionally(new PoolClosedException(target.name()));
        }
        return result;
    }

    private void prepare() {
        try {
            List<Credential> credentials = credentials();
            if (result.isDone()) {
                return;
            }
            Login login = new Login(credentials, identities());
            if (result.isDone()) {
                return;
            }
            offer = new Handshake.Offer(
                    target, login, List.copyOf(world.hostKeys().knownKeyTypes(target)));
            client = world.client().get();
            findAddresses();
            waitingFor = Phase.TCP;
            tryNext();
        } catch (UnknownHostException e) {
            fail(Phase.DNS, "the name " + target.host() + " of " + target.name() + " cannot be resolved", e);
        } catch (RuntimeException | Error e) {
            giveUp(waitingFor, e);
        }
    }

    private void findAddresses() throws UnknownHostException {
        if (through.isPresent()) {
            // The name means what it means to the jump host.
            addresses.add(InetSocketAddress.createUnresolved(target.host(), target.port()));
            return;
        }
        waitingFor = Phase.DNS;
        for (InetAddress address : world.names().resolve(target.host())) {
            addresses.add(new InetSocketAddress(nameless(address), target.port()));
        }
        if (addresses.isEmpty()) {
            throw new UnknownHostException(target.host());
        }
    }

    private List<Credential> credentials() {
        List<Credential> found = world.credentials().credentials(target);
        if (found.isEmpty()) {
            throw new SshConfigException("no credential for " + target.name() + "; set its password or private-key");
        }
        return found;
    }

    private Identities identities() {
        Optional<String> proven = Optional.ofNullable(world.proven().get(target.name()));
        return new Identities(deadline, world.threads(), Validity.onWallClock(), proven);
    }

    private void tryNext() {
        Handshake handshake = new Handshake(offer, addresses.remove(), world.hostKeys(), through);
        current = handshake;
        if (result.isDone()) {
            return;
        }
        if (!addresses.isEmpty()) {
            long share = (deadline - world.threads().clock().getAsLong()) / (addresses.size() + 1);
            Future<?> turn = schedule(() -> passOver(handshake), Math.max(share, 0));
            result.whenComplete((connection, failure) -> turn.cancel(false));
        }
        handshake.start(client).whenComplete((session, failure) -> {
            if (session != null) {
                connected(session);
            } else {
                failed(handshake);
            }
        });
    }

    private void passOver(Handshake handshake) {
        if (isBeforeBanner(handshake)) {
            handshake.fail(new SocketTimeoutException("no answer in this address's share of the time"));
        }
    }

    private void connected(PooledSession session) {
        try {
            MinaConnection connection = world.wrap().apply(target, session);
            session.login()
                    .accepted()
                    .ifPresent(identity ->
                            world.proven().put(target.name(), identity.shown().fingerprint()));
            if (!result.complete(connection)) {
                connection.abort();
            }
        } catch (RuntimeException | Error e) {
            session.close(true);
            giveUp(Phase.AUTH, e);
        }
    }

    private void failed(Handshake handshake) {
        if (result.isDone()) {
            return;
        }
        if (!isBeforeBanner(handshake) || addresses.isEmpty()) {
            result.completeExceptionally(Diagnosis.of(handshake));
            return;
        }
        try {
            tryNext();
        } catch (RuntimeException | Error e) {
            giveUp(Phase.TCP, e);
        }
    }

    private void expire() {
        Handshake handshake = current;
        if (handshake != null) {
            result.completeExceptionally(Diagnosis.late(handshake, timeout));
            return;
        }
        String silent = waitingFor == Phase.DNS
                ? "the name " + target.host() + " of " + target.name() + " was not resolved"
                : "the credentials of " + target.name() + " were not supplied";
        fail(waitingFor, silent + " within " + timeout.toMillis() + " ms", null);
    }

    // An Error too, such as that of a class that a server has in another version: nobody else would hear of it.
    private void giveUp(Phase phase, Throwable cause) {
        if (cause instanceof SshException) {
            result.completeExceptionally(cause);
        } else if (cause instanceof RejectedExecutionException) {
            result.completeExceptionally(new PoolClosedException(target.name()));
        } else {
            String name = cause.getClass().getName();
            fail(phase, "the connect to " + target.name() + " broke off: " + name, cause);
        }
    }

    private void fail(Phase phase, String message, Throwable cause) {
        result.completeExceptionally(new SshConnectException(target.name(), phase, Kind.UNREACHABLE, message, cause));
    }

    // Also when it has succeeded: then there is nothing left to abandon, and the handshake knows.
    private static void abandon(Handshake handshake) {
        if (handshake != null) {
            handshake.fail(new CancellationException("given up"));
        }
    }

    private Future<?> schedule(Runnable task, long nanos) {
        return world.threads().timer().schedule(task, nanos, TimeUnit.NANOSECONDS);
    }

    private static boolean isBeforeBanner(Handshake handshake) {
        return handshake.phase() == Phase.TCP || handshake.phase() == Phase.BANNER;
    }

    // MINA would look the name up once more, on a thread that must not wait.
    private static InetAddress nameless(InetAddress address) throws UnknownHostException {
        return address instanceof Inet6Address v6
                ? Inet6Address.getByAddress(null, v6.getAddress(), v6.getScopeId())
                : InetAddress.getByAddress(address.getAddress());
    }
}
