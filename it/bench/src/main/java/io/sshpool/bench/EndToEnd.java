package io.sshpool.bench;

import io.sshpool.Command;
import io.sshpool.PoolConfig;
import io.sshpool.SshLease;
import io.sshpool.SshPool;
import io.sshpool.impl.mina.KnownHostsPolicy;
import io.sshpool.impl.mina.MinaConnectionFactory;
import io.sshpool.impl.pool.ConnectionPool;
import io.sshpool.impl.pool.PoolThreads;
import io.sshpool.impl.pool.TargetDefaults;
import io.sshpool.impl.pool.Targets;
import io.sshpool.spi.ConnectionFactory;
import io.sshpool.spi.Credential;
import io.sshpool.spi.CredentialProvider;
import io.sshpool.spi.PoolListener;
import io.sshpool.spi.SshConnection;
import io.sshpool.spi.Target;
import io.sshpool.spi.Trust;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * How long a {@code true} takes on a real sshd, by the pool and by other ways, in one process and in turns, so that whatever else
 * the machine does falls on all alike: {@code EndToEnd [rounds]}.
 */
public final class EndToEnd {

    private static final int WARM_UP = 30;
    /** Commands in a row: a session that is used now and then is acknowledged faster than one that is busy. */
    private static final int BURST = 10;

    private static final Duration TIMEOUT = Duration.ofSeconds(30);

    private EndToEnd() {}

    /** One way to run a command. */
    @FunctionalInterface
    private interface Way {
        int run() throws Exception;
    }

    private record Contestant(String name, boolean connects, Way way, List<Long> nanos) {
        private Contestant(String name, boolean connects, Way way) {
            this(name, connects, way, new ArrayList<>());
        }

        private void go(boolean measured) throws Exception {
            long start = System.nanoTime();
            int exitCode = way.run();
            long took = System.nanoTime() - start;
            if (exitCode != 0) {
                throw new IllegalStateException(name + " exited with " + exitCode);
            }
            if (measured) {
                nanos.add(took);
            }
        }

        private double percentile(int percent) {
            long[] sorted = nanos.stream().mapToLong(n -> n).sorted().toArray();
            return sorted[Math.min(sorted.length - 1, sorted.length * percent / 100)] / 1e6;
        }
    }

    /**
     * Measures and prints.
     *
     * @param arguments the number of rounds, 100 if there is none
     */
    public static void main(String[] arguments) throws Exception {
        int rounds = arguments.length == 0 ? 100 : Integer.parseInt(arguments[0]);
        try (BenchServer server = new BenchServer();
                PoolThreads threads = PoolThreads.own();
                ConnectionFactory factory = factory(server, threads);
                SshPool pool = pool(server, PoolConfig.defaults());
                SshLease lease = pool.acquire("bench");
                RawMina tuned = RawMina.tuned(server);
                RawMina defaults = RawMina.withDefaults(server)) {
            Target target = target(server);
            List<Contestant> contestants = List.of(
                    new Contestant("MINA, one warm session, tuned", false, () -> tuned.execute("true")),
                    new Contestant(
                            "pool.execute",
                            false,
                            () -> pool.execute("bench", "true").exitCode()),
                    new Contestant(
                            "lease.execute, lease held",
                            false,
                            () -> lease.execute("true").exitCode()),
                    new Contestant("MINA, one warm session, defaults", false, () -> defaults.execute("true")),
                    new Contestant(
                            "connecting each time, as the pool does", true, () -> connectAndRun(factory, target)),
                    new Contestant("connecting each time, ssh", true, () -> ssh(server)));
            run(contestants, WARM_UP, false);
            run(contestants, rounds, true);
            print(contestants, rounds);
        }
    }

    private static void run(List<Contestant> contestants, int rounds, boolean measured) throws Exception {
        for (int round = 0; round < rounds; round++) {
            for (int i = 0; i < contestants.size(); i++) {
                // Another one begins each round, as what runs before warms or disturbs what runs next.
                Contestant contestant = contestants.get((round + i) % contestants.size());
                for (int n = contestant.connects ? 1 : BURST; n > 0; n--) {
                    contestant.go(measured);
                }
            }
        }
    }

    private static void print(List<Contestant> contestants, int rounds) {
        double base = contestants.get(0).percentile(50);
        System.out.printf(
                Locale.ROOT,
                "%n%d rounds of %d commands, %d processors, load %.1f, Java %s%n%n| `true` by | n | median ms | p90 ms | ratio of medians |%n"
                        + "| --- | --- | --- | --- | --- |%n",
                rounds,
                BURST,
                Runtime.getRuntime().availableProcessors(),
                java.lang.management.ManagementFactory.getOperatingSystemMXBean()
                        .getSystemLoadAverage(),
                Runtime.version());
        for (Contestant c : contestants) {
            System.out.printf(
                    Locale.ROOT,
                    "| %s | %d | %.2f | %.2f | %.2f |%n",
                    c.name,
                    c.nanos.size(),
                    c.percentile(50),
                    c.percentile(90),
                    c.percentile(50) / base);
        }
    }

    static SshPool pool(BenchServer server, PoolConfig config) throws Exception {
        return pool(server, config, new PoolListener() {});
    }

    static SshPool pool(BenchServer server, PoolConfig config, PoolListener listener) throws Exception {
        PoolThreads threads = PoolThreads.own();
        return ConnectionPool.start(
                config,
                new Targets(List.of(target(server)), TargetDefaults.NONE, List.of()),
                factory(server, threads),
                listener,
                threads);
    }

    private static ConnectionFactory factory(BenchServer server, PoolThreads threads) throws Exception {
        List<Credential> key = List.of(new Credential.PrivateKey(Files.readString(server.userKey()), Optional.empty()));
        CredentialProvider credentials = target -> key;
        return new MinaConnectionFactory(PoolConfig.defaults(), credentials, new KnownHostsPolicy(), threads);
    }

    static Target target(BenchServer server) {
        Trust trust = new Trust(Trust.Checking.STRICT, Optional.of(server.knownHosts()), Set.of());
        return new Target(
                "bench", true, server.user(), "127.0.0.1", server.port(), trust, Target.Limits.NONE, false, false);
    }

    private static int connectAndRun(ConnectionFactory factory, Target target) throws Exception {
        SshConnection connection = factory.connect(target, TIMEOUT).get();
        int exitCode = connection
                .execute(Command.shell("true"))
                .result()
                .toCompletableFuture()
                .get()
                .exitCode();
        connection.close().toCompletableFuture().get();
        return exitCode;
    }

    private static int ssh(BenchServer server) throws Exception {
        String[] line = {
            "ssh",
            "-F",
            "none",
            "-o",
            "BatchMode=yes",
            "-o",
            "IdentitiesOnly=yes",
            "-o",
            "UserKnownHostsFile=" + server.knownHosts(),
            "-i",
            server.userKey().toString(),
            "-p",
            Integer.toString(server.port()),
            server.user() + "@127.0.0.1",
            "true"
        };
        return new ProcessBuilder(Arrays.asList(line)).start().waitFor();
    }
}
