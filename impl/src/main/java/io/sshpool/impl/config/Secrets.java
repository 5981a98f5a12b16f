package io.sshpool.impl.config;

import io.sshpool.spi.Credential;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What one target proves itself with. */
record Secrets(Optional<Secret> privateKey, Optional<Secret> passphrase, Optional<Secret> password) {

    static Secrets of(TargetSettings settings) {
        return new Secrets(
                settings.secret(TargetSettings.PRIVATE_KEY),
                settings.secret(TargetSettings.PASSPHRASE),
                settings.secret(TargetSettings.PASSWORD));
    }

    /** The credentials of this moment, in the order in which they are tried. */
    List<Credential> read() {
        List<Credential> credentials = new ArrayList<>();
        privateKey.ifPresent(
                key -> credentials.add(new Credential.PrivateKey(key.privateKey(), passphrase.map(Secret::line))));
        password.ifPresent(secret -> credentials.add(new Credential.Password(secret.line())));
        return List.copyOf(credentials);
    }
}
