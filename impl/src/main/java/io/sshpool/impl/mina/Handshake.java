package io.sshpool.impl.mina;

import io.sshpool.HostKeyException;
import io.sshpool.SshConnectException.Phase;
import io.sshpool.impl.pool.Text;
import io.sshpool.spi.HostKeyPolicy;
import io.sshpool.spi.Target;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.security.PublicKey;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.apache.sshd.client.future.ConnectFuture;
import org.apache.sshd.common.AttributeRepository.AttributeKey;
import org.apache.sshd.common.config.keys.KeyUtils;
import org.apache.sshd.common.session.Session;
import org.apache.sshd.common.session.SessionListener;

/**
 * One attempt at one address, from the TCP connect to the end of authentication: how far it came, what was seen of the server,
 * and whatever is open. Ends exactly once, with an authenticated session or with nothing left open.
 */
final class Handshake implements SessionListener {

    static final AttributeKey<Handshake> KEY = new AttributeKey<>();

    private static final int LONGEST_LINE = 100;

    private final Offer offer;
    private final InetSocketAddress address;
    private final HostKeyPolicy hostKeys;
    private final Optional<MinaConnection> through;
    private final CompletableFuture<PooledSession> outcome = new CompletableFuture<>();

    private volatile Phase phase = Phase.TCP;
    private volatile ConnectFuture connecting;
    private volatile PooledSession session;
    private volatile String line;
    private volatile PublicKey trusted;
    private volatile HostKeyException distrust;
    private volatile Throwable failure;

    /**
     * What we bring along to every address of a target.
     *
     * @param target the target
     * @param login what may be shown
     * @param knownKeyTypes by which the host is known
     */
    record Offer(Target target, Login login, List<String> knownKeyTypes) {}

    Handshake(Offer offer, InetSocketAddress address, HostKeyPolicy hostKeys, Optional<MinaConnection> through) {
        this.offer = offer;
        this.address = address;
        this.hostKeys = hostKeys;
        this.through = through;
    }

    /** Starts; never blocks, never throws. */
    CompletableFuture<PooledSession> start(MinaClient client) {
        try {
            ConnectFuture future = client.connect(this);
            connecting = future;
            future.addListener(this::connected);
            if (outcome.isDone()) {
                closeWhatIsOpen();
            }
        } catch (IOException | RuntimeException | Error e) {
            fail(e);
        }
        return outcome;
    }

    /** Ends it, unless it has ended. */
    void fail(Throwable cause) {
        if (failure == null) {
            failure = cause;
        }
        if (outcome.completeExceptionally(cause)) {
            closeWhatIsOpen();
        }
    }

    private void closeWhatIsOpen() {
        ConnectFuture pending = connecting;
        if (pending != null) {
            pending.cancel();
        }
        PooledSession open = session;
        if (open != null) {
            open.close(true);
        }
    }

    private void connected(ConnectFuture future) {
        if (!future.isConnected()) {
            fail(future.getException() == null ? new ConnectException("cancelled") : future.getException());
            return;
        }
        try {
            future.getClientSession().auth().addListener(auth -> {
                if (!auth.isSuccess()) {
                    fail(auth.getException());
                } else if (!outcome.complete(session)) {
                    session.close(true);
                }
            });
        } catch (IOException | RuntimeException | Error e) {
            fail(e);
        }
    }

    /** Takes the new session before it has sent anything. */
    void attach(PooledSession created) {
        boolean legacy = offer.target().legacyAlgorithms();
        Algorithms algorithms = legacy ? Algorithms.LEGACY : Algorithms.STRONG;
        created.setKeyExchangeFactories(algorithms.keyExchanges());
        created.setCipherFactories(algorithms.ciphers());
        created.setMacFactories(algorithms.macs());
        created.setSignatureFactories(Algorithms.signatures(offer.knownKeyTypes(), legacy));
        created.setServerKeyVerifier((client, remote, key) -> isTrusted(remote, key));
        created.addSessionListener(this);
        phase = Phase.BANNER;
        session = created;
        // The other side of the race with fail(), which looks for the session after it has ended the outcome.
        if (outcome.isDone()) {
            created.close(true);
        }
    }

    private boolean isTrusted(SocketAddress remote, PublicKey key) {
        PublicKey before = trusted;
        if (before != null) {
            // A rekey. The session was trusted with this key, whatever the file says by now.
            return KeyUtils.compareKeys(before, key);
        }
        try {
            hostKeys.verify(offer.target(), remote, key);
            trusted = key;
            return true;
        } catch (HostKeyException e) {
            distrust = e;
        } catch (RuntimeException | Error e) {
            String name = offer.target().name();
            distrust = new HostKeyException(name, "the host key of " + name + " could not be checked", e);
        }
        return false;
    }

    @Override
    public void sessionPeerIdentificationLine(Session from, String text, List<String> lines) {
        if (line == null) {
            line = Text.printable(text, LONGEST_LINE);
        }
    }

    @Override
    public void sessionPeerIdentificationReceived(Session from, String version, List<String> lines) {
        phase = Phase.KEX;
    }

    @Override
    public void sessionEvent(Session from, Event event) {
        if (event == Event.KeyEstablished && phase == Phase.KEX) {
            phase = Phase.AUTH;
        }
    }

    @Override
    public void sessionException(Session from, Throwable cause) {
        if (failure == null) {
            failure = cause;
        }
    }

    Offer offer() {
        return offer;
    }

    Login login() {
        return offer.login();
    }

    /** Resolved, but for one that a jump host is to resolve. */
    InetSocketAddress address() {
        return address;
    }

    /** The connection to the jump host, if there is one. */
    Optional<MinaConnection> through() {
        return through;
    }

    Phase phase() {
        return phase;
    }

    /** The first line that the server sent, printable. */
    Optional<String> line() {
        return Optional.ofNullable(line);
    }

    /** What the policy said of the server's key, when it was not content. */
    Optional<HostKeyException> distrust() {
        return Optional.ofNullable(distrust);
    }

    /** What went wrong first; what ended the handshake may only be a consequence. */
    Throwable failure() {
        return failure;
    }
}
