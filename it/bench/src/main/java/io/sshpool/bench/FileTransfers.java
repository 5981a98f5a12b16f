package io.sshpool.bench;

import com.jcraft.jsch.ChannelSftp;
import com.jcraft.jsch.JSch;
import com.jcraft.jsch.Session;
import io.sshpool.Command;
import io.sshpool.PoolConfig;
import io.sshpool.RemoteProcess;
import io.sshpool.SshLease;
import io.sshpool.SshPool;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;

/**
 * How long 100 MiB take to a real sshd on loopback and back, by the pool and by other ways, in one process and in turns:
 * {@code FileTransfers [rounds]}. All use aes128-gcm.
 */
public final class FileTransfers {

    private static final int MEBIBYTES = 100;

    private FileTransfers() {}

    @FunctionalInterface
    private interface Way {
        void run() throws Exception;
    }

    private record Contestant(String name, boolean up, Way way, List<Double> seconds) {
        private void go(boolean measured) throws Exception {
            long start = System.nanoTime();
            way.run();
            if (measured) {
                seconds.add((System.nanoTime() - start) / 1e9);
            }
        }

        private double median() {
            return seconds.stream().sorted().toList().get(seconds.size() / 2);
        }
    }

    /**
     * Measures and prints.
     *
     * @param arguments the number of rounds, 9 if there is none
     */
    public static void main(String[] arguments) throws Exception {
        int rounds = arguments.length == 0 ? 9 : Integer.parseInt(arguments[0]);
        Path folder = Files.createTempDirectory("files");
        Path source = folder.resolve("source");
        byte[] chunk = new byte[1024 * 1024];
        new Random(1).nextBytes(chunk);
        try (OutputStream out = Files.newOutputStream(source)) {
            for (int i = 0; i < MEBIBYTES; i++) {
                out.write(chunk);
            }
        }
        try (BenchServer server = new BenchServer();
                SshPool pool = EndToEnd.pool(server, PoolConfig.defaults());
                SshLease lease = pool.acquire("bench")) {
            List<Contestant> all = new ArrayList<>();
            pooled(all, lease, source, folder);
            Process master = scp(all, server, source, folder);
            Session session = jsch(all, server, source, folder);
            for (int round = -1; round < rounds; round++) {
                for (int i = 0; i < all.size(); i++) {
                    all.get((Math.max(0, round) + i) % all.size()).go(round >= 0);
                }
            }
            session.disconnect();
            master.destroy();
            master.waitFor();
            print(all, rounds);
        } finally {
            try (var tree = Files.list(folder)) {
                for (Path path : tree.toList()) {
                    Files.delete(path);
                }
            }
            Files.delete(folder);
        }
    }

    private static void pooled(List<Contestant> all, SshLease lease, Path source, Path folder) {
        String remote = folder.resolve("up").toString();
        add(all, "pooled SFTP", true, () -> lease.files().upload(source, remote));
        add(all, "pooled SFTP", false, () -> lease.files().download(source.toString(), folder.resolve("down")));
        add(all, "pool, exec of `cat`", true, () -> catUp(lease, source, remote));
        add(all, "pool, exec of `cat`", false, () -> catDown(lease, source, folder.resolve("down")));
    }

    private static void catUp(SshLease lease, Path source, String remote) throws IOException {
        try (InputStream in = Files.newInputStream(source)) {
            lease.execute(Command.shell("cat > " + Command.quote(remote)).stdin(in))
                    .orThrow();
        }
    }

    private static void catDown(SshLease lease, Path source, Path to) throws IOException {
        try (RemoteProcess cat = lease.start(Command.of("cat", source.toString()));
                OutputStream out = Files.newOutputStream(to)) {
            cat.stderr().close();
            cat.stdout().transferTo(out);
            cat.waitFor().orThrow();
        }
    }

    private static Process scp(List<Contestant> all, BenchServer server, Path source, Path folder) throws Exception {
        String socket = folder.resolve("master").toString();
        List<String> options = List.of(
                "-F",
                "none",
                "-c",
                "aes128-gcm@openssh.com",
                "-o",
                "BatchMode=yes",
                "-o",
                "IdentitiesOnly=yes",
                "-o",
                "UserKnownHostsFile=" + server.knownHosts(),
                "-i",
                server.userKey().toString());
        String host = server.user() + "@127.0.0.1";
        List<String> line = new ArrayList<>(List.of("ssh"));
        line.addAll(options);
        line.addAll(List.of("-M", "-S", socket, "-N", "-p", Integer.toString(server.port()), host));
        Process master = new ProcessBuilder(line).start();
        while (!Files.exists(Path.of(socket))) {
            java.util.concurrent.locks.LockSupport.parkNanos(5_000_000);
        }
        List<String> own = new ArrayList<>(List.of("scp", "-q", "-P", Integer.toString(server.port())));
        own.addAll(options);
        List<String> mastered = new ArrayList<>(own);
        mastered.addAll(List.of("-o", "ControlPath=" + socket));
        String up = host + ":" + folder.resolve("up");
        String down = folder.resolve("down").toString();
        add(all, "scp, connection of its own", true, () -> run(own, source.toString(), up));
        add(all, "scp, connection of its own", false, () -> run(own, host + ":" + source, down));
        add(all, "scp, ControlMaster", true, () -> run(mastered, source.toString(), up));
        add(all, "scp, ControlMaster", false, () -> run(mastered, host + ":" + source, down));
        return master;
    }

    private static void run(List<String> command, String... more) throws Exception {
        List<String> line = new ArrayList<>(command);
        line.addAll(List.of(more));
        BenchServer.run(line.toArray(String[]::new));
    }

    private static Session jsch(List<Contestant> all, BenchServer server, Path source, Path folder) throws Exception {
        JSch jsch = new JSch();
        jsch.addIdentity(server.userKey().toString());
        jsch.setKnownHosts(server.knownHosts().toString());
        Session session = jsch.getSession(server.user(), "127.0.0.1", server.port());
        session.setConfig("cipher.c2s", "aes128-gcm@openssh.com");
        session.setConfig("cipher.s2c", "aes128-gcm@openssh.com");
        session.connect();
        ChannelSftp sftp = (ChannelSftp) session.openChannel("sftp");
        sftp.connect();
        add(
                all,
                "JSch, warm session",
                true,
                () -> sftp.put(source.toString(), folder.resolve("up").toString()));
        add(
                all,
                "JSch, warm session",
                false,
                () -> sftp.get(source.toString(), folder.resolve("down").toString()));
        return session;
    }

    private static void add(List<Contestant> all, String name, boolean up, Way way) {
        all.add(new Contestant(name, up, way, new ArrayList<>()));
    }

    private static void print(List<Contestant> all, int rounds) {
        System.out.printf(
                Locale.ROOT,
                "%n%d rounds of %d MiB, %d processors, load %.1f, Java %s%n%n| | up, s | ratio to scp | down, s | ratio to scp |%n"
                        + "| --- | --- | --- | --- | --- |%n",
                rounds,
                MEBIBYTES,
                Runtime.getRuntime().availableProcessors(),
                java.lang.management.ManagementFactory.getOperatingSystemMXBean()
                        .getSystemLoadAverage(),
                Runtime.version());
        double up = median(all, "scp, ControlMaster", true);
        double down = median(all, "scp, ControlMaster", false);
        for (Contestant c : all) {
            if (c.up) {
                double back = median(all, c.name, false);
                System.out.printf(
                        Locale.ROOT,
                        "| %s | %.2f | %.2f | %.2f | %.2f |%n",
                        c.name,
                        c.median(),
                        c.median() / up,
                        back,
                        back / down);
            }
        }
    }

    private static double median(List<Contestant> all, String name, boolean up) {
        return all.stream()
                .filter(c -> c.up == up && c.name.equals(name))
                .findFirst()
                .orElseThrow()
                .median();
    }
}
