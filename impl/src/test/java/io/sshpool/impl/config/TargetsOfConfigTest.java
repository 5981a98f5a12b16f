package io.sshpool.impl.config;

import static io.sshpool.impl.config.Reads.FINGERPRINT;
import static io.sshpool.impl.config.Reads.problems;
import static io.sshpool.impl.config.Reads.read;
import static io.sshpool.impl.config.Reads.reader;
import static io.sshpool.impl.config.Reads.web;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import io.sshpool.impl.pool.TargetDefaults;
import io.sshpool.spi.Target;
import io.sshpool.spi.Trust;
import io.sshpool.spi.Trust.Checking;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TargetsOfConfigTest {

    @TempDir
    Path folder;

    @Test
    void aTargetHasWhatItsKeysSay() throws IOException {
        Path knownHosts = Files.createFile(folder.resolve("known_hosts"));
        Settings settings = reader(web().with(
                                "sshpool.target.web.host=WEB1.example",
                                "sshpool.target.web.port=2222",
                                "sshpool.target.web.known-hosts=" + knownHosts,
                                "sshpool.target.web.host-key-checking=accept-new",
                                "sshpool.target.web.host-key-fingerprint=" + FINGERPRINT + "=, SHA256:" + "B".repeat(42)
                                        + "A",
                                "sshpool.target.web.legacy-algorithms=true",
                                "sshpool.target.web.required=true",
                                "sshpool.target.web.max-connections=3",
                                "sshpool.target.web.max-channels-per-connection=4",
                                "sshpool.target.web.connect-timeout=5s",
                                "sshpool.target.web.command-timeout=6s",
                                "sshpool.target.web.keep-alive-interval=7s",
                                "sshpool.target.web.keep-alive-count-max=8"))
                .read();
        assertThat(settings.targets())
                .containsExactly(new Target(
                        "web",
                        true,
                        "deploy",
                        "web1.example",
                        2222,
                        new Trust(
                                Checking.ACCEPT_NEW,
                                Optional.of(knownHosts),
                                Set.of(FINGERPRINT, "SHA256:" + "B".repeat(42) + "A")),
                        new Target.Limits(
                                OptionalInt.of(3),
                                OptionalInt.of(4),
                                Optional.of(ofSeconds(5)),
                                Optional.of(ofSeconds(6)),
                                Optional.of(ofSeconds(7)),
                                OptionalInt.of(8)),
                        true,
                        true));
        assertThat(settings.warnings()).isEmpty();
    }

    @Test
    void aTargetWithLittleSaidIsStrictOnPort22() {
        assertThat(reader(web()).read().targets())
                .containsExactly(new Target(
                        "web",
                        true,
                        "deploy",
                        "web1.example",
                        22,
                        new Trust(Checking.STRICT, Optional.empty(), Set.of(FINGERPRINT)),
                        Target.Limits.NONE,
                        false,
                        false));
    }

    @Test
    void itsOwnSettingComesBeforeTheDefault() {
        Settings settings = reader(web().with(
                                "sshpool.target.db.host=db1",
                                "sshpool.defaults.user=other",
                                "sshpool.defaults.port=2022",
                                "sshpool.defaults.password=default",
                                "sshpool.defaults.host-key-fingerprint=SHA256:" + "B".repeat(42) + "A",
                                "sshpool.defaults.max-connections=2",
                                "sshpool.target.web.max-connections=7",
                                "sshpool.defaults.required=true",
                                "sshpool.target.web.required=false"))
                .read();
        Target db = settings.targets().get(0);
        Target web = settings.targets().get(1);
        assertThat(db.user()).isEqualTo("other");
        assertThat(web.user()).isEqualTo("deploy");
        assertThat(db.port()).isEqualTo(2022);
        assertThat(web.port()).isEqualTo(2022);
        assertThat(db.limits().maxConnections()).hasValue(2);
        assertThat(web.limits().maxConnections()).hasValue(7);
        assertThat(db.required()).isTrue();
        assertThat(web.required()).isFalse();
        assertThat(db.trust().fingerprints()).doesNotContain(FINGERPRINT);
        assertThat(web.trust().fingerprints()).containsExactly(FINGERPRINT);
    }

    @Test
    void theDefaultsAreThoseOfSpelledOutTargets() {
        TargetDefaults defaults = read(
                        "sshpool.defaults.port=2022",
                        "sshpool.defaults.host-key-fingerprint=" + FINGERPRINT,
                        "sshpool.defaults.legacy-algorithms=true",
                        "sshpool.defaults.connect-timeout=3s")
                .defaults();
        assertThat(defaults)
                .isEqualTo(new TargetDefaults(
                        2022,
                        new Trust(Checking.STRICT, Optional.empty(), Set.of(FINGERPRINT)),
                        new Target.Limits(
                                OptionalInt.empty(),
                                OptionalInt.empty(),
                                Optional.of(ofSeconds(3)),
                                Optional.empty(),
                                Optional.empty(),
                                OptionalInt.empty()),
                        true));
        assertThat(read().defaults()).isEqualTo(TargetDefaults.NONE);
    }

    @Test
    void aTargetOfTheListNeedsTheSameKeys() {
        assertThat(problems("sshpool.targets=a, b,,a"))
                .contains("sshpool.target.a.host is missing", "sshpool.target.b.user is missing")
                .hasSize(8);
    }

    @ParameterizedTest
    @CsvSource({"[::1],::1", "fe80::1%eth0,fe80::1%eth0", "192.0.2.7,192.0.2.7", "Host-1.Example.,host-1.example."})
    void hostsAreNamesOrAddresses(String text, String expected) {
        assertThat(reader(web().with("sshpool.target.web.host=" + text))
                        .read()
                        .targets()
                        .get(0)
                        .host())
                .isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {"-oProxyCommand=x", "a b", "a@b", "web1:22", "[::1", "[web1]", "ssh://web1", "web1/"})
    void anythingElseIsNoHost(String text) {
        assertThat(problems(reader(web().with("sshpool.target.web.host=" + text))))
                .containsExactly("sshpool.target.web.host is \"" + text + "\", not a host name or IP address");
    }

    @ParameterizedTest
    @ValueSource(strings = {"True", "yes", "1", "on"})
    void onlyTrueAndFalseAreTruths(String text) {
        assertThat(problems(reader(web().with("sshpool.target.web.required=" + text))))
                .containsExactly("sshpool.target.web.required is \"" + text + "\", not true or false");
    }

    @ParameterizedTest
    @ValueSource(strings = {"MD5:16:27:ac", "SHA256:short", "AAAA", ","})
    void anythingElseIsNoFingerprint(String text) {
        assertThat(problems(reader(web().with("sshpool.target.web.host-key-fingerprint=" + text))))
                .singleElement()
                .asString()
                .startsWith("sshpool.target.web.host-key-fingerprint is \"" + text + "\", not a ");
    }

    @Test
    void aFingerprintWithStrayBitsIsRefusedSinceNoKeyHasIt() {
        String impossible = "SHA256:" + "A".repeat(42) + "B";
        assertThat(problems(reader(web().with("sshpool.target.web.host-key-fingerprint=" + impossible))))
                .hasSize(1);
    }

    @Test
    void strictCheckingNeedsSomethingToCheckAgainst() {
        assertThat(problems(
                        "sshpool.target.web.host=web1",
                        "sshpool.target.web.user=u",
                        "sshpool.target.web.password=secret-1"))
                .containsExactly("sshpool.target.web.known-hosts is missing:"
                        + " host-key-checking is strict, which needs it or host-key-fingerprint");
    }

    @Test
    void theDefaultsNeedItTooWhenTheyAreForSpelledOutTargets() {
        String missing = "sshpool.defaults.known-hosts is missing:"
                + " host-key-checking is strict, which needs it or host-key-fingerprint";
        assertThat(problems("sshpool.defaults.password=secret-1")).containsExactly(missing);
        assertThat(problems(reader(web().with("sshpool.defaults.password=x", "sshpool.allowed-hosts=*.example"))))
                .containsExactly(missing);
        assertThat(reader(web().with("sshpool.defaults.password=x")).read().targets())
                .hasSize(1);
        assertThat(read("sshpool.defaults.user=x").targets()).isEmpty();
    }

    @Test
    void aKnownHostsFileMustBeReadable() {
        Path missing = folder.resolve("missing");
        assertThat(problems(reader(web().with("sshpool.target.web.known-hosts=" + missing))))
                .containsExactly("sshpool.target.web.known-hosts names a file that does not exist: " + missing);
        assertThat(problems(reader(web().with("sshpool.defaults.known-hosts=" + folder))))
                .containsExactly(
                        "sshpool.defaults.known-hosts names something that cannot be read as a file: " + folder);
    }

    @Test
    void acceptNewMayStartWithoutItsFileButNotWithoutItsName() {
        PlainConfig acceptNew = web().with("sshpool.target.web.host-key-checking=accept-new");
        assertThat(problems(reader(acceptNew)))
                .containsExactly("sshpool.target.web.known-hosts is missing:"
                        + " host-key-checking is accept-new, which needs a file to remember keys in");
        Path later = folder.resolve("later");
        assertThat(reader(acceptNew.with("sshpool.target.web.known-hosts=" + later))
                        .read()
                        .targets()
                        .get(0)
                        .trust()
                        .knownHosts())
                .contains(later);
        assertThat(problems(reader(acceptNew.with("sshpool.target.web.known-hosts=" + folder))))
                .hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"accept-new", "insecure-accept-any"})
    void defaultsThatTrustUnknownHostsNeedAllowedHosts(String checking) {
        PlainConfig config = PlainConfig.of(
                "sshpool.defaults.host-key-checking=" + checking,
                "sshpool.defaults.known-hosts=" + folder.resolve("known_hosts"));
        assertThat(problems(reader(config)))
                .singleElement()
                .asString()
                .startsWith(
                        "sshpool.allowed-hosts is missing: sshpool.defaults.host-key-checking trusts unknown hosts");
        assertThat(reader(config.with("sshpool.allowed-hosts=*.example")).read().targets())
                .isEmpty();
    }

    @Test
    void anApplicationWithItsOwnBeansNeedsNeitherCredentialNorTrust() {
        ConfigReader reader = reader(PlainConfig.of("sshpool.target.web.host=web1", "sshpool.target.web.user=u"));
        assertThat(problems(reader)).hasSize(2);
        assertThat(problems(reader.withoutNeedOfTrust()))
                .singleElement()
                .asString()
                .startsWith("sshpool.target.web.private-key is missing");
        assertThat(problems(reader.withoutNeedOfCredentials()))
                .singleElement()
                .asString()
                .startsWith("sshpool.target.web.known-hosts is missing");
        assertThat(reader.withoutNeedOfTrust().withoutNeedOfCredentials().read().targets())
                .hasSize(1);
    }

    @Test
    void whatTheApplicationDoesWithoutIsNotLookedAt() {
        ConfigReader reader = reader(PlainConfig.of(
                "sshpool.target.web.host=web1",
                "sshpool.target.web.user=u",
                "sshpool.target.web.private-key=file:/nowhere/id",
                "sshpool.target.web.known-hosts=/nowhere/known_hosts",
                "sshpool.defaults.password=file:/nowhere/password",
                "sshpool.defaults.known-hosts=/nowhere/else"));
        assertThat(problems(reader)).hasSize(4);
        assertThat(problems(reader.withoutNeedOfTrust())).hasSize(2).noneMatch(problem -> problem.contains("known"));
        assertThat(problems(reader.withoutNeedOfCredentials()))
                .hasSize(2)
                .allMatch(problem -> problem.contains("known-hosts names a file that does not exist"));
        assertThat(reader.withoutNeedOfTrust().withoutNeedOfCredentials().read().targets())
                .hasSize(1);
    }

    @Test
    void pathsMayBeginAtTheHomeOfTheUser() {
        PlainConfig config = web().with(
                        "sshpool.target.web.host-key-checking=accept-new",
                        "sshpool.target.web.known-hosts=~/not/there");
        assertThat(reader(config).read().targets().get(0).trust().knownHosts())
                .contains(Path.of(System.getProperty("user.home"), "not", "there"));
    }
}
