package io.sshpool.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.apache.sshd.common.config.keys.KeyUtils;
import org.apache.sshd.common.digest.BuiltinDigests;
import org.apache.sshd.common.file.virtualfs.VirtualFileSystemFactory;
import org.apache.sshd.common.keyprovider.KeyPairProvider;
import org.apache.sshd.common.session.Session;
import org.apache.sshd.common.session.SessionListener;
import org.apache.sshd.server.SshServer;
import org.apache.sshd.server.forward.AcceptAllForwardingFilter;
import org.apache.sshd.sftp.server.SftpSubsystemFactory;

/** MINA's server, which can go down and come up again with the same port, key and files. Thread-safe. */
final class Listener implements AutoCloseable {

    private final KeyPair hostKey = Login.newKey();
    private final AtomicInteger logins = new AtomicInteger();
    private final List<Login> users;
    private final Function<ReceivedCommand, Reply> script;
    private final Path files;

    private volatile boolean rejecting;

    // Guarded by this.
    private SshServer server;
    private int port;
    private boolean closed;

    private Listener(List<Login> users, Function<ReceivedCommand, Reply> script) {
        this.users = users;
        this.script = script;
        try {
            files = Files.createTempDirectory("sshpool-testkit");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Listener start(List<Login> users, Function<ReceivedCommand, Reply> script) {
        Listener listener = new Listener(users, script);
        listener.up();
        return listener;
    }

    synchronized void up() {
        if (server == null && !closed) {
            server = OwnLoader.call(this::listen);
            port = server.getPort();
        }
    }

    private SshServer listen() {
        SshServer fresh = SshServer.setUpDefaultServer();
        fresh.setHost("127.0.0.1");
        fresh.setPort(port);
        fresh.setKeyPairProvider(KeyPairProvider.wrap(hostKey));
        fresh.setPublickeyAuthenticator(
                (name, key, session) -> lets(login -> login.password().isEmpty()
                        && login.user().equals(name)
                        && KeyUtils.compareKeys(key, login.key().getPublic())));
        fresh.setPasswordAuthenticator(
                (name, password, session) -> lets(login -> login.user().equals(name)
                        && login.password().filter(password::equals).isPresent()));
        fresh.setCommandFactory((channel, text) -> new ScriptedCommand(text, channel, script));
        fresh.setSubsystemFactories(List.of(new SftpSubsystemFactory()));
        fresh.setFileSystemFactory(new VirtualFileSystemFactory(files));
        fresh.setForwardingFilter(AcceptAllForwardingFilter.INSTANCE);
        fresh.addSessionListener(new SessionListener() {
            @Override
            public void sessionEvent(Session session, Event event) {
                if (event == Event.Authenticated) {
                    logins.incrementAndGet();
                }
            }
        });
        try {
            fresh.start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return fresh;
    }

    private boolean lets(Predicate<Login> matches) {
        return !rejecting && users.stream().anyMatch(matches);
    }

    synchronized void down() {
        if (server == null) {
            return;
        }
        try {
            server.stop(true);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            server = null;
        }
    }

    synchronized void dropConnections() {
        if (server != null) {
            server.getActiveSessions().forEach(session -> session.close(true));
        }
    }

    void rejectLogins(boolean rejects) {
        rejecting = rejects;
    }

    synchronized int connections() {
        return server == null ? 0 : server.getActiveSessions().size();
    }

    int logins() {
        return logins.get();
    }

    synchronized int port() {
        return port;
    }

    String fingerprint() {
        return KeyUtils.getFingerPrint(BuiltinDigests.sha256, hostKey.getPublic());
    }

    Path files() {
        return files;
    }

    @Override
    public synchronized void close() {
        closed = true;
        down();
        if (!Files.exists(files)) {
            return;
        }
        try (Stream<Path> tree = Files.walk(files)) {
            for (Path path : tree.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
