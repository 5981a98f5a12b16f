package io.sshpool.impl.mina;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HostNamesTest {

    @TempDir
    static Path folder;

    static String key;

    @BeforeAll
    static void makeKey() {
        key = new HostKeys(folder).make("key", "ed25519");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ' ',
            value = {
                "web web true",
                "web web2 false",
                "web we false",
                "WEB.Example.org web.example.org true",
                "db,web web true",
                "db,web db true",
                "db,web db,web false",
                "*.example.org web.example.org true",
                "*.example.org example.org false",
                "*.example.org a.b.example.org true",
                "web? web1 true",
                "web? web false",
                "web* web true",
                "* anything true",
                "**w*b web true",
                "*a*a*b aaaaaaaac false",
                "*.example.org,!bad.example.org bad.example.org false",
                "!bad.example.org,*.example.org bad.example.org false",
                "*.example.org,!bad.example.org good.example.org true",
                "!bad.example.org good.example.org false",
                "[web]:2222 [web]:2222 true",
                "[web]:2222 web false",
                "web [web]:2222 false",
                "[*.example.org]:2222 [web.example.org]:2222 true",
                "*,![web]:2222 [web]:2222 false",
                "* [web]:2222 true",
                "web:22 web false",
                "2001:db8::1 2001:db8::1 true",
                "[2001:db8::1]:2222 [2001:db8::1]:2222 true",
                "web. webx false",
                "we.b.c wexbxc false",
                ",web web true",
            })
    void names_match_as_they_do_for_openssh(String field, String name, boolean expected) throws IOException {
        assertThat(HostNames.parse(field).orElseThrow().match(name)).isEqualTo(expected);
        assertThat(opensshFinds(field, name)).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {"web", "web.example.org", "[web]:2222", "10.0.0.1", "2001:db8::1", "[2001:db8::1]:2222"})
    void hashed_names_match_as_openssh_hashes_them(String name) throws IOException {
        Path file = folder.resolve("hashed");
        Files.writeString(file, name + " " + key + "\n");
        Shell.run(folder, "ssh-keygen", "-q", "-H", "-f", "hashed");

        String field = Files.readString(file).split(" ")[0];

        assertThat(field).startsWith("|1|");
        HostNames hashed = HostNames.parse(field).orElseThrow();
        assertThat(hashed.match(name)).isTrue();
        assertThat(hashed.match(name + "x")).isFalse();
        assertThat(hashed.match("*")).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "|",
                "|1|",
                "|1||",
                "|1|AAAA|AAAA",
                "|2|F1E1KeoE/eEWhi10WpGv4OdiO6Y=|3988QV0VE8wmZL7suNrYQLITLCg=",
                "|1|F1E1KeoE/eEWhi10WpGv4OdiO6Y=|3988QV0VE8wmZL7suNrYQLITLCg=|x",
                "|1|!!!!|3988QV0VE8wmZL7suNrYQLITLCg="
            })
    void a_hash_of_another_form_is_not_understood(String field) {
        assertThat(HostNames.parse(field)).isEmpty();
    }

    @Test
    void a_hostile_pattern_takes_no_time() {
        HostNames stars = HostNames.parse("*a".repeat(500) + "b").orElseThrow();

        Assertions.assertTimeoutPreemptively(
                Duration.ofSeconds(10),
                () -> assertThat(stars.match("a".repeat(10_000))).isFalse());
    }

    @Test
    void a_pattern_longer_than_openssh_reads_is_not_understood() {
        assertThat(HostNames.parse("web," + "x".repeat(1024))).isEmpty();
    }

    @Test
    void only_ports_other_than_22_are_part_of_a_name() {
        assertThat(HostNames.name("web", 22)).isEqualTo("web");
        assertThat(HostNames.name("web", 2222)).isEqualTo("[web]:2222");
        assertThat(HostNames.name("::1", 22)).isEqualTo("::1");
        assertThat(HostNames.name("::1", 2222)).isEqualTo("[::1]:2222");
    }

    private boolean opensshFinds(String field, String name) throws IOException {
        Path file = folder.resolve("plain");
        Files.writeString(file, field + " " + key + "\n");
        try {
            return Shell.run(folder, "ssh-keygen", "-F", name, "-f", "plain").contains("found");
        } catch (AssertionError e) {
            return false;
        }
    }
}
