package io.sshpool.impl.mina;

import static org.assertj.core.api.Assertions.assertThat;

import io.sshpool.HostKeyException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class AcceptNewStressTest {

    private static final int HOSTS = 40;

    @TempDir
    Path folder;

    @Test
    void threads_that_race_for_a_host_add_one_key_and_refuse_the_other() throws Exception {
        HostKeys keys = new HostKeys(folder);
        List<String> two = List.of(keys.make("first", "ed25519"), keys.make("second", "ed25519"));
        Path file = folder.resolve("known_hosts");
        CyclicBarrier start = new CyclicBarrier(8);
        ExecutorService threads = Executors.newFixedThreadPool(8);
        try {
            List<Future<Set<String>>> racers = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                String key = two.get(i % 2);
                // Policies of their own, as two pools have.
                KnownHostsPolicy policy = new KnownHostsPolicy();
                Callable<Set<String>> race = () -> {
                    Set<String> accepted = new HashSet<>();
                    for (int host = 0; host < HOSTS; host++) {
                        start.await(30, TimeUnit.SECONDS);
                        if (accepts(policy, file, "host" + host, key)) {
                            accepted.add("host" + host + " " + key);
                        }
                    }
                    return accepted;
                };
                racers.add(threads.submit(race));
            }
            Set<String> accepted = new HashSet<>();
            for (Future<Set<String>> racer : racers) {
                accepted.addAll(racer.get(60, TimeUnit.SECONDS));
            }
            assertThat(Files.readAllLines(file)).hasSize(HOSTS).containsExactlyInAnyOrderElementsOf(accepted);
        } finally {
            threads.shutdownNow();
            assertThat(threads.awaitTermination(10, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void processes_that_race_for_a_host_add_one_key_and_refuse_the_other() throws Exception {
        HostKeys keys = new HostKeys(folder);
        Path file = folder.resolve("known_hosts");
        List<Process> racers = new ArrayList<>();
        try {
            for (int i = 0; i < 3; i++) {
                racers.add(race(file, keys.make("key" + i, "ed25519")));
            }
            for (Process racer : racers) {
                assertThat(racer.getInputStream().read()).isEqualTo('R');
            }
            for (Process racer : racers) {
                racer.getOutputStream().write('\n');
                racer.getOutputStream().flush();
            }
            Set<String> accepted = new HashSet<>();
            for (Process racer : racers) {
                String out = new String(racer.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
                assertThat(racer.waitFor(60, TimeUnit.SECONDS)).isTrue();
                assertThat(racer.exitValue()).as(out).isZero();
                out.lines().forEach(accepted::add);
            }
            assertThat(Files.readAllLines(file)).hasSize(HOSTS).containsExactlyInAnyOrderElementsOf(accepted);
        } finally {
            racers.forEach(Process::destroyForcibly);
        }
    }

    private Process race(Path file, String key) throws IOException {
        Path java = Path.of(System.getProperty("java.home"), "bin", "java");
        return new ProcessBuilder(
                        java.toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Racer.class.getName(),
                        file.toString(),
                        key)
                .redirectError(folder.resolve("stderr").toFile())
                .start();
    }

    private static boolean accepts(KnownHostsPolicy policy, Path file, String host, String key) {
        while (true) {
            try {
                policy.verify(HostKeys.acceptNew(host, 22, file), HostKeys.ADDRESS, HostKeys.parse(key));
                return true;
            } catch (HostKeyException e) {
                if (!e.getMessage().contains("connect again")) {
                    assertThat(e).hasMessageContaining("has changed");
                    return false;
                }
                // On a busy machine the others may take too long.
            }
        }
    }

    /** Another process: says that it is ready, waits for a byte, and prints the lines that it was accepted with. */
    static final class Racer {

        private Racer() {}

        public static void main(String[] args) throws IOException {
            KnownHostsPolicy policy = new KnownHostsPolicy();
            HostKeys.parse(args[1]);
            System.out.print('R');
            System.out.flush();
            if (System.in.read() < 0) {
                throw new IOException("nobody started the race");
            }
            for (int host = 0; host < HOSTS; host++) {
                if (accepts(policy, Path.of(args[0]), "host" + host, args[1])) {
                    System.out.println("host" + host + " " + args[1]);
                }
            }
        }
    }
}
