package io.sshpool.impl.config;

import static io.sshpool.impl.config.Reads.KEY;
import static io.sshpool.impl.config.Reads.problems;
import static io.sshpool.impl.config.Reads.reader;
import static org.assertj.core.api.Assertions.assertThat;

import io.sshpool.impl.pool.TargetDefaults;
import io.sshpool.spi.Credential;
import io.sshpool.spi.Target;
import io.sshpool.spi.Trust.Checking;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Targets from a file in OpenSSH's format. */
class SshConfigTest {

    @TempDir
    Path folder;

    private Path file;

    @BeforeEach
    void name() {
        file = folder.resolve("config");
    }

    /** A configuration that lacks nothing but what the file says. */
    private PlainConfig config(String text, String... more) throws IOException {
        Files.writeString(file, text);
        return PlainConfig.of("sshpool.ssh-config=" + file)
                .with(
                        "sshpool.defaults.user=u",
                        "sshpool.defaults.password=p",
                        "sshpool.defaults.host-key-fingerprint=" + Reads.FINGERPRINT)
                .with(more);
    }

    private Target target(String text, String... more) throws IOException {
        return reader(config(text, more)).read().targets().get(0);
    }

    private List<String> problemsOf(String text) throws IOException {
        return problems(reader(config(text)));
    }

    private Path key(String name) throws IOException {
        return Files.writeString(folder.resolve(name), KEY);
    }

    private static List<Credential> credentials(Settings settings) {
        return settings.credentials().credentials(settings.targets().get(0));
    }

    @Test
    void aFileIsEnoughForATarget() throws IOException {
        Path key = key("id");
        Path knownHosts = Files.createFile(folder.resolve("known hosts"));
        Files.writeString(file, """
                # comment
                Host web
                  HostName = Web1.Example
                  Port=2222
                  User deploy # ci
                  IdentityFile %s
                  UserKnownHostsFile "%s"
                  StrictHostKeyChecking accept-new
                  ConnectTimeout 1m30
                  ServerAliveInterval 20
                  ServerAliveCountMax 4
                """.formatted(key, knownHosts));
        Settings settings = reader(PlainConfig.of("sshpool.ssh-config=" + file)).read();
        Target web = settings.targets().get(0);
        assertThat(web.name()).isEqualTo("web");
        assertThat(web.alias()).isTrue();
        assertThat(web.user() + "@" + web.server()).isEqualTo("deploy@web1.example:2222");
        assertThat(web.trust().checking()).isEqualTo(Checking.ACCEPT_NEW);
        assertThat(web.trust().knownHosts()).contains(knownHosts);
        assertThat(web.limits().connectTimeout()).contains(Duration.ofSeconds(90));
        assertThat(web.limits().keepAliveInterval()).contains(Duration.ofSeconds(20));
        assertThat(web.limits().keepAliveCountMax()).hasValue(4);
        assertThat(credentials(settings)).containsExactly(new Credential.PrivateKey(KEY, Optional.empty()));
        assertThat(settings.notTaken()).isEmpty();
        assertThat(settings.warnings()).isEmpty();
        assertThat(settings.defaults()).isEqualTo(TargetDefaults.NONE);
    }

    @Test
    void theFirstValueThatAppliesCounts() throws IOException {
        Settings settings = reader(config("""
                        Port 1
                        Host a b
                          Port 2
                        """)).read();
        assertThat(settings.targets()).extracting(Target::port).containsExactly(1, 1);
        assertThat(target("Host a\nUser one\nHost *\nUser two").user()).isEqualTo("one");
    }

    @ParameterizedTest
    @CsvSource({
        "web*,9",
        "w?b1,9",
        "db* web1,9",
        "* !web1,22",
        "!web1 *,22",
        "!db1 *,9",
        "!db1,22",
        "WEB*,22",
        "w?b,22",
        "we.1*,22",
    })
    void patternsAreThoseOfOpenSsh(String patterns, int port) throws IOException {
        assertThat(target("Host web1\nHost " + patterns + "\nPort 9").port()).isEqualTo(port);
    }

    @Test
    void itsOwnKeysComeBeforeTheFileAndTheFileBeforeTheDefaults() throws IOException {
        Target web = target(
                "Host web\nHostName file.example\nPort 1\nUser file\nConnectTimeout 1",
                "sshpool.target.web.port=2",
                "sshpool.defaults.port=3",
                "sshpool.defaults.user=default",
                "sshpool.defaults.command-timeout=4s");
        assertThat(web.user() + "@" + web.server()).isEqualTo("file@file.example:2");
        assertThat(web.limits().connectTimeout()).contains(Duration.ofSeconds(1));
        assertThat(web.limits().commandTimeout()).contains(Duration.ofSeconds(4));
    }

    @ParameterizedTest
    @CsvSource({
        "0,0,,",
        "none,3,,3",
        "1m,1,60,2",
    })
    void theHeartbeatIsNeverSwitchedOff(String interval, String most, Long seconds, Integer count) throws IOException {
        Target.Limits limits = target("Host web\nServerAliveInterval " + interval + "\nServerAliveCountMax " + most
                        + "\nHost *\nServerAliveCountMax 9\nUser me")
                .limits();
        assertThat(limits.keepAliveInterval().map(Duration::toSeconds)).isEqualTo(Optional.ofNullable(seconds));
        assertThat(limits.keepAliveCountMax().stream().boxed().findFirst()).isEqualTo(Optional.ofNullable(count));
    }

    @Test
    void patternsApplyToATargetOfOurOwnKeysToo() throws IOException {
        Target db = target("Host db*\nHostName %h.example\nPort 9", "sshpool.targets=db1");
        assertThat(db.server()).isEqualTo("db1.example:9");
        assertThat(problems(reader(config("Host db*\nPort 9", "sshpool.targets=db1"))))
                .containsExactly("sshpool.target.db1.host is missing");
    }

    @Test
    void aHostWithoutHostNameIsCalledLikeIt() throws IOException {
        assertThat(reader(config("Host web1 Web2")).read().targets())
                .extracting(Target::server)
                .containsExactly("web2:22", "web1:22");
    }

    @Test
    void spelledOutTargetsTakeNothingOfIt() throws IOException {
        Settings settings =
                reader(config("Host *\nPort 9\nStrictHostKeyChecking no")).read();
        assertThat(settings.targets()).isEmpty();
        assertThat(settings.defaults().port()).isEqualTo(22);
        assertThat(settings.defaults().trust().checking()).isEqualTo(Checking.STRICT);
    }

    @Test
    void filesMayHaveTheirTargetInTheirName() throws IOException {
        key("a_host.example_7_me_%");
        key("b_host.example_7_me_%");
        Settings settings = reader(config("""
                        Host a b
                          HostName host.example
                          Port 7
                          User me
                          IdentityFile %s/%%n_%%h_%%p_%%r_%%%%
                        """.formatted(folder))).read();
        assertThat(settings.targets()).hasSize(2);
        assertThat(credentials(settings)).contains(new Credential.PrivateKey(KEY, Optional.empty()));
    }

    @Test
    void ofSeveralFilesTheFirstThatExistsIsTaken() throws IOException {
        Path second = Files.createFile(folder.resolve("second"));
        Path key = key("id");
        PlainConfig config = config("""
                Host web
                  UserKnownHostsFile %1$s/first %2$s
                  IdentityFile none
                  IdentityFile %1$s/gone
                Host *
                  IdentityFile %3$s
                """.formatted(folder, second, key));
        Settings settings = reader(config).read();
        assertThat(settings.targets().get(0).trust().knownHosts()).contains(second);
        assertThat(credentials(settings)).contains(new Credential.PrivateKey(KEY, Optional.empty()));
        assertThat(problemsOf("Host web\nIdentityFile " + folder + "/gone"))
                .containsExactly(file + ":2 IdentityFile names a file that cannot be read: " + folder
                        + "/gone (NoSuchFileException)");
    }

    @Test
    void anAgentHoldsTheKeyOfWhichOnlyThePublicHalfIsThere() throws IOException {
        Path socket = folder.resolve("agent");
        String shown = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGJ me";
        Files.writeString(folder.resolve("held.pub"), shown);
        Path key = key("id");
        try (ServerSocketChannel agent = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            agent.bind(UnixDomainSocketAddress.of(socket));
            String host = "Host web\nIdentitiesOnly yes\nIdentityAgent " + socket + "\nIdentityFile ";
            assertThat(credentials(reader(config(host + folder + "/held")).read()))
                    .containsExactly(new Credential.Agent(socket, Optional.of(shown)), new Credential.Password("p"));
            assertThat(credentials(reader(config(host + key)).read()))
                    .containsExactly(new Credential.PrivateKey(KEY, Optional.empty()), new Credential.Password("p"));
            assertThat(credentials(reader(config("Host web\nIdentityAgent none", "sshpool.defaults.agent=" + socket))
                            .read()))
                    .containsExactly(new Credential.Password("p"));
        }
    }

    @ParameterizedTest
    @CsvSource({"yes,STRICT", "ask,STRICT", "Accept-New,ACCEPT_NEW", "no,INSECURE_ACCEPT_ANY", "off,INSECURE_ACCEPT_ANY"
    })
    void checkingIsTranslated(String value, Checking checking) throws IOException {
        String text = "Host web\nUserKnownHostsFile " + folder.resolve("new") + "\nStrictHostKeyChecking " + value;
        if (checking == Checking.STRICT) {
            Files.createFile(folder.resolve("new"));
        }
        assertThat(target(text).trust().checking()).isEqualTo(checking);
    }

    @Test
    void filesAreIncludedUnderTheConditionsOfTheirPlace() throws IOException {
        Files.createDirectories(folder.resolve("more"));
        Files.writeString(folder.resolve("more/1"), "Port 1\nHost b\nUser of-b");
        Files.writeString(folder.resolve("more/2"), "Host c\nPort 3");
        Files.writeString(folder.resolve("more/.hidden"), "Port 99");
        Settings settings = reader(config("Host a b\nInclude more/* nothing/*\nUser last\nHost c\nPort 4"))
                .read();
        assertThat(settings.targets().stream()
                        .map(target -> target.user() + "@" + target.server())
                        .collect(Collectors.toList()))
                .containsExactly("last@a:1", "of-b@b:1", "u@c:4");
    }

    @Test
    void aJumpHostIsTheNameOfAnotherTarget() throws IOException {
        Settings settings =
                reader(config("""
                        Host direct
                          ProxyJump NONE
                        Host bastion db direct
                          ProxyJump bastion
                        """, "sshpool.defaults.proxy-jump=db")).read();
        assertThat(settings.targets().stream()
                        .map(target -> target.name() + " by "
                                + target.jump().map(Target::name).orElse("itself"))
                        .collect(Collectors.toList()))
                .containsExactly("bastion by itself", "db by bastion", "direct by itself");
        assertThat(settings.notTaken()).isEmpty();
        assertThat(problemsOf("Host db\nProxyJump gone"))
                .containsExactly(file + ":2 ProxyJump is \"gone\", which is the name of no target");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"me@bastion", "bastion:2222", "bastion.example", "bastion,db"})
    void aJumpHostOfAnotherFormIsNamed(String text) throws IOException {
        Settings settings =
                reader(config("Host bastion db\nHost db\nProxyJump " + text)).read();
        assertThat(settings.notTaken())
                .containsExactly(file + ": ProxyJump that is not the name of one target (line 3)");
        assertThat(settings.targets())
                .allSatisfy(target -> assertThat(target.jump()).isEmpty());
    }

    @Test
    void whatIsNotTakenIsNamedOnceWithItsLines() throws IOException {
        Settings settings = reader(config("""
                        Host web1.example web
                          forwardX11 yes
                          ProxyCommand nc %h %p
                        Match host web exec "true"
                          Port 9
                          ForwardX11 no
                        Match all
                          ForwardX11 no
                          User me
                        """)).read();
        assertThat(settings.notTaken())
                .containsExactly(
                        file + ": forwardX11 (line 2 and 2 more), Host web1.example, no name for a target (line 1),"
                                + " Match and what follows it (line 4), ProxyCommand (line 3)");
        assertThat(settings.targets()).hasSize(1);
        assertThat(settings.targets().get(0).port()).isEqualTo(22);
        assertThat(settings.targets().get(0).user()).isEqualTo("me");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "Port 0 | :1 Port must be 1 to 65535, is 0",
                "Host a\\nPort x | :2 Port is \"x\", not a whole number",
                "Port 1 2 | :1 Port has more than one argument",
                "Port | :1 has no argument after the keyword",
                "User= # x | :1 has no argument after the keyword",
                "User \"\" | :1 User has an empty argument",
                "User \"a | :1 has a quotation mark without its other half",
                "-----BEGIN KEY----- | :1 is no keyword with arguments",
                "HostName %n | :1 HostName has %n, which is not supported",
                "IdentityFile a% | :1 IdentityFile has %, which is not supported",
                "IdentityFile ~x/a | :1 IdentityFile begins at the home of another user, which is not supported",
                "IdentityFile ${HOME}/a | :1 IdentityFile has ${…}, which is not supported",
                "IdentityAgent $OTHER | :1 IdentityAgent is a variable other than SSH_AUTH_SOCK, which is not supported",
                "UserKnownHostsFile none a | :1 UserKnownHostsFile has none beside another argument",
                "StrictHostKeyChecking maybe | :1 StrictHostKeyChecking is not one of accept-new, ask, false, no, off, true, yes",
                "IdentitiesOnly 1 | :1 IdentitiesOnly is not one of false, no, true, yes",
                "ServerAliveCountMax -1 | :1 ServerAliveCountMax must be at least 0, is -1",
                "ServerAliveInterval x | :1 ServerAliveInterval is not a time such as 10, 30s or 1m30s",
                "ConnectTimeout 5x | :1 ConnectTimeout is not a time such as 10, 30s or 1m30s",
                "Host a\\nHostName a_b/ | :2 HostName is \"a_b/\", not a host name or IP address",
            })
    void whatIsWrongIsToldWithItsLine(String text, String problem) throws IOException {
        assertThat(problemsOf(text.replace("\\n", "\n"))).containsExactly(file + problem);
    }

    @Test
    void filesThatCannotBeReadStopTheStart() throws IOException {
        assertThat(problems("sshpool.ssh-config=" + folder))
                .containsExactly("sshpool.ssh-config names something that is not a file: " + folder);
        assertThat(problems("sshpool.ssh-config=" + file))
                .containsExactly("sshpool.ssh-config names a file that does not exist: " + file);
        assertThat(problemsOf("\nInclude gone"))
                .containsExactly(file + ":2 Include names a file that does not exist: " + folder.resolve("gone"));
        assertThat(problemsOf("Include */x"))
                .containsExactly(file + ":1 Include has a wildcard before its last /, which is not supported");
        Files.writeString(folder.resolve("other"), "Include config");
        assertThat(problemsOf("Include other"))
                .containsExactly(folder.resolve("other") + ":1 Include names a file that includes itself: " + file);
        Files.write(file, new byte[] {(byte) 0xff, (byte) 0xfe});
        assertThat(problems("sshpool.ssh-config=" + file))
                .containsExactly("sshpool.ssh-config names a file that is not text in UTF-8: " + file);
    }

    @Test
    void anotherKindOfFileIsNotShown() throws IOException {
        assertThat(problemsOf("hunter2\n")).containsExactly(file + ":1 has no argument after the keyword");
        assertThat(problemsOf("b3BlbnNzaC1rZXktdjEAAAAABG5vbmUAAAAEbm9uZQAAAAAAAAABAAAAMwAAAAtzc2gt\nQyNTUx=\n"))
                .containsExactly(file + ":1 is no keyword with arguments");
    }
}
