package io.sshpool.impl.mina;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.sshpool.HostKeyException;
import io.sshpool.spi.Target;
import io.sshpool.spi.Trust;
import io.sshpool.spi.Trust.Checking;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.PublicKey;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import org.apache.sshd.common.config.keys.OpenSshCertificate;
import org.apache.sshd.common.config.keys.OpenSshCertificateImpl;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;
import org.junit.jupiter.params.provider.ValueSource;

class HostCertificatesTest {

    private static final Instant NOW = Instant.parse("2030-06-15T12:00:00Z");

    @TempDir
    static Path folder;

    static HostKeys keys;
    static String authority;
    static String stranger;
    static String host;

    private final KnownHostsPolicy policy = new KnownHostsPolicy(new HostCertificates(() -> NOW));
    private Path file;

    @BeforeAll
    static void makeKeys() {
        keys = new HostKeys(folder);
        authority = keys.make("ca", "ed25519");
        stranger = keys.make("stranger", "ed25519");
        host = keys.make("host", "ed25519");
    }

    @BeforeEach
    void listAuthority() throws IOException {
        file = folder.resolve("known_hosts");
        write("@cert-authority *.example.org " + authority);
    }

    @ParameterizedTest
    @CsvSource({
        "ed25519,ed25519",
        "ed25519,ecdsa",
        "ed25519,rsa",
        "ecdsa,ed25519",
        "rsa,ed25519",
        "ecdsa,ecdsa",
        "rsa,rsa"
    })
    void a_certificate_by_a_listed_authority_is_trusted(String authorityType, String keyType) throws IOException {
        String name = authorityType + "-" + keyType;
        write("@cert-authority *.example.org " + keys.make("ca-" + name, authorityType));
        keys.make("host-" + name, keyType);

        PublicKey certificate = keys.certify("ca-" + name, "host-" + name, "-h", "-n", "web.example.org");

        assertThat(certificate).isInstanceOf(OpenSshCertificate.class);
        assertTrusted(strict("web.example.org", 22), certificate);
    }

    @Test
    void the_port_is_no_part_of_the_certified_name() {
        PublicKey certificate = keys.certify("ca", "host", "-h", "-n", "web.example.org,other.example.org");

        assertTrusted(strict("web.example.org", 2222), certificate);
        assertTrusted(strict("other.example.org", 22), certificate);
    }

    @ParameterizedTest
    @ValueSource(strings = {"db.example.org", "*.example.org", "web", "[web.example.org]:22", "WEB.example.org"})
    void a_certificate_for_another_name_is_refused(String name) {
        PublicKey certificate = keys.certify("ca", "host", "-h", "-n", name);

        assertThat(refusal(strict("web.example.org", 22), certificate))
                .contains("is not certified", "is for " + name + ", not for web.example.org", file + ":1");
    }

    @Test
    void a_certificate_for_no_name_is_refused() {
        assertThat(refusal(strict("web.example.org", 22), keys.certify("ca", "host", "-h")))
                .contains("is for no host");
    }

    @Test
    void a_certificate_of_a_user_is_refused() {
        assertThat(refusal(strict("web.example.org", 22), keys.certify("ca", "host", "-n", "web.example.org")))
                .contains("is a user's");
    }

    @ParameterizedTest
    @CsvSource({
        "20300615110000Z:20300615130000Z,true",
        "20300615120000Z:20300615130000Z,true",
        "20300615120001Z:20300615130000Z,false",
        "20300615110000Z:20300615120000Z,false",
        "20300615110000Z:20300615120001Z,true",
        "20200101:20200201,false",
        "always:forever,true",
        "always:20400101,true"
    })
    void a_certificate_holds_in_its_time_only(String time, boolean trusted) {
        PublicKey certificate = keys.certify("ca", "host", "-h", "-n", "web.example.org", "-V", time);

        if (trusted) {
            assertTrusted(strict("web.example.org", 22), certificate);
        } else {
            assertThat(refusal(strict("web.example.org", 22), certificate))
                    .containsAnyOf("expired at 20", "not valid before 2030-06-15T12:00:01Z");
        }
    }

    @Test
    void a_critical_option_is_not_ignored() {
        PublicKey certificate =
                keys.certify("ca", "host", "-h", "-n", "web.example.org", "-O", "critical:new@example.org=1");

        assertThat(refusal(strict("web.example.org", 22), certificate)).contains("critical options");
    }

    @Test
    void a_tampered_certificate_is_refused() {
        OpenSshCertificateImpl certificate =
                (OpenSshCertificateImpl) keys.certify("ca", "host", "-h", "-n", "web.example.org");
        byte[] message = certificate.getMessage().clone();
        message[message.length - 1] ^= 1;
        certificate.setMessage(message);

        assertThat(refusal(strict("web.example.org", 22), certificate)).contains("no valid signature");
    }

    @Test
    void a_certificate_that_names_another_authority_than_its_signer_is_refused() {
        OpenSshCertificateImpl certificate =
                (OpenSshCertificateImpl) keys.certify("stranger", "host", "-h", "-n", "web.example.org");
        certificate.setCaPubKey(HostKeys.parse(authority));

        assertThat(refusal(strict("web.example.org", 22), certificate)).contains("no valid signature");
    }

    @Test
    void a_signature_with_sha1_is_refused() throws IOException {
        write("@cert-authority *.example.org " + keys.make("ca-sha1", "rsa"));

        PublicKey certificate = keys.certify("ca-sha1", "host", "-t", "ssh-rsa", "-h", "-n", "web.example.org");

        assertThat(refusal(strict("web.example.org", 22), certificate)).contains("no valid signature");
    }

    @ParameterizedTest
    @EnumSource(mode = Mode.EXCLUDE, names = "INSECURE_ACCEPT_ANY")
    void neither_a_strangers_certificate_nor_a_plain_key_stands_in_for_a_certificate(Checking checking)
            throws IOException {
        String before = Files.readString(file);
        Target web = target("web.example.org", checking);

        assertThat(refusal(web, keys.certify("stranger", "host", "-h", "-n", "web.example.org")))
                .contains("is not certified", keys.fingerprint("stranger"), keys.fingerprint("ca"), file + ":1");
        assertThat(refusal(web, HostKeys.parse(host))).contains("is not certified");
        assertThat(refusal(web, keys.certify("ca", "host", "-h", "-n", "web.example.org", "-V", "20200101:20200201")))
                .contains("expired at");
        assertThat(Files.readString(file)).isEqualTo(before);
    }

    @Test
    void a_listed_key_needs_no_certificate() throws IOException {
        write("@cert-authority *.example.org " + authority + "\nweb.example.org " + host);

        assertTrusted(strict("web.example.org", 22), HostKeys.parse(host));
        assertTrusted(strict("web.example.org", 22), keys.certify("stranger", "host", "-h", "-n", "web.example.org"));
        assertTrusted(
                strict("web.example.org", 22),
                keys.certify("ca", "host", "-h", "-n", "web.example.org", "-V", "20200101:20200201"));
    }

    @Test
    void an_authority_vouches_for_its_hosts_only() throws IOException {
        assertThat(refusal(strict("web.example.com", 22), keys.certify("ca", "host", "-h", "-n", "web.example.com")))
                .contains("is unknown");

        write("web.example.org " + authority);
        assertThat(refusal(strict("web.example.org", 22), keys.certify("ca", "host", "-h", "-n", "web.example.org")))
                .contains("has changed");
    }

    @Test
    void a_listed_authority_is_not_itself_a_host_key() {
        assertThat(refusal(strict("web.example.org", 22), HostKeys.parse(authority)))
                .contains("is not certified");
    }

    @ParameterizedTest
    @ValueSource(strings = {"ca", "host"})
    void a_revoked_authority_or_key_spoils_the_certificate(String revoked) throws IOException {
        String key = revoked.equals("ca") ? authority : host;
        write("@cert-authority * " + authority + "\n@revoked * " + key);

        assertThat(refusal(strict("web.example.org", 22), keys.certify("ca", "host", "-h", "-n", "web.example.org")))
                .contains("is revoked", file + ":2");
    }

    @Test
    void a_fingerprint_is_that_of_the_certified_key() {
        Target pinned = HostKeys.target(
                "web.example.org", 22, new Trust(Checking.STRICT, Optional.empty(), Set.of(keys.fingerprint("host"))));

        assertTrusted(pinned, keys.certify("stranger", "host", "-h", "-n", "web.example.org"));
    }

    @Test
    void the_key_of_a_new_host_is_remembered_without_its_certificate() throws IOException {
        Files.delete(file);

        assertTrusted(
                target("web.example.org", Checking.ACCEPT_NEW),
                keys.certify("stranger", "host", "-h", "-n", "web.example.org"));

        assertThat(Files.readString(file)).isEqualTo("web.example.org " + host + "\n");
    }

    @Test
    void certificates_are_asked_for_first_where_there_is_an_authority() throws IOException {
        write("web.example.org " + host + "\n@cert-authority *.example.org " + authority);

        assertThat(policy.knownKeyTypes(strict("web.example.org", 22)))
                .startsWith("ssh-ed25519-cert-v01@openssh.com")
                .contains("ssh-rsa-cert-v01@openssh.com")
                .endsWith("ssh-ed25519");
    }

    private Target strict(String name, int port) {
        return HostKeys.strict(name, port, file);
    }

    private Target target(String name, Checking checking) {
        return HostKeys.target(name, 22, new Trust(checking, Optional.of(file), Set.of()));
    }

    private void write(String text) throws IOException {
        Files.writeString(file, text);
    }

    private void assertTrusted(Target target, PublicKey key) {
        assertThatCode(() -> policy.verify(target, HostKeys.ADDRESS, key)).doesNotThrowAnyException();
    }

    private String refusal(Target target, PublicKey key) {
        HostKeyException refused =
                catchThrowableOfType(HostKeyException.class, () -> policy.verify(target, HostKeys.ADDRESS, key));
        assertThat(refused).isNotNull();
        return refused.getMessage();
    }
}
