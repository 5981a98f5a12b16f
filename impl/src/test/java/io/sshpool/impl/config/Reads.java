package io.sshpool.impl.config;

import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.sshpool.SshConfigException;
import io.sshpool.spi.Credential;
import java.util.List;
import java.util.Optional;
import org.eclipse.microprofile.config.Config;

/** Short forms for reading a configuration. */
final class Reads {

    /** The form of a key, enough of it for what only looks at the form. */
    static final String KEY = "-----BEGIN TEST KEY-----\nabc\n-----END TEST KEY-----\n";

    /** 32 bytes, as ssh-keygen prints them. */
    static final String FINGERPRINT = "SHA256:" + "A".repeat(43);

    private static final Optional<String> WRONG_PASSPHRASE = Optional.of("wrong passphrase");

    private Reads() {}

    static ConfigReader reader(Config config) {
        return new ConfigReader(config, Reads::check);
    }

    static Settings read(String... lines) {
        return reader(PlainConfig.of(lines)).read();
    }

    static List<String> problems(String... lines) {
        return problems(reader(PlainConfig.of(lines)));
    }

    static List<String> problems(ConfigReader reader) {
        return catchThrowableOfType(SshConfigException.class, reader::read).problems();
    }

    /** A target that lacks nothing, to which lines may be added. */
    static PlainConfig web() {
        return PlainConfig.of(
                "sshpool.target.web.host=web1.example",
                "sshpool.target.web.user=deploy",
                "sshpool.target.web.password=hunter2",
                "sshpool.target.web.host-key-fingerprint=" + FINGERPRINT);
    }

    private static Optional<String> check(Credential credential) {
        if (!(credential instanceof Credential.PrivateKey key)) {
            return Optional.empty();
        }
        String text = key.text();
        Optional<String> passphrase = key.passphrase();
        if (!text.startsWith("-----BEGIN TEST KEY-----\n")) {
            return Optional.of("not a private key");
        }
        return text.contains("encrypted") && !passphrase.equals(Optional.of("opens"))
                ? WRONG_PASSPHRASE
                : Optional.empty();
    }
}
