package io.sshpool.it.suite;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.sshd.common.config.keys.KeyUtils;
import org.apache.sshd.common.config.keys.writer.openssh.OpenSSHKeyPairResourceWriter;
import org.apache.sshd.common.digest.BuiltinDigests;
import org.apache.sshd.common.keyprovider.KeyPairProvider;
import org.apache.sshd.server.SshServer;

/**
 * An SSH server in the test's process, for some users with one ed25519 key. What commands do: {@link TestCommand}.
 */
public final class TestSshServer implements AutoCloseable {

    /** Of the targets that the sample application's file says no user for. */
    public static final String USER = "deploy";
    /** Of {@code build} and {@code web}, as the file has it. */
    public static final String BUILDER = "builder";
    /** Nowhere in the file. */
    public static final String OPERATOR = "operator";

    private static final Set<String> USERS = Set.of(USER, BUILDER, OPERATOR);

    private final SshServer server = SshServer.setUpDefaultServer();
    private final AtomicInteger logins = new AtomicInteger();
    private final AtomicInteger mostSessions = new AtomicInteger();
    private final RunningCommands running = new RunningCommands();
    private final AtomicInteger farewells = new AtomicInteger();
    private final CountDownLatch released = new CountDownLatch(1);
    private final KeyPair hostKey;
    private final KeyPair userKey;
    private final Path privateKey;

    /** Starts it on a free port. */
    public TestSshServer() {
        this(0, newKey("ecdsa-sha2-nistp256"), newKey("ssh-ed25519"));
    }

    private TestSshServer(int port, KeyPair hostKey, KeyPair userKey) {
        this.hostKey = hostKey;
        this.userKey = userKey;
        privateKey = write(userKey);
        server.setHost("127.0.0.1");
        server.setPort(port);
        server.setKeyPairProvider(KeyPairProvider.wrap(hostKey));
        server.setPublickeyAuthenticator(
                (name, key, session) -> USERS.contains(name) && KeyUtils.compareKeys(key, userKey.getPublic()));
        server.addSessionListener(new Logins(this));
        server.setCommandFactory((channel, text) -> new TestCommand(
                text,
                channel.getSession().getIoSession().getId(),
                channel.getSession().getUsername(),
                running,
                released));
        try {
            server.start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Another server, with the same keys, on that port. */
    public TestSshServer twin(int port) {
        return new TestSshServer(port, hostKey, userKey);
    }

    public int port() {
        return server.getPort();
    }

    /** How many sessions have logged in until now. */
    public int logins() {
        return logins.get();
    }

    /** How many sessions are open. */
    public int sessions() {
        return server.getActiveSessions().size();
    }

    /** The most that were open at a time. */
    public int mostSessions() {
        return mostSessions.get();
    }

    /** How many commands run now. */
    public int running() {
        return running.count();
    }

    /** The most commands that ran at a time in one session. */
    public int mostCommandsOfASession() {
        return running.mostOfASession();
    }

    /** Lets the commands named {@code hold} end, and all that are still to come. */
    public void release() {
        released.countDown();
    }

    /** How many sessions the client ended in order. */
    public int farewells() {
        return farewells.get();
    }

    /** Settings for targets of the sample application on this server. */
    public Map<String, String> targets(String... aliases) {
        Map<String, String> settings = new TreeMap<>();
        settings.put("sshpool.defaults.private-key", "file:" + privateKey);
        for (String alias : aliases) {
            settings.put("sshpool.target." + alias + ".port", String.valueOf(port()));
            settings.put("sshpool.target." + alias + ".host-key-fingerprint", fingerprint());
        }
        return settings;
    }

    public String fingerprint() {
        return KeyUtils.getFingerPrint(BuiltinDigests.sha256, hostKey.getPublic());
    }

    void loggedIn() {
        logins.incrementAndGet();
        mostSessions.accumulateAndGet(sessions(), Math::max);
    }

    void saidGoodbye() {
        farewells.incrementAndGet();
    }

    @Override
    public void close() {
        try {
            server.stop(true);
            Files.deleteIfExists(privateKey);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static KeyPair newKey(String type) {
        try {
            return KeyUtils.generateKeyPair(type, 256);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Path write(KeyPair key) {
        try {
            Path file = Files.createTempFile(
                    "sshpool-it",
                    ".key",
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            try (OutputStream out = Files.newOutputStream(file)) {
                OpenSSHKeyPairResourceWriter.INSTANCE.writePrivateKey(key, "test", null, out);
            }
            return file;
        } catch (IOException | GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
