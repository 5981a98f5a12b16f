package io.sshpool.impl.mina;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KnownHostsTest {

    @TempDir
    static Path folder;

    static String ed25519;
    static String ecdsa;
    static String rsa;

    @BeforeAll
    static void makeKeys() {
        HostKeys keys = new HostKeys(folder);
        ed25519 = keys.make("ed25519", "ed25519");
        ecdsa = keys.make("ecdsa", "ecdsa");
        rsa = keys.make("rsa", "rsa");
    }

    @Test
    void lines_are_found_with_their_numbers_in_order() {
        KnownHosts known = parse("# comment\n\n  \t# another\nweb " + ed25519 + " me@home\n\tdb,web\t" + rsa
                + "\r\n@revoked web " + ecdsa + " # gone");

        assertThat(known.find("web")).extracting(KnownHostLine::number).containsExactly(4, 5, 6);
        assertThat(known.find("web"))
                .extracting(line -> line.key().type())
                .containsExactly("ssh-ed25519", "ssh-rsa", "ecdsa-sha2-nistp256");
        assertThat(known.find("db")).extracting(KnownHostLine::number).containsExactly(5);
        assertThat(known.find("other")).isEmpty();
        assertThat(known.malformed()).isEmpty();
    }

    @Test
    void keys_equal_those_that_a_server_shows() {
        for (String key : new String[] {ed25519, ecdsa, rsa}) {
            KnownHosts known = parse("web " + key);

            assertThat(known.find("web").get(0).key()).isEqualTo(HostKey.of(HostKeys.parse(key)));
        }
    }

    @Test
    void fingerprints_are_those_of_ssh_keygen() {
        for (String name : new String[] {"ed25519", "ecdsa", "rsa"}) {
            String line = name.equals("rsa") ? rsa : name.equals("ecdsa") ? ecdsa : ed25519;

            assertThat(HostKey.of(HostKeys.parse(line)).fingerprint())
                    .isEqualTo(new HostKeys(folder).fingerprint(name));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "web",
                "web ssh-ed25519",
                "@revoked web ssh-ed25519",
                "@unknown web KEY",
                "@revoked @cert-authority web KEY",
                "@ web KEY",
                "|1|broken|hash KEY",
                "web ssh-rsa CUT",
                "web ssh-dss BLOB",
                "web ssh-ed25519 ????",
                "web ssh-ed25519 AAAA",
                "web ssh-ed25519 AAAAC3NzaC1lZDI1NTE5",
                "web ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAAAAA",
                "web 1024 35 1234567890",
                "<<<<<<< HEAD",
            })
    void a_line_that_cannot_be_understood_is_counted_and_spoils_no_other(String line) {
        String blob = ed25519.split(" ")[1];
        String text =
                line.replace("KEY", ed25519).replace("BLOB", blob).replace("CUT", rsa.split(" ")[1].substring(0, 100));

        KnownHosts known = parse("db " + rsa + "\n" + text + "\nweb " + ed25519 + "\n");

        assertThat(known.malformed()).containsExactly(2);
        assertThat(known.find("web")).extracting(KnownHostLine::number).containsExactly(3);
    }

    @Test
    void a_well_formed_key_of_a_type_that_nobody_knows_is_understood() {
        // "ssh-dss" in the blob as in the line, and one more string.
        KnownHosts known = parse("web ssh-dss AAAAB3NzaC1kc3MAAAABAA==");

        assertThat(known.malformed()).isEmpty();
        assertThat(known.find("web").get(0).key().type()).isEqualTo("ssh-dss");
    }

    @Test
    void whether_the_last_line_is_complete_is_known() {
        assertThat(parse("").isComplete()).isTrue();
        assertThat(parse("web " + rsa).isComplete()).isFalse();
        assertThat(parse("web " + rsa + "\n").isComplete()).isTrue();
    }

    @Test
    void a_hundred_thousand_lines_are_read_and_searched_in_seconds() {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < 100_000; i++) {
            text.append("*host")
                    .append(i)
                    .append(".example.org ")
                    .append(ed25519)
                    .append('\n');
        }
        text.append("web ").append(rsa).append('\n');

        Assertions.assertTimeout(Duration.ofSeconds(20), () -> {
            KnownHosts known = parse(text.toString());
            assertThat(known.find("web")).extracting(KnownHostLine::number).containsExactly(100_001);
            assertThat(known.find("myhost77.example.org")).hasSize(1);
        });
    }

    @Test
    void lines_of_megabytes_are_read() {
        String comment = "web " + rsa + " " + "c ".repeat(1_000_000);
        String names = "n".repeat(2_000_000) + " " + rsa;
        String blob = "db ssh-ed25519 " + "A".repeat(4_000_000);

        KnownHosts known = parse(comment + "\n" + names + "\n" + blob + "\nlast " + ed25519);

        assertThat(known.find("web")).hasSize(1);
        assertThat(known.find("last")).hasSize(1);
        assertThat(known.malformed()).containsExactly(2, 3);
    }

    @Test
    void binary_junk_is_survived() {
        for (long seed = 0; seed < 200; seed++) {
            byte[] junk = new byte[5000];
            new Random(seed).nextBytes(junk);
            KnownHosts known = KnownHosts.parse(junk);
            assertThat(known.find("web")).as("seed %d", seed).isEmpty();
            assertThat(known.malformed()).as("seed %d", seed).isNotEmpty();
        }
    }

    @Test
    void a_line_with_any_one_character_damaged_never_means_another_key_of_the_same_host_silently() {
        String line = "web " + ed25519;
        HostKey genuine = HostKey.of(HostKeys.parse(ed25519));
        for (int i = 0; i < line.length(); i++) {
            String damaged = line.substring(0, i) + '\0' + line.substring(i + 1);
            assertThat(parse(damaged).malformed()).as("at %d", i).containsExactly(1);
            KnownHosts cut = parse(line.substring(0, i));
            assertThat(cut.find("web").stream().filter(l -> l.key().equals(genuine)))
                    .as("cut at %d", i)
                    .isEmpty();
        }
    }

    private static KnownHosts parse(String text) {
        return KnownHosts.parse(text.getBytes(StandardCharsets.ISO_8859_1));
    }
}
