package io.sshpool.bench;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/** An sshd of its own on a free port of 127.0.0.1, into which the user who runs this may log in by a key made for it. */
final class BenchServer implements AutoCloseable {

    private final Path folder;
    private final int port;
    private final Process sshd;

    BenchServer() throws IOException, InterruptedException {
        folder = Files.createTempDirectory("bench");
        port = freePort();
        run("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", path("host").toString());
        run("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", userKey().toString());
        Files.copy(path("user.pub"), path("authorized_keys"));
        String hostKey = Files.readString(path("host.pub"));
        Files.writeString(knownHosts(), "[127.0.0.1]:" + port + " " + hostKey);
        Files.createDirectory(path("home"));
        Files.createDirectories(Path.of("/run/sshd"));
        sshd = new ProcessBuilder(commandLine()).start();
        while (!Files.exists(path("log")) || !Files.readString(path("log")).contains("Server listening on")) {
            if (!sshd.isAlive()) {
                throw new IOException("sshd did not start: " + Files.readString(path("log")));
            }
            LockSupport.parkNanos(5_000_000);
        }
    }

    private List<String> commandLine() {
        List<String> line = new ArrayList<>(List.of(
                "/usr/sbin/sshd", "-D", "-f", "/dev/null", "-E", path("log").toString()));
        List<String> options = List.of(
                "ListenAddress=127.0.0.1:" + port,
                "HostKey=" + path("host"),
                "AuthorizedKeysFile=" + path("authorized_keys"),
                "Subsystem=sftp internal-sftp",
                "UsePAM=no",
                "StrictModes=no",
                "PidFile=none",
                "MaxStartups=100",
                "SetEnv=HOME=" + path("home"));
        options.forEach(option -> line.addAll(List.of("-o", option)));
        return line;
    }

    int port() {
        return port;
    }

    String user() {
        return System.getProperty("user.name");
    }

    Path userKey() {
        return path("user");
    }

    Path knownHosts() {
        return path("known_hosts");
    }

    private Path path(String name) {
        return folder.resolve(name);
    }

    /** Runs a program to its end, which must be good. */
    static void run(String... line) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(line).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes());
        if (process.waitFor() != 0) {
            throw new IOException(line[0] + " failed: " + output);
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return free.getLocalPort();
        }
    }

    @Override
    public void close() throws IOException {
        List<ProcessHandle> all =
                Stream.concat(sshd.descendants(), Stream.of(sshd.toHandle())).toList();
        all.forEach(ProcessHandle::destroyForcibly);
        try (Stream<Path> tree = Files.walk(folder)) {
            for (Path path : tree.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }
}
