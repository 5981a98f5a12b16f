package io.sshpool.it.openssh;

import io.sshpool.spi.Credential;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Keys by ssh-keygen. */
final class Keys {

    private Keys() {}

    /** Makes a key without a passphrase at a path, its public part beside it. */
    static Path make(Path path, String type) {
        Shell.run("ssh-keygen", "-q", "-t", type, "-N", "", "-C", "test", "-f", path.toString());
        return path;
    }

    /** Makes a user's certificate beside a key, for the user who runs the tests. */
    static void certify(Path authority, Path key, String validity) {
        String user = System.getProperty("user.name");
        Shell.run(
                "ssh-keygen", "-q", "-s", authority.toString(), "-I", "test", "-n", user, "-V", validity, key + ".pub");
    }

    /** Type and base64 of a key's public part. */
    static String publicLine(Path key) {
        try {
            String[] words = Files.readString(Path.of(key + ".pub")).split(" ");
            return words[0] + " " + words[1].strip();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A key as an application's provider would give it. */
    static List<Credential> credential(Path key) {
        try {
            return List.of(new Credential.PrivateKey(Files.readString(key), Optional.empty()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** As {@code SHA256:…}. */
    static String fingerprint(Path key) {
        return Shell.run("ssh-keygen", "-l", "-f", key + ".pub").split(" ")[1];
    }
}
