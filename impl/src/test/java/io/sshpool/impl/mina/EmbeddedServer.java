package io.sshpool.impl.mina;

import io.sshpool.impl.pool.ConnectionFactoryContract;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.PublicKey;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.IntSupplier;
import org.apache.sshd.common.channel.RequestHandler;
import org.apache.sshd.common.config.keys.KeyUtils;
import org.apache.sshd.common.keyprovider.KeyPairProvider;
import org.apache.sshd.common.session.ConnectionService;
import org.apache.sshd.common.session.Session;
import org.apache.sshd.common.session.SessionListener;
import org.apache.sshd.common.util.buffer.Buffer;
import org.apache.sshd.core.CoreModuleProperties;
import org.apache.sshd.server.SshServer;
import org.apache.sshd.server.auth.AsyncAuthException;
import org.apache.sshd.server.auth.UserAuthFactory;
import org.apache.sshd.server.auth.keyboard.DefaultKeyboardInteractiveAuthenticator;
import org.apache.sshd.server.auth.keyboard.UserAuthKeyboardInteractiveFactory;
import org.apache.sshd.server.auth.password.UserAuthPasswordFactory;
import org.apache.sshd.server.auth.pubkey.UserAuthPublicKeyFactory;

/**
 * A server in this JVM, on loopback, that runs commands by {@code sh -c}. Besides, it knows {@code refuse me} (the request fails),
 * {@code vanish} (the channel closes without a status), {@code status first} (the status before the output), {@code
 * status and die} (the status, then the end of the connection) and {@code never read} (does not take its input, for a while).
 */
final class EmbeddedServer implements ConnectionFactoryContract.Server, AutoCloseable {

    static final String USER = "deploy";
    static final String PASSWORD = "correct horse";

    static final KeyPair ED25519 = newKey("ssh-ed25519", 256);
    static final KeyPair ECDSA = newKey("ecdsa-sha2-nistp256", 256);

    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final SshServer server = SshServer.setUpDefaultServer();
    private final Set<PublicKey> authorized = Collections.synchronizedSet(new HashSet<>());
    private final List<String> attempts = Collections.synchronizedList(new ArrayList<>());
    private final Object changes = new Object();

    // Guarded by changes.
    private final Set<Session> sessions = new HashSet<>();
    private final List<String> signals = new ArrayList<>();
    private int commands;
    private int authentications;

    private volatile int mostChannels = Integer.MAX_VALUE;
    private volatile boolean stalling;
    private volatile boolean mute;
    private final CountDownLatch mutedKeepAlive = new CountDownLatch(1);

    EmbeddedServer() {
        server.setHost("127.0.0.1");
        server.setKeyPairProvider(KeyPairProvider.wrap(ED25519, ECDSA));
        server.setPasswordAuthenticator((user, password, session) -> {
            stallIfAsked();
            attempts.add("password");
            return user.equals(USER) && password.equals(PASSWORD);
        });
        server.setKeyboardInteractiveAuthenticator(DefaultKeyboardInteractiveAuthenticator.INSTANCE);
        server.setPublickeyAuthenticator((user, key, session) -> {
            stallIfAsked();
            attempts.add("publickey");
            return user.equals(USER) && authorized.stream().anyMatch(known -> KeyUtils.compareKeys(known, key));
        });
        server.setCommandFactory((channel, text) -> ServedCommand.of(channel, text, this));
        server.setChannelFactories(List.of(new LimitedChannels(() -> mostChannels)));
        server.setGlobalRequestHandlers(List.of(this::keepAlive));
        server.addSessionListener(new Census());
        CoreModuleProperties.TCP_NODELAY.set(server, true);
        CoreModuleProperties.MAX_AUTH_REQUESTS.set(server, 6);
        start();
    }

    private static KeyPair newKey(String type, int bits) {
        Providers.prepare();
        try {
            return KeyUtils.generateKeyPair(type, bits);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private void start() {
        try {
            server.start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    int port() {
        return server.getPort();
    }

    SshServer mina() {
        return server;
    }

    /** Lets a key in. */
    void authorize(PublicKey key) {
        authorized.add(key);
    }

    /** Offers only these ways to log in. */
    void allowOnly(String... methods) {
        List<UserAuthFactory> all = List.of(
                UserAuthPublicKeyFactory.INSTANCE,
                UserAuthPasswordFactory.INSTANCE,
                UserAuthKeyboardInteractiveFactory.INSTANCE);
        server.setUserAuthFactories(all.stream()
                .filter(f -> Arrays.asList(methods).contains(f.getName()))
                .toList());
    }

    /** The ways in which somebody tried to log in, one entry per attempt. */
    List<String> attempts() {
        synchronized (attempts) {
            return List.copyOf(attempts);
        }
    }

    private RequestHandler.Result keepAlive(
            ConnectionService service, String request, boolean wantsReply, Buffer buffer) {
        if (mute) {
            mutedKeepAlive.countDown();
            return RequestHandler.Result.Replied;
        }
        return RequestHandler.Result.ReplyFailure;
    }

    /** Hears keep-alive requests, but does not answer. */
    void muteKeepAlive(boolean on) {
        mute = on;
    }

    /** Waits for a keep-alive request that is not answered. */
    void awaitKeepAlive() {
        try {
            if (!mutedKeepAlive.await(10, TimeUnit.SECONDS)) {
                throw new AssertionError("no keep-alive request came");
            }
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** Waits for so many authentications to have begun. */
    void awaitAuthentications(int expected) {
        await("authentications", expected, () -> authentications);
    }

    private void stallIfAsked() {
        synchronized (changes) {
            authentications++;
            changes.notifyAll();
        }
        if (stalling) {
            // Never answered by anybody.
            throw new AsyncAuthException();
        }
    }

    @Override
    public void refuseChannelsAbove(int channels) {
        mostChannels = channels;
    }

    @Override
    public void stallAuthentication() {
        stalling = true;
    }

    @Override
    public void killConnections() {
        List<Session> all;
        synchronized (changes) {
            all = List.copyOf(sessions);
        }
        all.forEach(session -> session.close(true));
    }

    @Override
    public void awaitConnections(int expected) {
        await("connections", expected, sessions::size);
    }

    @Override
    public void awaitCommands(int expected) {
        await("commands", expected, () -> commands);
    }

    /** A signal has come for a command. */
    void countSignal(String name) {
        synchronized (changes) {
            signals.add(name);
            changes.notifyAll();
        }
    }

    /** Waits for these signals to have come. */
    void awaitSignals(String... names) {
        List<String> expected = List.of(names);
        await("signals " + expected, 1, () -> signals.equals(expected) ? 1 : 0);
    }

    /** A command has begun or ended. */
    void countCommand(int change) {
        synchronized (changes) {
            commands += change;
            changes.notifyAll();
        }
    }

    private void await(String what, int expected, IntSupplier actual) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        synchronized (changes) {
            while (actual.getAsInt() != expected) {
                long left = (deadline - System.nanoTime()) / 1_000_000;
                if (left <= 0) {
                    throw new AssertionError("expected " + expected + " " + what + ", there are " + actual.getAsInt());
                }
                try {
                    changes.wait(left);
                } catch (InterruptedException e) {
                    throw new AssertionError(e);
                }
            }
        }
    }

    @Override
    public void close() {
        try {
            server.stop(true);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private final class Census implements SessionListener {

        @Override
        public void sessionCreated(Session session) {
            change(() -> sessions.add(session));
        }

        @Override
        public void sessionClosed(Session session) {
            change(() -> sessions.remove(session));
        }

        private void change(Runnable what) {
            synchronized (changes) {
                what.run();
                changes.notifyAll();
            }
        }
    }
}
