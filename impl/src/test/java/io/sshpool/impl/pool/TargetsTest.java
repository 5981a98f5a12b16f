package io.sshpool.impl.pool;

import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import io.sshpool.SshConfigException;
import io.sshpool.spi.Target;
import io.sshpool.spi.Trust;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TargetsTest {

    private static final Target WEB = alias("web", "deploy", "web1.example", 22);

    private final Targets targets = new Targets(List.of(WEB), TargetDefaults.NONE, List.of());

    @Test
    void anAliasIsFoundByItsName() {
        assertThat(targets.find("web")).isSameAs(WEB);
        assertThat(targets.aliases()).containsExactly(WEB);
    }

    @ParameterizedTest
    @CsvSource({
        "u@db1,u,db1,22,u@db1:22",
        "u@db1:2222,u,db1,2222,u@db1:2222",
        "u@DB1.Example,u,db1.example,22,u@db1.example:22",
        "u@[::1],u,::1,22,u@[::1]:22",
        "u@[FE80::1%eth0]:65535,u,fe80::1%eth0,65535,u@[fe80::1%eth0]:65535",
        "u@192.0.2.7:00022,u,192.0.2.7,22,u@192.0.2.7:22",
        "first.last+x$@_h-1.,first.last+x$,_h-1.,22,first.last+x$@_h-1.:22"
    })
    void aSpelledOutKeyIsTakenApart(String key, String user, String host, int port, String name) {
        Target target = targets.find(key);
        assertThat(target.user()).isEqualTo(user);
        assertThat(target.host()).isEqualTo(host);
        assertThat(target.port()).isEqualTo(port);
        assertThat(target.name()).isEqualTo(name);
        assertThat(target.alias()).isFalse();
        assertThat(target.label()).isEqualTo("other");
        assertThat(Targets.isWellFormed(key)).isTrue();
    }

    @Test
    void aSpelledOutTargetHasTheDefaults() {
        Trust trust = new Trust(Trust.Checking.ACCEPT_NEW, Optional.empty(), Set.of());
        Targets others = new Targets(List.of(), new TargetDefaults(2022, trust, Target.Limits.NONE, true), List.of());
        assertThat(others.find("u@db1"))
                .isEqualTo(new Target("u@db1:2022", false, "u", "db1", 2022, trust, Target.Limits.NONE, true, false));
        assertThat(others.find("u@db1:22").port()).isEqualTo(22);
    }

    @ParameterizedTest
    @ValueSource(strings = {"u@db1", "u@db1:22", "u@DB1", "u@Db1:022"})
    void everySpellingOfAnAddressIsOneTarget(String key) {
        Target first = targets.find("u@db1");
        assertThat(targets.find(key)).isSameAs(first);
        assertThat(targets.find(key)).isSameAs(first);
    }

    @ParameterizedTest
    @ValueSource(strings = {"u@DB1", "u@db1:022"})
    void anOddSpellingIsNotRemembered(String key) {
        Target first = targets.find(key);
        targets.forget(first);
        assertThat(targets.find(key)).isEqualTo(first).isNotSameAs(first);
    }

    @ParameterizedTest
    @ValueSource(strings = {"deploy@web1.example", "deploy@WEB1.example:22"})
    void theAddressOfAnAliasIsThatAlias(String key) {
        assertThat(targets.find(key)).isSameAs(WEB);
    }

    @ParameterizedTest
    @ValueSource(strings = {"Deploy@web1.example", "deploy@web1.example:23", "deploy@web1"})
    void anotherUserPortOrHostIsNot(String key) {
        assertThat(targets.find(key)).isNotEqualTo(WEB);
    }

    @Test
    void theAddressOfAnAliasWithAnIpv6HostIsThatAlias() {
        Target six = alias("six", "u", "::1", 22);
        assertThat(new Targets(List.of(six), TargetDefaults.NONE, List.of()).find("u@[::1]"))
                .isSameAs(six);
    }

    @Test
    void theAddressOfSeveralAliasesIsAnErrorThatNamesThem() {
        Targets twins =
                new Targets(List.of(WEB, alias("blue", "deploy", "web1.example", 22)), TargetDefaults.NONE, List.of());
        assertThatThrownBy(() -> twins.find("deploy@web1.example"))
                .isInstanceOf(SshConfigException.class)
                .hasMessage("deploy@web1.example:22 is the address of several targets: blue, web;"
                        + " use one of these names");
    }

    @Test
    void anUnknownAliasSaysHowToConfigureItAndWhichAreKnown() {
        assertThatThrownBy(() -> targets.find("wbe"))
                .isInstanceOf(SshConfigException.class)
                .hasMessage(
                        "no target is named wbe; set sshpool.target.wbe.host (from the environment alone: name it in"
                                + " sshpool.targets, too), or use user@host[:port] (known: web)");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "@",
                "u@",
                "@h",
                "a@b@c",
                "-oProxyCommand=x@h",
                "u@-oProxyCommand=x",
                "u@h:0",
                "u@h:65536",
                "u@h:99999",
                "u@h:",
                "u@h:22:22",
                "u@h:+2",
                "u@h:２２",
                "u@[::1",
                "u@::1",
                "u@[]",
                "u@[web]",
                "u@[1.2.3.4]",
                "u@[::1%eth0;x]",
                "u@h\0",
                "u@h\n",
                "u@h x",
                "u@h/x",
                "u@h#x",
                "u@h%00",
                "u@münchen",
                "ü@h",
                "u@.h",
                "ssh://u@h",
                "$(id)@h",
                "`id`@h",
                "we b"
            })
    void whatDoesNotParseIsRefused(String key) {
        assertThat(Targets.isWellFormed(key)).isFalse();
        assertThatThrownBy(() -> targets.find(key))
                .isInstanceOf(SshConfigException.class)
                .hasMessageStartingWith("malformed target key \"")
                .hasMessageEndingWith("\"; use an alias or user@host[:port]");
    }

    @Test
    void aKeyOfAnyLengthIsRefusedAtOnceWithAShortMessage() {
        for (String key : List.of(
                "u@" + "a".repeat(254), "a".repeat(100_000), "u@" + "a.".repeat(50_000), "u@[" + ":".repeat(100_000))) {
            SshConfigException refused = assertTimeoutPreemptively(
                    ofSeconds(2), () -> catchThrowableOfType(SshConfigException.class, () -> targets.find(key)));
            assertThat(refused.getMessage()).hasSizeLessThan(200);
            assertThat(Targets.isWellFormed("u@" + "a".repeat(253))).isTrue();
        }
    }

    @Test
    void aHostOutsideAllowedHostsIsRefusedButAliasesAreNot() {
        Targets narrow = new Targets(List.of(WEB), TargetDefaults.NONE, List.of("*.internal", "10.0.0.*"));
        assertThat(narrow.find("u@Db1.Internal").host()).isEqualTo("db1.internal");
        assertThat(narrow.find("u@10.0.0.7").host()).isEqualTo("10.0.0.7");
        assertThat(narrow.find("web")).isSameAs(WEB);
        assertThat(narrow.find("deploy@web1.example")).isSameAs(WEB);
        for (String host : List.of("db1.internal.evil.example", "internal", "10.0.0.evil.example", "[::1]")) {
            assertThatThrownBy(() -> narrow.find("u@" + host))
                    .isInstanceOf(SshConfigException.class)
                    .hasMessageContaining("is not among sshpool.allowed-hosts");
        }
    }

    @Test
    void aForgottenTargetIsMadeAnewUnderEveryKey() {
        Target first = targets.find("u@db1");
        targets.forget(first);
        assertThat(targets.find("u@db1")).isEqualTo(first).isNotSameAs(first);
        Target second = targets.find("u@db1:22");
        assertThat(second).isNotSameAs(first).isSameAs(targets.find("u@db1"));
    }

    @ParameterizedTest
    @CsvSource({"WEB1,web1", "[::1],::1", "::1,::1", "192.0.2.7,192.0.2.7"})
    void aHostOfASettingIsPutInOneForm(String text, String host) {
        assertThat(Targets.host(text)).contains(host);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "-x", "a b", "web1:22", "[web1]", "[::1", "u@h"})
    void whatIsNoHostHasNoForm(String text) {
        assertThat(Targets.host(text)).isEmpty();
        assertThat(Targets.host("a".repeat(253))).isPresent();
        assertThat(Targets.host("a".repeat(254))).isEmpty();
    }

    @Test
    void hostileKeysAreRefusedOrPlainAndNeverAnythingElse() {
        long seed = Long.getLong("seed", 42);
        Random random = new Random(seed);
        int found = 0;
        for (int i = 0; i < 20_000; i++) {
            String key = hostile(random);
            try {
                Target target = targets.find(key);
                found++;
                assertThat(target.user()).as(key).matches("[A-Za-z0-9_][A-Za-z0-9._$+-]*");
                assertThat(target.host()).as(key).matches("[a-z0-9_][a-z0-9._-]*|[0-9a-f.]*:[0-9a-f:.]*(%[a-z0-9]+)?");
                assertThat(target.port()).as(key).isBetween(1, 65535);
                assertThat(targets.find(target.name())).as(key).isSameAs(target);
                assertThat(Targets.isWellFormed(key)).as(key).isTrue();
            } catch (SshConfigException refused) {
                assertThat(refused.getMessage())
                        .as("seed %d", seed)
                        .hasSizeLessThan(700)
                        .doesNotContainPattern("\\p{Cntrl}");
            }
        }
        assertThat(found).as("keys that were found, seed %d", seed).isBetween(1_000, 19_000);
    }

    private static String hostile(Random random) {
        String[] pieces = {
            "u",
            "deploy",
            "@",
            "@",
            "web1.example",
            "h",
            ":",
            "22",
            "65536",
            "0",
            "[",
            "]",
            "::1",
            "-o",
            "=",
            "%",
            ".",
            "\0",
            "\n",
            "\u202e",
            "ü",
            " ",
            "/",
            "$",
            "A",
            "web"
        };
        if (random.nextInt(4) == 0) {
            return "u@h" + random.nextInt(100) + (random.nextBoolean() ? ":" + random.nextInt(70_000) : "");
        }
        StringBuilder key = new StringBuilder();
        for (int i = random.nextInt(random.nextInt(20) == 0 ? 200 : 7); i >= 0; i--) {
            key.append(pieces[random.nextInt(pieces.length)]);
        }
        return key.toString();
    }

    private static Target alias(String name, String user, String host, int port) {
        return new Target(name, true, user, host, port, Trust.NOBODY, Target.Limits.NONE, false, false);
    }
}
