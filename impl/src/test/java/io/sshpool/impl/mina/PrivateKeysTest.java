package io.sshpool.impl.mina;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sshpool.SshConfigException;
import io.sshpool.spi.Credential;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.Security;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.sshd.common.config.keys.KeyUtils;
import org.apache.sshd.common.config.keys.PublicKeyEntry;
import org.apache.sshd.common.signature.BuiltinSignatures;
import org.apache.sshd.common.signature.Signature;
import org.assertj.core.api.AbstractStringAssert;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class PrivateKeysTest {

    private static final String SECRET = "correct horse";

    @TempDir
    Path folder;

    static Stream<Arguments> formats() {
        List<List<String>> types = List.of(
                List.of("ed25519"),
                List.of("ecdsa", "-b", "256"),
                List.of("ecdsa", "-b", "384"),
                List.of("ecdsa", "-b", "521"),
                List.of("rsa", "-b", "2048"));
        return types.stream()
                .flatMap(type -> Stream.of("RFC4716", "PEM", "PKCS8")
                        .flatMap(format -> Stream.of("", SECRET).map(pass -> Arguments.of(type, format, pass))));
    }

    @ParameterizedTest
    @MethodSource("formats")
    void what_ssh_keygen_writes_is_read_and_signs(List<String> type, String format, String passphrase)
            throws Exception {
        String text = keygen(type, "-m", format, "-N", passphrase);

        List<KeyPair> pairs = PrivateKeys.load(text, Optional.of(passphrase).filter(p -> !p.isEmpty()));

        assertThat(pairs).hasSize(1);
        assertThat(PublicKeyEntry.toString(pairs.get(0).getPublic())).isEqualTo(publicKey());
        assertSigns(pairs.get(0));
    }

    @ParameterizedTest
    @ValueSource(strings = {"RFC4716", "PEM", "PKCS8"})
    void an_encrypted_key_wants_its_passphrase(String format) throws Exception {
        String text = keygen(List.of("rsa", "-b", "2048"), "-m", format, "-N", SECRET);

        assertProblem(text, Optional.empty()).contains("encrypted and there is no passphrase");
        assertProblem(text, Optional.of("wrong"))
                .contains("passphrase is wrong")
                .doesNotContain("wrong\"");
        assertProblem(text, Optional.of("")).contains("passphrase is wrong");
    }

    @ParameterizedTest
    @ValueSource(strings = {"aes128-cbc", "aes256-gcm@openssh.com", "aes256-ctr"})
    void every_common_cipher_of_openssh_is_read(String cipher) throws Exception {
        String text = keygen(List.of("ed25519"), "-Z", cipher, "-N", SECRET);

        assertThat(PrivateKeys.load(text, Optional.of(SECRET))).hasSize(1);
        assertProblem(text, Optional.of("wrong")).contains("passphrase is wrong");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "genpkey -algorithm ed25519",
                "genpkey -algorithm ed25519 -aes256 -pass pass:secret",
                "genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048",
                "genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048 -aes256 -pass pass:secret",
                "genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-384",
                "genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-521 -aes128 -pass pass:secret",
                "ecparam -name prime256v1 -genkey -noout",
                "ecparam -name prime256v1 -genkey",
                "genrsa -traditional 2048",
                "genrsa -traditional -aes256 -passout pass:secret 2048"
            })
    void what_openssl_writes_is_read_and_signs(String command) throws Exception {
        String text = openssl(command);

        List<KeyPair> pairs = PrivateKeys.load(text, Optional.of("secret"));

        assertThat(pairs).hasSize(1);
        assertSigns(pairs.get(0));
    }

    @Test
    void a_passphrase_for_a_plain_key_is_ignored() throws Exception {
        assertThat(PrivateKeys.load(keygen(List.of("ed25519"), "-N", ""), Optional.of("unused")))
                .hasSize(1);
    }

    @Test
    void line_ends_and_text_around_the_key_do_not_matter() throws Exception {
        String text = keygen(List.of("ed25519"), "-N", "");

        assertThat(PrivateKeys.load("\uFEFF# my key\r\n" + text.replace("\n", "\r\n") + "\r\n  \r\n", Optional.empty()))
                .hasSize(1);
        assertThat(PrivateKeys.load(text.strip(), Optional.empty())).hasSize(1);
    }

    static Stream<Arguments> useless() {
        return Stream.of(
                Arguments.of("", "empty"),
                Arguments.of(" \n ", "empty"),
                Arguments.of("hunter2", "not a private key"),
                Arguments.of("/home/deploy/.ssh/id_ed25519", "file:/path"),
                Arguments.of("x".repeat(1_000_000), "longer than"),
                Arguments.of("ssh-ed25519 AAAAC3NzaC1lZDI1NTE5 me", "public key"),
                Arguments.of("-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----", "public key"),
                Arguments.of("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----", "certificate"),
                Arguments.of("---- BEGIN SSH2 PUBLIC KEY ----\nAAAA\n---- END SSH2 PUBLIC KEY ----", "public key"),
                Arguments.of("PuTTY-User-Key-File-3: ssh-ed25519\nEncryption: none\n", "puttygen"),
                Arguments.of("---- BEGIN SSH2 ENCRYPTED PRIVATE KEY ----\n", "ssh-keygen -i"),
                Arguments.of("-----BEGIN DSA PRIVATE KEY-----\nAAAA\n-----END DSA PRIVATE KEY-----", "DSA"),
                Arguments.of("-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNz", "cut off"),
                Arguments.of("-----BEGIN RSA PRIVATE KEY----- AAAA -----END RSA PRIVATE KEY-----", "line breaks"),
                Arguments.of("-----BEGIN PRIVATE KEY-----\n!!!!\n-----END PRIVATE KEY-----", "damaged"),
                Arguments.of(
                        "-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNz\n-----END OPENSSH PRIVATE KEY-----", "damaged"),
                Arguments.of("-----BEGIN OPENSSH PRIVATE KEY-----\n\n-----END OPENSSH PRIVATE KEY-----", "damaged"));
    }

    @ParameterizedTest
    @MethodSource("useless")
    void what_is_no_private_key_is_told_for_what_it_is(String text, String reason) {
        assertProblem(text, Optional.empty()).contains(reason).doesNotContain("hunter2");
    }

    @Test
    void unsupported_types_are_named() throws Exception {
        assertProblem(openSshKey("sk-ssh-ed25519@openssh.com"), Optional.empty())
                .contains("security key");
        assertProblem(openSshKey("ssh-dss"), Optional.empty()).contains("DSA");
        assertProblem(openSshKey("ssh-future"), Optional.empty()).contains("not supported");
        openssl("dsaparam -genkey -out dsa.pem 1024");
        String dsa = openssl("pkcs8 -topk8 -nocrypt -in dsa.pem");
        assertProblem(dsa, Optional.empty()).contains("not supported");
        assertProblem(openssl("genpkey -algorithm EC -pkeyopt ec_paramgen_curve:secp256k1"), Optional.empty())
                .contains("not supported");
        assertProblem(openssl("genpkey -algorithm X25519"), Optional.empty()).contains("not supported");
        assertProblem(openssl("genpkey -algorithm ed448"), Optional.empty()).contains("not supported");
    }

    @Test
    void a_damaged_key_never_escapes_as_another_exception() throws Exception {
        String text = keygen(List.of("rsa", "-b", "2048"), "-m", "PEM", "-N", "");
        char[] flipped = text.toCharArray();
        int first = text.indexOf('\n') + 1;
        for (int i = first; i < first + 200; i++) {
            char before = flipped[i];
            flipped[i] = before == 'A' ? 'B' : 'A';
            tryToLoad(new String(flipped));
            flipped[i] = before;
            tryToLoad(text.substring(0, i) + text.substring(i + 1));
        }
    }

    @Test
    void reading_a_key_registers_no_security_provider() throws Exception {
        PrivateKeys.load(keygen(List.of("ed25519"), "-N", ""), Optional.empty());

        assertThat(Arrays.stream(Security.getProviders()).map(p -> p.getName())).doesNotContain("BC");
    }

    private static void tryToLoad(String text) {
        try {
            PrivateKeys.load(text, Optional.empty());
        } catch (SshConfigException e) {
            assertThat(e.getMessage()).startsWith("the private key");
        }
    }

    private static AbstractStringAssert<?> assertProblem(String text, Optional<String> passphrase) {
        assertThatThrownBy(() -> PrivateKeys.load(text, passphrase))
                .isInstanceOf(SshConfigException.class)
                .hasNoCause();
        return assertThat(CredentialCheck.problem(new Credential.PrivateKey(text, passphrase))
                .orElseThrow());
    }

    private static void assertSigns(KeyPair pair) throws Exception {
        String type = KeyUtils.getKeyType(pair);
        Signature signer = BuiltinSignatures.fromFactoryName(type.equals("ssh-rsa") ? "rsa-sha2-256" : type)
                .create();
        signer.initSigner(null, pair.getPrivate());
        signer.update(null, new byte[] {1, 2, 3}, 0, 3);
        byte[] signature = signer.sign(null);
        signer.initVerifier(null, pair.getPublic());
        signer.update(null, new byte[] {1, 2, 3}, 0, 3);
        assertThat(signer.verify(null, signature)).isTrue();
    }

    private String keygen(List<String> type, String... options) throws IOException {
        Path key = folder.resolve("key");
        Files.deleteIfExists(key);
        Stream<String> fixed = Stream.of("ssh-keygen", "-q", "-C", "", "-f", "key", "-t");
        Shell.run(
                folder,
                Stream.of(fixed, type.stream(), Stream.of(options))
                        .flatMap(s -> s)
                        .toArray(String[]::new));
        return Files.readString(key);
    }

    private String publicKey() throws IOException {
        return Files.readString(folder.resolve("key.pub")).strip();
    }

    private String openssl(String command) {
        String out = Shell.run(folder, ("openssl " + command).split(" "));
        // Newer versions print their progress to stderr.
        return out.substring(Math.max(out.indexOf("-----BEGIN"), 0));
    }

    /** The outside of an OpenSSH key file of a type that this machine cannot make. */
    private static String openSshKey(String type) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(bytes);
        out.writeBytes("openssh-key-v1\0");
        for (String text : List.of("none", "none", "")) {
            out.writeInt(text.length());
            out.writeBytes(text);
        }
        out.writeInt(1);
        out.writeInt(4 + type.length());
        out.writeInt(type.length());
        out.writeBytes(type);
        String body = Base64.getMimeEncoder().encodeToString(bytes.toByteArray());
        return "-----BEGIN OPENSSH PRIVATE KEY-----\n" + body + "\n-----END OPENSSH PRIVATE KEY-----\n";
    }
}
