package io.sshpool.impl.mina;

import io.sshpool.PoolClosedException;
import io.sshpool.PoolConfig;
import io.sshpool.SshConfigException;
import io.sshpool.impl.pool.PoolThreads;
import io.sshpool.spi.ConnectionFactory;
import io.sshpool.spi.CredentialProvider;
import io.sshpool.spi.HostKeyPolicy;
import io.sshpool.spi.SshConnection;
import io.sshpool.spi.Target;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Connects by Apache MINA SSHD. One client, started at the first connect, serves all targets: some threads in all, none per
 * connection.
 *
 * <p>Nothing ambient is used: no key and no configuration of the user who runs the JVM, and only an agent that a credential names. What the credential provider
 * supplies is shown once each; what the host key policy does not trust is shown nothing.
 */
public final class MinaConnectionFactory implements ConnectionFactory {

    private final PoolConfig config;
    private final CredentialProvider credentials;
    private final HostKeyPolicy hostKeys;
    private final NameResolver names;
    private final PoolThreads threads;
    private final Revision.Digest digest = new Revision.Digest();
    private final Set<CompletableFuture<SshConnection>> dials = ConcurrentHashMap.newKeySet();
    /** The fingerprint of the key that each target took last. */
    private final Map<String, String> proven = new ConcurrentHashMap<>();

    private final Set<String> tight = ConcurrentHashMap.newKeySet();
    private final Object lock = new Object();

    // Both guarded by the lock.
    private MinaClient client;
    private boolean closed;

    /**
     * A factory that looks names up as the JVM does.
     *
     * @param config heartbeat and output limit
     * @param credentials asked at every connect, on a worker
     * @param hostKeys judges every server
     * @param threads time and threads; not closed here
     */
    public MinaConnectionFactory(
            PoolConfig config, CredentialProvider credentials, HostKeyPolicy hostKeys, PoolThreads threads) {
        this(config, credentials, hostKeys, NameResolver.SYSTEM, threads);
    }

    /**
     * A factory.
     *
     * @param config heartbeat and output limit
     * @param credentials asked at every connect, on a worker
     * @param hostKeys judges every server
     * @param names looks host names up, on a worker
     * @param threads time and threads; not closed here
     */
    public MinaConnectionFactory(
            PoolConfig config,
            CredentialProvider credentials,
            HostKeyPolicy hostKeys,
            NameResolver names,
            PoolThreads threads) {
        this.config = Objects.requireNonNull(config, "config");
        this.credentials = Objects.requireNonNull(credentials, "credentials");
        this.hostKeys = Objects.requireNonNull(hostKeys, "hostKeys");
        this.names = Objects.requireNonNull(names, "names");
        this.threads = Objects.requireNonNull(threads, "threads");
    }

    @Override
    public CompletableFuture<SshConnection> connect(Target target, Duration timeout) {
        return dial(target, timeout, Optional.empty());
    }

    @Override
    public CompletableFuture<SshConnection> connect(Target target, Duration timeout, SshConnection through) {
        return through instanceof MinaConnection connection
                ? dial(target, timeout, Optional.of(connection))
                : ConnectionFactory.super.connect(target, timeout, through);
    }

    private CompletableFuture<SshConnection> dial(Target target, Duration timeout, Optional<MinaConnection> through) {
        Dial.World world = new Dial.World(this::client, credentials, hostKeys, names, threads, proven, this::wrap);
        CompletableFuture<SshConnection> dial = new Dial(target, timeout, world, through).start();
        dials.add(dial);
        dial.whenComplete((connection, failure) -> dials.remove(dial));
        if (isClosed()) {
            // The other side of the race with close(), which ends only the dials it finds.
            dial.completeExceptionally(new PoolClosedException(target.name()));
        }
        return dial;
    }

    // On a worker: loading Bouncy Castle takes half a second.
    private MinaClient client() {
        synchronized (lock) {
            if (closed) {
                throw new PoolClosedException("");
            }
            if (client == null) {
                client = new MinaClient();
            }
            return client;
        }
    }

    private boolean isClosed() {
        synchronized (lock) {
            return closed;
        }
    }

    private MinaConnection wrap(Target target, PooledSession session) {
        // User input may name ever more servers; forgetting one costs a refusal, which the pool mends.
        if (tight.size() > config.maxTargets()) {
            tight.clear();
        }
        if (proven.size() > config.maxTargets()) {
            proven.clear();
        }
        return MinaConnection.over(session, new MinaConnection.Setting(target, config, threads, tight));
    }

    @Override
    public Object revision(Target target) {
        Object judged = hostKeys.revision(target);
        try {
            long deadline =
                    threads.clock().getAsLong() + config.connectTimeout().toNanos();
            return new Revision(digest.of(credentials.credentials(target), deadline, threads), judged);
        } catch (SshConfigException e) {
            // That there is none is a state of its own, which a credential that turns up ends.
            return new Revision("none", judged);
        }
    }

    @Override
    public void close() {
        MinaClient open;
        synchronized (lock) {
            closed = true;
            open = client;
            client = null;
        }
        dials.forEach(dial -> dial.completeExceptionally(new PoolClosedException("")));
        if (open != null) {
            open.close();
        }
    }
}
