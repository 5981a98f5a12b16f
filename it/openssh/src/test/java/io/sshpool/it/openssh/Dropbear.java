package io.sshpool.it.openssh;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;

/**
 * A dropbear of the test's own, on a free port of 127.0.0.1, and a user who logs in to it. It takes authorized keys from the user's home
 * only, hence the user. Needs root.
 */
final class Dropbear implements AutoCloseable {

    private static final Path PROGRAM = Path.of("/usr/sbin/dropbear");
    private static final Pattern PUBLIC = Pattern.compile("(?m)^(\\S+ \\S+).*$");
    private static final int MOST_PORTS_TRIED = 20;

    private final Folder folder = Folder.temporary("dropbear");
    private final LoginUser user;
    private final Path userKey;
    private final String hostKey;

    private int port;
    private Process master;

    private Dropbear(LoginUser user) {
        this.user = user;
        userKey = Keys.make(folder.path("user_ed25519"), "ed25519");
        String told = Shell.run(
                "dropbearkey", "-t", "ed25519", "-f", folder.path("host_key").toString());
        hostKey = PUBLIC.matcher(told)
                .results()
                .map(found -> found.group(1))
                .filter(line -> line.startsWith("ssh-ed25519 "))
                .findFirst()
                .orElseThrow();
    }

    /** Starts a server that listens, and makes its user. */
    static Dropbear start(String password) {
        if (!Files.isExecutable(PROGRAM)) {
            throw new IllegalStateException("there is no " + PROGRAM + "; install it: apt-get install dropbear-bin");
        }
        Dropbear server = of(LoginUser.make(password));
        for (int i = 0; i < MOST_PORTS_TRIED; i++) {
            server.port = FreePort.find();
            if (server.listens()) {
                server.folder.write("known_hosts", server.knownHostsLine());
                return server;
            }
        }
        server.close();
        throw new IllegalStateException("dropbear did not start");
    }

    private static Dropbear of(LoginUser user) {
        try {
            Dropbear server = new Dropbear(user);
            server.authorize(server.userKey);
            return server;
        } catch (RuntimeException e) {
            user.close();
            throw e;
        }
    }

    private boolean listens() {
        Path pid = folder.path("pid");
        try {
            Files.deleteIfExists(pid);
            master = new ProcessBuilder(
                            PROGRAM.toString(),
                            "-F",
                            "-E",
                            "-r",
                            folder.path("host_key").toString(),
                            "-p",
                            "127.0.0.1:" + port,
                            "-P",
                            pid.toString())
                    .redirectErrorStream(true)
                    .redirectOutput(
                            ProcessBuilder.Redirect.appendTo(folder.path("log").toFile()))
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        // It writes the file once it listens.
        await().atMost(Duration.ofSeconds(60))
                .pollInterval(Duration.ofMillis(5))
                .until(() -> !master.isAlive() || Files.exists(pid));
        return master.isAlive();
    }

    /** The processes of the connections. */
    List<ProcessHandle> connections() {
        return master.children().filter(Shell::isRunning).toList();
    }

    /** Ends all connections as a crash would. */
    void killConnections() {
        Shell.kill(connections());
    }

    /** Freezes all connections: the kernel keeps them open, nobody answers. */
    void freezeConnections() {
        connections().forEach(process -> Shell.signal("STOP", process));
    }

    // ---- what it saw

    /** Log-ins so far, by a key or a password. */
    long accepted() {
        return count("auth succeeded for '" + user.name() + "'");
    }

    /** TCP connections so far. */
    long connects() {
        return count("Child connection from");
    }

    long count(String text) {
        try {
            return Files.readString(folder.path("log"))
                    .lines()
                    .filter(line -> line.contains(text))
                    .count();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    // ---- keys and configuration

    LoginUser user() {
        return user;
    }

    int port() {
        return port;
    }

    Path userKey() {
        return userKey;
    }

    Path knownHosts() {
        return folder.path("known_hosts");
    }

    String knownHostsLine() {
        return "[127.0.0.1]:" + port + " " + hostKey + "\n";
    }

    /** A path in the server's own folder, which goes away with it. */
    Path path(String name) {
        return folder.path(name);
    }

    /** Lets in whoever has this key, and nobody else. */
    void authorize(Path key) {
        try {
            Path keys = Files.createDirectories(user.home().resolve(".ssh"));
            Files.writeString(keys.resolve("authorized_keys"), Keys.publicLine(key) + "\n");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The configuration of a target for this server. */
    String target(String alias) {
        return targetWithoutCredential(alias) + "\nsshpool.target." + alias + ".private-key=file:" + userKey;
    }

    /** The configuration of a target that still needs something to log in with. */
    String targetWithoutCredential(String alias) {
        return Pools.target(alias, port, user.name(), knownHosts());
    }

    /** Stops what was started, commands that outlived their connection included. */
    @Override
    public void close() {
        if (master != null) {
            List<ProcessHandle> connections = connections();
            Shell.kill(List.of(master.toHandle()));
            Shell.kill(connections);
            Shell.kill(Shell.withHome(user.home()));
        }
        user.close();
        folder.close();
    }
}
