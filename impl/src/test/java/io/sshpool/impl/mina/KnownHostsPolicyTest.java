package io.sshpool.impl.mina;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.sshpool.HostKeyException;
import io.sshpool.SshConnectException.Kind;
import io.sshpool.SshConnectException.Phase;
import io.sshpool.spi.Target;
import io.sshpool.spi.Trust;
import io.sshpool.spi.Trust.Checking;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

class KnownHostsPolicyTest {

    @TempDir
    static Path keyFolder;

    static HostKeys keys;
    static String genuine;
    static String other;
    static String rsa;

    @TempDir
    Path folder;

    private final KnownHostsPolicy policy = new KnownHostsPolicy();
    private Path file;

    @BeforeAll
    static void makeKeys() {
        keys = new HostKeys(keyFolder);
        genuine = keys.make("genuine", "ed25519");
        other = keys.make("other", "ed25519");
        rsa = keys.make("rsa", "rsa");
    }

    @BeforeEach
    void nameFile() {
        file = folder.resolve("known_hosts");
    }

    @Test
    void a_listed_key_is_trusted() throws IOException {
        write("web " + genuine);

        assertTrusted(strict("web", 22), genuine);
    }

    @Test
    void an_unknown_host_is_refused_with_what_was_seen_and_what_to_do() throws IOException {
        write("db " + genuine);

        assertThat(refusal(strict("web", 2222), genuine))
                .contains("web (web:2222)", "is unknown", "ssh-ed25519 " + keys.fingerprint("genuine"))
                .contains(file + " has no line for [web]:2222")
                .contains("ssh-keyscan -t ed25519 -p 2222 web >> " + file);
    }

    @ParameterizedTest
    @EnumSource(mode = Mode.EXCLUDE, names = "INSECURE_ACCEPT_ANY")
    void a_changed_key_is_refused_with_both_fingerprints_and_the_line(Checking checking) throws IOException {
        write("db " + other + "\nweb " + genuine);

        assertThat(refusal(target("web", 22, checking), other))
                .contains("has changed", keys.fingerprint("genuine"), keys.fingerprint("other"))
                .contains("(" + file + ":2)", "ssh-keygen -f " + file + " -R web");
        assertThat(Files.readString(file)).isEqualTo("db " + other + "\nweb " + genuine);
    }

    @ParameterizedTest
    @EnumSource(mode = Mode.EXCLUDE, names = "INSECURE_ACCEPT_ANY")
    void a_key_of_another_type_than_those_listed_counts_as_changed(Checking checking) throws IOException {
        write("web " + rsa);

        assertThat(refusal(target("web", 22, checking), genuine))
                .contains(
                        "has changed",
                        "ssh-rsa " + keys.fingerprint("rsa"),
                        "ssh-ed25519 " + keys.fingerprint("genuine"));
    }

    @Test
    void one_of_several_listed_keys_is_enough() throws IOException {
        write("web " + rsa + "\nweb " + other + "\n*eb " + genuine);

        assertTrusted(strict("web", 22), genuine);
        assertTrusted(strict("web", 22), rsa);
    }

    @ParameterizedTest
    @EnumSource(mode = Mode.EXCLUDE, names = "INSECURE_ACCEPT_ANY")
    void a_revoked_key_is_refused_wherever_else_it_is_listed(Checking checking) throws IOException {
        write("web " + genuine + "\n@revoked * " + genuine);

        assertThat(refusal(target("web", 22, checking), genuine))
                .contains("is revoked", keys.fingerprint("genuine"), file + ":2");
        assertThat(refusal(target("web", 2222, checking), genuine)).contains("is revoked");
    }

    @Test
    void a_revocation_for_another_host_does_not_count() throws IOException {
        write("web " + genuine + "\n@revoked db " + genuine);

        assertTrusted(strict("web", 22), genuine);
    }

    @Test
    void a_revoked_key_does_not_make_the_host_known() throws IOException {
        write("@revoked web " + other);

        assertThat(refusal(strict("web", 22), genuine)).contains("is unknown");
        assertThat(policy.knownKeyTypes(strict("web", 22))).isEmpty();
    }

    @Test
    void a_line_without_port_vouches_for_other_ports_but_does_not_contradict() throws IOException {
        write("web " + genuine);

        assertTrusted(strict("web", 2222), genuine);
        assertThat(refusal(strict("web", 2222), other)).contains("is unknown");

        write("web " + genuine + "\n[web]:2222 " + rsa);
        assertThat(refusal(strict("web", 2222), genuine)).contains("has changed");
    }

    @Test
    void a_line_for_another_port_does_not_count() throws IOException {
        write("[web]:2222 " + genuine);

        assertThat(refusal(strict("web", 22), genuine)).contains("is unknown");
        assertThat(refusal(strict("web", 2223), genuine)).contains("is unknown");
    }

    @Test
    void a_missing_file_knows_nobody() {
        assertThat(refusal(strict("web", 22), genuine)).contains("there is no file " + file);
        assertThat(file).doesNotExist();
    }

    @ParameterizedTest
    @EnumSource(mode = Mode.EXCLUDE, names = "INSECURE_ACCEPT_ANY")
    void an_unreadable_file_fails_closed(Checking checking) throws IOException {
        Files.createDirectory(file);
        assertThat(refusal(target("web", 22, checking), genuine))
                .contains("cannot be checked", file.toString(), "not a regular file");

        Path plain = Files.writeString(folder.resolve("plain"), "");
        file = plain.resolve("known_hosts");
        // a file below a file: unreadable to JDK 17, missing to JDK 25
        assertThat(refusal(target("web", 22, checking), genuine)).contains(file.toString());
        assertThat(policy.knownKeyTypes(strict("web", 22))).isEmpty();
        assertThat(policy.revision(strict("web", 22))).isEqualTo(policy.revision(strict("web", 22)));
    }

    @Test
    void a_line_that_cannot_be_understood_leaves_the_others_in_force() throws IOException {
        write("web ssh-ed25519 AAAA\nweb " + genuine);

        assertTrusted(strict("web", 22), genuine);
        assertThat(refusal(strict("db", 22), genuine)).contains("is unknown", "line 1 cannot be understood");
    }

    @Test
    void nobody_is_trusted_without_file_and_fingerprint() {
        Target nobody = HostKeys.target("web", 22, Trust.NOBODY);
        Target accepting = HostKeys.target("web", 22, new Trust(Checking.ACCEPT_NEW, Optional.empty(), Set.of()));

        assertThat(refusal(nobody, genuine)).contains("neither a known_hosts file nor a fingerprint");
        assertThat(refusal(accepting, genuine)).contains("no known_hosts file");
    }

    @Test
    void a_key_must_have_one_of_the_fingerprints() {
        Set<String> two = Set.of(keys.fingerprint("genuine"), keys.fingerprint("rsa"));
        Target pinned = HostKeys.target("web", 22, new Trust(Checking.STRICT, Optional.empty(), two));

        assertTrusted(pinned, genuine);
        assertTrusted(pinned, rsa);
        assertThat(refusal(pinned, other))
                .contains("not among the expected", keys.fingerprint("other"), keys.fingerprint("genuine"));
    }

    @ParameterizedTest
    @EnumSource(mode = Mode.EXCLUDE, names = "INSECURE_ACCEPT_ANY")
    void fingerprints_decide_over_the_file_but_not_over_a_revocation(Checking checking) throws IOException {
        Target pinned =
                HostKeys.target("web", 22, new Trust(checking, Optional.of(file), Set.of(keys.fingerprint("genuine"))));
        assertTrusted(pinned, genuine);
        write("web " + other);
        assertTrusted(pinned, genuine);
        assertThat(refusal(pinned, other)).contains("not among");
        write("@revoked web " + genuine);
        assertThat(refusal(pinned, genuine)).contains("is revoked");
        assertThat(Files.readString(file)).isEqualTo("@revoked web " + genuine);
    }

    @Test
    void accepting_any_key_looks_at_no_file() throws IOException {
        Files.createDirectory(file);

        assertTrusted(target("web", 22, Checking.INSECURE_ACCEPT_ANY), genuine);
        assertThat(policy.knownKeyTypes(target("web", 22, Checking.INSECURE_ACCEPT_ANY)))
                .isEmpty();
    }

    @Test
    void accepting_any_key_still_minds_a_fingerprint_that_is_set() {
        Target pinned = HostKeys.target(
                "web",
                22,
                new Trust(Checking.INSECURE_ACCEPT_ANY, Optional.empty(), Set.of(keys.fingerprint("genuine"))));

        assertTrusted(pinned, genuine);
        assertThat(refusal(pinned, other)).contains("not among");
    }

    @Test
    void a_change_of_the_file_is_seen_even_if_time_and_size_stay() throws IOException {
        write("web " + genuine);
        assertTrusted(strict("web", 22), genuine);
        Object before = policy.revision(strict("web", 22));
        FileTime time = Files.getLastModifiedTime(file);

        Path copy = Files.writeString(folder.resolve("copy"), "web " + other);
        Files.setLastModifiedTime(copy, time);
        Files.move(copy, file, StandardCopyOption.REPLACE_EXISTING);

        assertThat(Files.getLastModifiedTime(file)).isEqualTo(time);
        assertThat(policy.revision(strict("web", 22))).isNotEqualTo(before);
        assertThat(refusal(strict("web", 22), genuine)).contains("has changed");
    }

    @Test
    void the_revision_changes_with_the_file_only() throws IOException {
        Target web = strict("web", 22);
        Object missing = policy.revision(web);
        assertThat(policy.revision(web)).isEqualTo(missing);

        write("web " + genuine);
        Object written = policy.revision(web);
        assertThat(written).isNotEqualTo(missing).isEqualTo(policy.revision(web));

        write("web " + genuine + "\n");
        assertThat(policy.revision(web)).isNotEqualTo(written);
        Files.delete(file);
        assertThat(policy.revision(web)).isEqualTo(missing);
    }

    @Test
    void known_key_types_come_in_the_order_of_the_file() throws IOException {
        write("web " + rsa + "\ndb " + genuine + "\nweb " + genuine + "\nweb " + other);

        assertThat(policy.knownKeyTypes(strict("web", 22))).containsExactly("ssh-rsa", "ssh-ed25519");
        assertThat(policy.knownKeyTypes(strict("db", 2222))).containsExactly("ssh-ed25519");
        assertThat(policy.knownKeyTypes(strict("mail", 22))).isEmpty();
    }

    @Test
    void known_key_types_of_a_port_go_before_those_of_the_host() throws IOException {
        write("web " + rsa + "\n[web]:2222 " + genuine);

        assertThat(policy.knownKeyTypes(strict("web", 2222))).containsExactly("ssh-ed25519");
    }

    @Test
    void known_key_types_are_those_of_the_fingerprints_where_there_are_any() throws IOException {
        write("web " + rsa + "\nweb " + genuine);
        Trust trust = new Trust(Checking.STRICT, Optional.of(file), Set.of(keys.fingerprint("genuine")));

        assertThat(policy.knownKeyTypes(HostKeys.target("web", 22, trust))).containsExactly("ssh-ed25519");
    }

    private Target strict(String host, int port) {
        return HostKeys.strict(host, port, file);
    }

    private Target target(String host, int port, Checking checking) {
        return HostKeys.target(host, port, new Trust(checking, Optional.of(file), Set.of()));
    }

    private void write(String text) throws IOException {
        Files.writeString(file, text);
    }

    private void assertTrusted(Target target, String key) {
        assertThatCode(() -> policy.verify(target, HostKeys.ADDRESS, HostKeys.parse(key)))
                .doesNotThrowAnyException();
    }

    private String refusal(Target target, String key) {
        HostKeyException refused = catchThrowableOfType(
                HostKeyException.class, () -> policy.verify(target, HostKeys.ADDRESS, HostKeys.parse(key)));
        assertThat(refused).isNotNull();
        assertThat(refused.target()).isEqualTo("web");
        assertThat(refused.phase()).isEqualTo(Phase.KEX);
        assertThat(refused.kind()).isEqualTo(Kind.REJECTED);
        return refused.getMessage();
    }
}
