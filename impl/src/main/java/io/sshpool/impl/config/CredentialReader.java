package io.sshpool.impl.config;

import io.sshpool.SshConfigException;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Function;

/** Reads where credentials are, and tries them as far as that goes without a server. */
final class CredentialReader {

    private final Problems problems;
    private final BiFunction<String, Optional<String>, Optional<String>> keyCheck;

    CredentialReader(Problems problems, BiFunction<String, Optional<String>, Optional<String>> keyCheck) {
        this.problems = problems;
        this.keyCheck = keyCheck;
    }

    Secrets read(TargetSettings settings) {
        Secrets secrets = Secrets.of(settings);
        secrets.password().ifPresent(password -> read(password, Secret::line));
        Optional<String> passphrase = secrets.passphrase().flatMap(secret -> read(secret, Secret::line));
        boolean unlocks = passphrase.isPresent() == settings.isSet(TargetSettings.PASSPHRASE);
        secrets.privateKey()
                .ifPresent(key -> read(key, Secret::privateKey)
                        .filter(text -> unlocks)
                        .flatMap(text -> fault(text, passphrase))
                        .ifPresent(fault -> problems.add(key.key() + ":", fault)));
        return secrets;
    }

    void checkHasOne(TargetSettings settings) {
        if (!settings.isSet(TargetSettings.PRIVATE_KEY) && !settings.isSet(TargetSettings.PASSWORD)) {
            problems.add(
                    settings.key(TargetSettings.PRIVATE_KEY),
                    "is missing: a target needs it or password, of its own or among sshpool.defaults");
        }
    }

    private Optional<String> read(Secret secret, Function<Secret, String> how) {
        try {
            return Optional.of(how.apply(secret));
        } catch (SshConfigException unreadable) {
            problems.addAll(unreadable.problems());
            return Optional.empty();
        }
    }

    private Optional<String> fault(String key, Optional<String> passphrase) {
        try {
            return keyCheck.apply(key, passphrase);
        } catch (SshConfigException malformed) {
            return Optional.of(malformed.getMessage());
        } catch (RuntimeException failed) {
            // What a parser says may quote what it parsed.
            return Optional.of(
                    "the private key cannot be read: " + failed.getClass().getSimpleName());
        }
    }
}
