package io.sshpool.impl.config;

import io.sshpool.spi.Credential;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** What one target proves itself with. */
record Secrets(
        Optional<Secret> privateKey,
        Optional<Secret> passphrase,
        Optional<Secret> certificate,
        Optional<Path> agent,
        Optional<Secret> password) {

    static final Secrets NONE =
            new Secrets(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());

    private static final Pattern PUBLIC = Pattern.compile("\\s*(?:ssh|ecdsa|sk)-[a-z0-9@.-]{1,60} AAAA[^\\n]*\\s*");

    /** Whether a text is the public half of a key, which says which key of an agent to use. */
    static boolean isPublic(String key) {
        return PUBLIC.matcher(key).matches();
    }

    /** The credentials of this moment, in the order in which they are tried. */
    List<Credential> read() {
        List<Credential> credentials = new ArrayList<>();
        Optional<String> key = privateKey.map(Secret::privateKey);
        Optional<String> certified = certificate.map(Secret::line);
        boolean inAgent = agent.isPresent() && key.map(Secrets::isPublic).orElse(true);
        if (key.isPresent() && !inAgent) {
            credentials.add(new Credential.PrivateKey(key.get(), passphrase.map(Secret::line), certified));
        }
        Optional<String> only = inAgent ? certified.or(() -> key) : Optional.empty();
        agent.ifPresent(socket -> credentials.add(new Credential.Agent(socket, only)));
        password.ifPresent(secret -> credentials.add(new Credential.Password(secret.line())));
        return List.copyOf(credentials);
    }
}
