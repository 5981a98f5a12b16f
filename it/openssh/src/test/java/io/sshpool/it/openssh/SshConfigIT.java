package io.sshpool.it.openssh;

import static org.assertj.core.api.Assertions.assertThat;

import io.sshpool.ExecResult;
import io.sshpool.PoolConfig;
import io.sshpool.SshPool;
import io.sshpool.impl.config.ConfigReader;
import io.sshpool.impl.config.Settings;
import io.sshpool.spi.Credential;
import io.sshpool.spi.Target;
import io.sshpool.spi.Trust.Checking;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** What we take from a file in OpenSSH's format is what {@code ssh -G} takes from it. */
@ExtendWith(NothingLeft.class)
class SshConfigIT {

    private static final int FILES = 60;
    /** Jump hosts that the file does not name: the same lines apply to both, so that none leads in a circle, which ssh refuses. */
    private static final List<String> JUMP_HOSTS = List.of("inner", "outer");

    private static final List<String> HOSTS = List.of("web1", "web2", "Web3", "db1", "db-2", "a_b");
    private static final List<String> PATTERNS = List.of(
            "*",
            "web*",
            "web?",
            "?eb*",
            "*1",
            "db*",
            "!web1",
            "!db*",
            "!*2",
            "\"web2\"",
            "Web3",
            "a_b",
            "W*",
            "d?1",
            "nobody*");
    private static final Map<String, Checking> CHECKING = Map.of(
            "true", Checking.STRICT,
            "ask", Checking.STRICT,
            "accept-new", Checking.ACCEPT_NEW,
            "false", Checking.INSECURE_ACCEPT_ANY);

    private Folder folder;

    @BeforeEach
    void files() {
        folder = Folder.temporary("ssh config");
        IntStream.range(0, 4).forEach(i -> {
            folder.write("key" + i, "key " + i);
            folder.write("cert" + i, "cert " + i);
            folder.write("known" + i, "");
        });
        folder.write("known", "");
    }

    @AfterEach
    void remove() {
        folder.close();
    }

    @Test
    void a_command_runs_with_nothing_but_the_file() {
        try (PrivateSshd sshd = PrivateSshd.start()) {
            folder.write("config", """
                    Host build
                      HostName 127.0.0.1
                      Port %d
                    Host *
                      User %s
                      IdentityFile %s
                      UserKnownHostsFile %s
                      StrictHostKeyChecking yes
                    """.formatted(
                            sshd.port(), System.getProperty("user.name"), sshd.userKey(), sshd.knownHosts()));
            try (SshPool pool = Pools.open("sshpool.ssh-config=" + folder.path("config"))) {
                ExecResult result = pool.execute("build", "echo here");
                assertThat(result.stdout()).isEqualTo("here\n");
            }
            assertThat(sshd.accepted()).isEqualTo(1);
        }
    }

    @Test
    void a_jump_host_of_the_file_is_on_the_way() {
        try (PrivateSshd bastion = PrivateSshd.start();
                PrivateSshd db = PrivateSshd.start()) {
            folder.write("config", """
                    Host bastion
                      Port %d
                      IdentityFile %s
                      UserKnownHostsFile %s
                    Host db
                      Port %d
                      IdentityFile %s
                      UserKnownHostsFile %s
                    Host *
                      HostName 127.0.0.1
                      User %s
                      ProxyJump bastion
                    """.formatted(
                            bastion.port(),
                            bastion.userKey(),
                            bastion.knownHosts(),
                            db.port(),
                            db.userKey(),
                            db.knownHosts(),
                            System.getProperty("user.name")));
            try (SshPool pool = Pools.open("sshpool.ssh-config=" + folder.path("config"))) {
                assertThat(pool.execute("db", "echo here").stdout()).isEqualTo("here\n");
            }
            assertThat(bastion.accepted()).isEqualTo(1);
            assertThat(db.accepted()).isEqualTo(1);
        }
    }

    @Test
    @Timeout(value = 10, unit = TimeUnit.MINUTES) // it starts ssh 360 times
    void every_target_is_what_ssh_makes_of_it() {
        int compared = 0;
        for (int seed = 0; seed < FILES; seed++) {
            String text = new Generator(new Random(seed)).file();
            folder.write("included", new Generator(new Random(-seed - 1)).some(3));
            folder.write("config", text);
            Settings settings = read();
            List<Target> targets = settings.targets().stream()
                    .filter(target -> HOSTS.contains(target.name()))
                    .toList();
            assertThat(targets).hasSameSizeAs(HOSTS);
            for (Target target : targets) {
                String ours = ours(target, settings.credentials().credentials(target));
                assertThat(ours)
                        .as("seed %d, %s in%n%s", seed, target.name(), text)
                        .isEqualTo(theirs(target.name()));
                compared++;
            }
        }
        assertThat(compared).isEqualTo(FILES * HOSTS.size());
    }

    private Settings read() {
        return new ConfigReader(
                        Pools.config(
                                "sshpool.ssh-config=" + folder.path("config"),
                                "sshpool.defaults.user=" + System.getProperty("user.name"),
                                "sshpool.defaults.private-key=key by default",
                                "sshpool.defaults.known-hosts=" + folder.path("known"),
                                "sshpool.target.inner.host=inner.example",
                                "sshpool.target.outer.host=outer.example"),
                        credential -> Optional.empty())
                .read();
    }

    private static String ours(Target target, List<Credential> credentials) {
        Credential.PrivateKey key = (Credential.PrivateKey) credentials.get(0);
        return String.join(
                "\n",
                target.user() + "@" + target.host() + ":" + target.port(),
                key.text(),
                key.certificate().orElse("no certificate"),
                target.trust().knownHosts().orElseThrow().toString(),
                target.trust().checking().toString(),
                target.limits()
                        .connectTimeout()
                        .map(time -> time.toSeconds() + " s")
                        .orElse("none"),
                target.limits()
                        .keepAliveInterval()
                        .map(time -> time.toSeconds() + " s")
                        .orElse("the pool's"),
                target.limits().keepAliveCountMax().orElse(PoolConfig.defaults().keepAliveCountMax()) + " times",
                target.jump().map(Target::name).orElse("directly"));
    }

    private String theirs(String host) {
        List<String> lines = Shell.run("ssh", "-G", "-F", folder.path("config").toString(), host)
                .lines()
                .toList();
        Path home = Path.of(System.getProperty("user.home"));
        String timeout = value(lines, "connecttimeout", text -> true).orElseThrow();
        String alive = value(lines, "serveraliveinterval", text -> true).orElseThrow();
        return String.join(
                "\n",
                value(lines, "user", text -> true).orElseThrow() + "@"
                        + value(lines, "hostname", text -> true).orElseThrow() + ":"
                        + value(lines, "port", text -> true).orElseThrow(),
                value(lines, "identityfile", text -> !text.equals("none") && !text.startsWith("~/.ssh/id_"))
                        .map(path -> "key " + path.charAt(path.length() - 1))
                        .orElse("key by default"),
                value(lines, "certificatefile", text -> !text.equals("none"))
                        .map(path -> "cert " + path.charAt(path.length() - 1))
                        .orElse("no certificate"),
                value(lines, "userknownhostsfile", text -> !text.startsWith(home + "/.ssh/"))
                        .map(paths -> paths.replaceFirst("(known\\d) .*", "$1"))
                        .orElse(folder.path("known").toString()),
                CHECKING.get(value(lines, "stricthostkeychecking", text -> true).orElseThrow())
                        .toString(),
                timeout.equals("none") || timeout.equals("0") ? "none" : timeout + " s",
                alive.equals("0") ? "the pool's" : alive + " s",
                value(lines, "serveralivecountmax", text -> true).orElseThrow() + " times",
                // With a comment behind it none is not left out.
                value(lines, "proxyjump", text -> !text.equalsIgnoreCase("none"))
                        .orElse("directly"));
    }

    private static Optional<String> value(List<String> lines, String keyword, Predicate<String> wanted) {
        return lines.stream()
                .filter(line -> line.startsWith(keyword + " "))
                .map(line -> line.substring(keyword.length() + 1))
                .filter(wanted)
                .findFirst();
    }

    /** Writes files that ssh accepts. */
    private final class Generator {
        private final Random random;

        Generator(Random random) {
            this.random = random;
        }

        /** Names each host at its end, so that each is a target. */
        String file() {
            return some(2) + blocks() + "Host " + String.join(" ", HOSTS) + "\n" + some(2);
        }

        private String blocks() {
            StringBuilder text = new StringBuilder();
            for (int i = random.nextInt(1, 8); i > 0; i--) {
                List<String> patterns = new ArrayList<>();
                IntStream.rangeClosed(0, random.nextInt(3)).forEach(p -> patterns.add(one(PATTERNS)));
                text.append(one(List.of("Host ", "host=", "HOST\t")))
                        .append(String.join(" ", patterns))
                        .append(one(List.of("\n", " # a comment\n", "  \n")))
                        .append(some(5));
                if (random.nextInt(4) == 0) {
                    text.append("Include \"").append(folder.path("included")).append("\"\n");
                }
                if (random.nextInt(6) == 0) {
                    text.append("Match all\n").append(some(1));
                }
            }
            return text.toString();
        }

        String some(int most) {
            StringBuilder text = new StringBuilder();
            for (int i = random.nextInt(most + 1); i > 0; i--) {
                text.append(one(List.of("", "  ", "\t")))
                        .append(line())
                        .append(one(List.of("\n", " \n", " #x y\n", "\n\n#z\n")));
            }
            return text.toString();
        }

        private String line() {
            String is = one(List.of(" ", "=", " = ", "\t", "  "));
            int number = random.nextInt(4);
            return switch (random.nextInt(12)) {
                case 0 ->
                    one(List.of("HostName", "hostname"))
                            + is
                            + one(List.of("%h.example", "Host-%h", "10.0.0." + number, "\"h" + number + "\"", "::1"));
                case 1 -> "Port" + is + (2000 + number);
                case 2 -> "User" + is + one(List.of("me", "\"you\"", "who" + number, "a\\\\b", "'x#y'"));
                case 3, 4 -> "IdentityFile" + is + one(List.of(file("key" + number), file("key" + number), "none"));
                case 5 -> "CertificateFile" + is + file("cert" + number);
                case 6 ->
                    "UserKnownHostsFile" + is + file("known" + number)
                            + one(List.of("", " " + file("known" + random.nextInt(4))));
                case 7 -> "StrictHostKeyChecking" + is + one(List.of("yes", "no", "ask", "off", "accept-new", "Yes"));
                case 8 -> "ServerAliveInterval" + is + one(List.of("7", "1m", "1m30s", "none", "0"));
                case 9 -> "ServerAliveCountMax" + is + one(List.of("2", "5", "100"));
                case 10 -> "ProxyJump" + is + one(List.of("none", "NONE", one(JUMP_HOSTS), one(JUMP_HOSTS)));
                default -> "ConnectTimeout" + is + one(List.of("7", "1m", "1m30s", "2H", "none", "0"));
            };
        }

        private String file(String name) {
            String path = folder.path(name).toString();
            return one(List.of("\"" + path + "\"", "'" + path + "'", path.replace(" ", "\\ ")));
        }

        private <T> T one(List<T> of) {
            return of.get(random.nextInt(of.size()));
        }
    }
}
