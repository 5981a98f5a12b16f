package io.sshpool.impl.config;

import static io.sshpool.impl.config.Reads.FINGERPRINT;
import static io.sshpool.impl.config.Reads.KEY;
import static io.sshpool.impl.config.Reads.problems;
import static io.sshpool.impl.config.Reads.reader;
import static io.sshpool.impl.config.Reads.web;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sshpool.SshConfigException;
import io.sshpool.impl.pool.Targets;
import io.sshpool.spi.Credential;
import io.sshpool.spi.Target;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ConfiguredCredentialsTest {

    private static final String WEB_KEY = "sshpool.target.web.private-key";

    @TempDir
    Path folder;

    @Test
    void theKeyIsTriedBeforeThePassword() {
        assertThat(credentialsOfWeb(web().with(WEB_KEY + "=" + KEY)))
                .containsExactly(new Credential.PrivateKey(KEY, Optional.empty()), new Credential.Password("hunter2"));
    }

    @Test
    void literalLineEndsOfAnEnvironmentVariableEndLines() {
        assertThat(credentialsOfWeb(web().with(WEB_KEY + "=" + KEY.replace("\n", "\\n"))))
                .contains(new Credential.PrivateKey(KEY, Optional.empty()));
    }

    @Test
    void aPasswordIsTakenAsItStands() {
        assertThat(credentialsOfWeb(web().with("sshpool.target.web.password= a\\nb ")))
                .containsExactly(new Credential.Password(" a\\nb "));
    }

    @Test
    void filesAreReadAnewAtEachCall() throws IOException {
        Path password = Files.writeString(folder.resolve("password"), "first\n");
        Settings settings = reader(web().with("sshpool.target.web.password=file:" + password))
                .read();
        Target web = settings.targets().get(0);
        assertThat(settings.credentials().credentials(web)).containsExactly(new Credential.Password("first"));
        Files.writeString(password, "second\r\n");
        assertThat(settings.credentials().credentials(web)).containsExactly(new Credential.Password("second"));
    }

    @Test
    void aFileThatVanishedIsNamed() throws IOException {
        Path password = Files.writeString(folder.resolve("password"), "first\n");
        Settings settings = reader(web().with("sshpool.target.web.password=file:" + password))
                .read();
        Files.delete(password);
        assertThatThrownBy(() ->
                        settings.credentials().credentials(settings.targets().get(0)))
                .isInstanceOf(SshConfigException.class)
                .hasMessage("sshpool.target.web.password names a file that cannot be read: " + password
                        + " (NoSuchFileException)");
    }

    @Test
    void onlyOneLineEndIsTakenOffAFile() throws IOException {
        Path password = Files.writeString(folder.resolve("password"), " p \n\n");
        assertThat(credentialsOfWeb(web().with("sshpool.target.web.password=file://" + password)))
                .containsExactly(new Credential.Password(" p \n"));
    }

    @Test
    void aKeyAndItsPassphraseMayComeFromFiles() throws IOException {
        String locked = KEY.replace("abc", "encrypted");
        Path key = Files.writeString(folder.resolve("id"), locked);
        Path passphrase = Files.writeString(folder.resolve("passphrase"), "opens\n");
        assertThat(credentialsOfWeb(web().with(WEB_KEY + "=file:" + key, WEB_KEY + "-passphrase=file:" + passphrase)))
                .contains(new Credential.PrivateKey(locked, Optional.of("opens")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"wrong-passphrase", ""})
    void aWrongPassphraseIsFoundAtStart(String passphrase) {
        String locked = KEY.replace("abc", "encrypted");
        assertThat(problems(reader(web().with(WEB_KEY + "=" + locked, WEB_KEY + "-passphrase=" + passphrase))))
                .containsExactly(WEB_KEY + ": wrong passphrase");
    }

    @Test
    void aPassphraseThatCannotBeReadIsTheOnlyProblemOfItsKey() {
        String locked = KEY.replace("abc", "encrypted");
        Path gone = folder.resolve("gone");
        assertThat(problems(reader(web().with(WEB_KEY + "=" + locked, WEB_KEY + "-passphrase=file:" + gone))))
                .containsExactly(
                        WEB_KEY + "-passphrase names a file that cannot be read: " + gone + " (NoSuchFileException)");
    }

    @Test
    void whatIsNoKeyIsFoundAtStart() throws IOException {
        Path text = Files.writeString(folder.resolve("text"), "not-a-key");
        assertThat(problems(reader(web().with(WEB_KEY + "=file:" + text))))
                .containsExactly(WEB_KEY + ": not a private key");
        assertThat(problems(reader(web().with(WEB_KEY + "=" + folder.resolve("text")))))
                .containsExactly(WEB_KEY + ": not a private key");
    }

    @Test
    void filesThatCannotBeSecretsAreRefused() throws IOException {
        Path empty = Files.writeString(folder.resolve("empty"), "\n");
        Path binary = Files.write(folder.resolve("binary"), new byte[] {(byte) 0xff, (byte) 0xfe});
        Path large = Files.write(folder.resolve("large"), new byte[(1 << 20) + 1]);
        assertThat(passwordProblem("file:" + empty)).endsWith("names an empty file: " + empty);
        assertThat(passwordProblem("file:" + binary)).endsWith("names a file that is not text in UTF-8: " + binary);
        assertThat(passwordProblem("file:" + large)).endsWith("names a file of more than 1048576 bytes: " + large);
        assertThat(passwordProblem("file:" + folder)).endsWith("names something that is not a file: " + folder);
        assertThat(passwordProblem("file:")).endsWith("has no path after file:");
        assertThat(passwordProblem("file:/a\0b")).endsWith("has after file: what is not a path");
    }

    @Test
    void aCheckThatFailsTellsNothingOfTheKey() {
        ConfigReader reader = new ConfigReader(web().with(WEB_KEY + "=" + KEY), credential -> {
            throw new IllegalStateException(((Credential.PrivateKey) credential).text());
        });
        assertThat(problems(reader))
                .containsExactly(WEB_KEY + ": the private key cannot be read: IllegalStateException");
    }

    @Test
    void aCheckMayThrowWhatItFound() {
        ConfigReader reader = new ConfigReader(web().with(WEB_KEY + "=" + KEY), credential -> {
            throw new SshConfigException("in PuTTY's format");
        });
        assertThat(problems(reader)).containsExactly(WEB_KEY + ": in PuTTY's format");
    }

    @Test
    void aSpelledOutTargetHasTheCredentialsOfTheDefaults() {
        Settings settings = reader(web().with(
                                "sshpool.defaults.private-key=" + KEY,
                                "sshpool.defaults.host-key-fingerprint=" + FINGERPRINT))
                .read();
        Targets targets = new Targets(settings.targets(), settings.defaults(), List.of());
        Credential key = new Credential.PrivateKey(KEY, Optional.empty());
        assertThat(settings.credentials().credentials(targets.find("other@db1")))
                .containsExactly(key);
        assertThat(settings.credentials().credentials(targets.find("deploy@web1.example")))
                .containsExactly(key, new Credential.Password("hunter2"));
    }

    @Test
    void withoutDefaultsASpelledOutTargetFailsOnUseAndSaysWhatToSet() {
        Settings settings = Reads.read();
        Target target = new Targets(settings.targets(), settings.defaults(), List.of()).find("other@db1");
        assertThatThrownBy(() -> settings.credentials().credentials(target))
                .isInstanceOf(SshConfigException.class)
                .hasMessage("there is no credential for other@db1:22:"
                        + " set sshpool.defaults.private-key, sshpool.defaults.agent or sshpool.defaults.password");
    }

    @Test
    void nothingThatIsReadShowsASecret() {
        Settings settings =
                reader(web().with("sshpool.defaults.password=hunter3")).read();
        assertThat(settings.toString()).doesNotContain("hunter");
        assertThat(Secret.of("sshpool.defaults.password", () -> "hunter3"))
                .hasToString("Secret[sshpool.defaults.password]");
    }

    private String passwordProblem(String password) {
        return problems(reader(web().with("sshpool.target.web.password=" + password)))
                .get(0);
    }

    private static List<Credential> credentialsOfWeb(PlainConfig config) {
        Settings settings = reader(config).read();
        return settings.credentials().credentials(settings.targets().get(0));
    }
}
