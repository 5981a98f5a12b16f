package io.sshpool.impl.mina;

import io.sshpool.spi.Target;
import io.sshpool.spi.Trust;
import io.sshpool.spi.Trust.Checking;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.sshd.common.config.keys.PublicKeyEntry;
import org.apache.sshd.common.config.keys.PublicKeyEntryResolver;

/** Host keys and certificates made by ssh-keygen in one folder, and targets that are to trust them. */
final class HostKeys {

    static final SocketAddress ADDRESS = new InetSocketAddress("127.0.0.1", 22);

    private final Path folder;

    HostKeys(Path folder) {
        this.folder = folder;
    }

    /** Makes a key pair, and gives its public key as known_hosts has it: type and base64. */
    String make(String name, String type) {
        Shell.run(folder, "ssh-keygen", "-q", "-t", type, "-N", "", "-C", "", "-f", name);
        return line(name + ".pub");
    }

    /** Has an authority sign a key as a host's; gives the certificate. */
    PublicKey certify(String authority, String name, String... options) {
        List<String> command = new ArrayList<>(List.of("ssh-keygen", "-q", "-s", authority, "-I", "id"));
        command.addAll(Arrays.asList(options));
        command.add(name + ".pub");
        Shell.run(folder, command.toArray(String[]::new));
        return parse(line(name + "-cert.pub"));
    }

    /** As ssh-keygen prints it. */
    String fingerprint(String name) {
        return Shell.run(folder, "ssh-keygen", "-l", "-f", name + ".pub").split(" ")[1];
    }

    private String line(String file) {
        try {
            return Files.readString(folder.resolve(file)).strip();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static PublicKey parse(String line) {
        Providers.prepare();
        try {
            return PublicKeyEntry.parsePublicKeyEntry(line)
                    .resolvePublicKey(null, null, PublicKeyEntryResolver.FAILING);
        } catch (IOException | GeneralSecurityException e) {
            throw new IllegalArgumentException(e);
        }
    }

    static Target target(String host, int port, Trust trust) {
        return new Target("web", true, "deploy", host, port, trust, Target.Limits.NONE, false, false);
    }

    static Target strict(String host, int port, Path file) {
        return target(host, port, new Trust(Checking.STRICT, Optional.of(file), Set.of()));
    }

    static Target acceptNew(String host, int port, Path file) {
        return target(host, port, new Trust(Checking.ACCEPT_NEW, Optional.of(file), Set.of()));
    }
}
