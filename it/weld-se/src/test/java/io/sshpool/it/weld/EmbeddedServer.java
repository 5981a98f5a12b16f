package io.sshpool.it.weld;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.sshd.common.config.keys.KeyUtils;
import org.apache.sshd.common.digest.BuiltinDigests;
import org.apache.sshd.common.keyprovider.KeyPairProvider;
import org.apache.sshd.server.SshServer;
import org.apache.sshd.server.channel.ChannelSession;
import org.apache.sshd.server.command.AbstractCommandSupport;
import org.apache.sshd.server.command.Command;

/**
 * A server on loopback. A command's output is {@code <user>:<text>}; {@code block} waits for {@link #unblock} first.
 */
final class EmbeddedServer implements AutoCloseable {

    static {
        Quiet.please();
    }

    static final String USER = "deploy";
    static final String PASSWORD = "a-secret-that-nobody-may-see";

    private static final KeyPair HOST_KEY = newHostKey();

    private final SshServer server = SshServer.setUpDefaultServer();
    private final AtomicInteger logins = new AtomicInteger();
    private final CountDownLatch unblocked = new CountDownLatch(1);
    private final CountDownLatch blocking = new CountDownLatch(1);

    EmbeddedServer() {
        server.setHost("127.0.0.1");
        server.setKeyPairProvider(KeyPairProvider.wrap(HOST_KEY));
        server.setPasswordAuthenticator((user, password, session) -> {
            boolean right = user.equals(USER) && password.equals(PASSWORD);
            if (right) {
                logins.incrementAndGet();
            }
            return right;
        });
        server.setCommandFactory((channel, text) -> new Answer(text, channel));
        try {
            server.start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    int port() {
        return server.getPort();
    }

    /** How many sessions logged in. */
    int logins() {
        return logins.get();
    }

    /** How many sessions are open. */
    int sessions() {
        return server.getActiveSessions().size();
    }

    /** Waits for a {@code block} command to run. */
    void awaitBlocking() throws InterruptedException {
        blocking.await();
    }

    void unblock() {
        unblocked.countDown();
    }

    static String fingerprint() {
        return KeyUtils.getFingerPrint(BuiltinDigests.sha256, HOST_KEY.getPublic());
    }

    /** Settings for a target on this server. */
    Map<String, String> target(String alias) {
        String prefix = "sshpool.target." + alias + ".";
        Map<String, String> settings = new TreeMap<>();
        settings.put(prefix + "host", "127.0.0.1");
        settings.put(prefix + "port", String.valueOf(port()));
        settings.put(prefix + "user", USER);
        settings.put(prefix + "password", PASSWORD);
        settings.put(prefix + "host-key-fingerprint", fingerprint());
        return settings;
    }

    @Override
    public void close() {
        unblock();
        try {
            server.stop(true);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static KeyPair newHostKey() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(256);
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private final class Answer extends AbstractCommandSupport implements Command {

        private final String user;

        private Answer(String text, ChannelSession channel) {
            super(text, null);
            user = channel.getSession().getUsername();
        }

        @Override
        public void run() {
            try {
                if (getCommand().equals("block")) {
                    blocking.countDown();
                    unblocked.await();
                }
                getOutputStream().write((user + ":" + getCommand()).getBytes(StandardCharsets.UTF_8));
                getOutputStream().flush();
                onExit(0);
            } catch (IOException | InterruptedException e) {
                onExit(1, "interrupted");
            }
        }
    }
}
