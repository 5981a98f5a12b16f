package io.sshpool.it.openssh;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/**
 * An OpenSSH server of the test's own, on a free port of 127.0.0.1, with keys made for it. One logs in as the user who runs the tests.
 * A machine without sshd fails the tests.
 */
final class PrivateSshd implements AutoCloseable {

    /** Another one than this machine's by {@code -Dsshd=…}. */
    private static final Path SSHD = Path.of(System.getProperty("sshd", "/usr/sbin/sshd"));

    private static final int MOST_PORTS_TRIED = 20;

    private final Folder folder;
    private final List<String> options;
    private final Path hostKey;
    private final Path userKey;
    private final int port;
    /** Processes of connections that may outlive their master. */
    private final Set<ProcessHandle> orphans = ConcurrentHashMap.newKeySet();

    private Process master;

    private PrivateSshd(Folder folder, List<String> options, int port) throws IOException {
        this.folder = folder;
        this.options = options;
        this.port = port;
        hostKey = Keys.make(folder.path("host_ed25519"), "ed25519");
        userKey = Keys.make(folder.path("user_ed25519"), "ed25519");
        Files.createDirectory(home());
        Files.writeString(folder.path("sshd_config"), configuration());
        authorize(userKey);
        trust(hostKey);
    }

    /**
     * Starts a server that listens.
     *
     * @param options lines of sshd_config that take precedence, such as {@code MaxSessions=2}
     */
    static PrivateSshd start(String... options) {
        if (!Files.isExecutable(SSHD)) {
            throw new IllegalStateException("there is no " + SSHD + "; install it: apt-get install openssh-server");
        }
        for (int i = 0; i < MOST_PORTS_TRIED; i++) {
            Folder folder = Folder.temporary("sshd");
            try {
                PrivateSshd server = new PrivateSshd(folder, List.of(options), FreePort.find());
                if (server.listens()) {
                    return server;
                }
                server.close();
            } catch (IOException e) {
                folder.close();
                throw new UncheckedIOException(e);
            }
        }
        throw new IllegalStateException("sshd did not start");
    }

    private String configuration() {
        return String.join(
                "\n",
                "ListenAddress 127.0.0.1:" + port,
                "HostKey " + hostKey,
                "AuthorizedKeysFile " + folder.path("authorized_keys"),
                "PermitRootLogin prohibit-password",
                "UsePAM no",
                "StrictModes no",
                "PasswordAuthentication no",
                "KbdInteractiveAuthentication no",
                "PidFile none",
                "LogLevel VERBOSE",
                // An own home: what the user's shell reads at start would be measured along.
                "SetEnv HOME=" + home(),
                "");
    }

    /** One that this user may log in to, with {@link #userKey}. */
    static PrivateSshd startFor(LoginUser user) {
        PrivateSshd sshd = start("AuthorizedKeysFile=%h/authorized_keys", "SetEnv=HOME=" + user.home());
        user.authorize(sshd.userKey());
        return sshd;
    }

    // ---- the server

    /** Starts the master again, on the same port. */
    void startMaster() {
        if (!listens()) {
            throw new IllegalStateException("sshd did not start: " + log());
        }
    }

    private boolean listens() {
        long before = Files.exists(logFile()) ? count("Server listening on") : 0;
        List<String> line =
                new ArrayList<>(List.of(SSHD.toString(), "-D", "-E", logFile().toString()));
        line.addAll(List.of("-f", folder.path("sshd_config").toString()));
        // Not in the file: of MaxStartups, unlike all others, the last line counts.
        line.addAll(List.of("-o", "MaxStartups=100"));
        options.forEach(option -> line.addAll(List.of("-o", option)));
        try {
            if (Files.isWritable(Path.of("/run"))) {
                Files.createDirectories(Path.of("/run/sshd"));
            }
            master = new ProcessBuilder(line).redirectErrorStream(true).start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        await().atMost(Duration.ofSeconds(10))
                .pollInterval(Duration.ofMillis(5))
                .until(() -> !master.isAlive() || Files.exists(logFile()) && count("Server listening on") > before);
        return master.isAlive();
    }

    /** Stops listening. Connections live on. */
    void stopMaster() {
        orphans.addAll(connections());
        Shell.kill(List.of(master.toHandle()));
    }

    /** The processes of the connections, handshakes under way included. */
    List<ProcessHandle> connections() {
        return Stream.concat(master.children(), orphans.stream())
                .filter(Shell::isRunning)
                .toList();
    }

    /** What runs under the connections by that name. */
    List<ProcessHandle> programs(String name) {
        return connections().stream()
                .flatMap(ProcessHandle::descendants)
                .filter(process -> Shell.nameOf(process).equals(name))
                .toList();
    }

    int sessions() {
        return connections().size();
    }

    /** The processes of the connections and those that they divided their work with, but no command. */
    private List<ProcessHandle> withParts() {
        return connections().stream()
                .flatMap(process -> Stream.concat(Stream.of(process), process.descendants()))
                .filter(process -> Shell.nameOf(process).startsWith("sshd"))
                .toList();
    }

    /** Ends all connections as a crash would. */
    void killConnections() {
        Shell.kill(withParts());
    }

    /** Freezes all connections: the kernel keeps them open, nobody answers. */
    void freezeConnections() {
        withParts().forEach(process -> Shell.signal("STOP", process));
    }

    void thawConnections() {
        withParts().forEach(process -> Shell.signal("CONT", process));
    }

    /** Freezes the whole host: who connects is let in by the kernel, and hears nothing. */
    void freeze() {
        Shell.signal("STOP", master.toHandle());
        freezeConnections();
    }

    void thaw() {
        Shell.signal("CONT", master.toHandle());
        thawConnections();
    }

    // ---- what it saw

    String log() {
        try {
            return Files.readString(logFile());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    long accepted() {
        return count("Accepted publickey");
    }

    long failedAttempts() {
        return count("Failed publickey");
    }

    /** TCP connections, whatever became of them. */
    long connects() {
        return count("Connection from 127.0.0.1");
    }

    long count(String text) {
        return log().lines().filter(line -> line.contains(text)).count();
    }

    // ---- keys and configuration

    int port() {
        return port;
    }

    Path home() {
        return folder.path("home");
    }

    Path userKey() {
        return userKey;
    }

    Path hostKey() {
        return hostKey;
    }

    Path knownHosts() {
        return folder.path("known_hosts");
    }

    /** A path in the server's own folder, which goes away with it. */
    Path path(String name) {
        return folder.path(name);
    }

    /** Lets in whoever has this key, and nobody else. */
    void authorize(Path key) {
        folder.write("authorized_keys", Keys.publicLine(key) + "\n");
    }

    /** Makes this the only key in {@link #knownHosts()}. */
    void trust(Path key) {
        knowOnly(knownHostsLine(key));
    }

    /** Makes this all that is in {@link #knownHosts()}. */
    void knowOnly(String lines) {
        folder.write("known_hosts", lines + "\n");
    }

    String knownHostsLine(Path key) {
        return "[127.0.0.1]:" + port + " " + Keys.publicLine(key);
    }

    /** The configuration of a target for this server. */
    String target(String alias) {
        return targetWithoutCredential(alias) + "\nsshpool.target." + alias + ".private-key=file:" + userKey;
    }

    /** The configuration of a target that still needs something to log in with. */
    String targetWithoutCredential(String alias) {
        return Pools.target(alias, port, System.getProperty("user.name"), knownHosts());
    }

    private Path logFile() {
        return folder.path("log");
    }

    /** Stops what was started, commands that outlived their connection included. */
    @Override
    public void close() {
        if (master != null) {
            stopMaster();
            // with all parts: one that is frozen outlives the process that it belongs to
            killConnections();
            Shell.kill(Shell.withHome(home()));
        }
        folder.close();
    }
}
