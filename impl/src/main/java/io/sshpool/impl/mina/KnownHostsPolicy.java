package io.sshpool.impl.mina;

import io.sshpool.impl.mina.KnownHostLine.Marker;
import io.sshpool.spi.HostKeyPolicy;
import io.sshpool.spi.Target;
import io.sshpool.spi.Trust.Checking;
import java.io.IOException;
import java.net.SocketAddress;
import java.nio.file.Path;
import java.security.PublicKey;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Trusts what a target's {@link io.sshpool.spi.Trust} vouches for: fingerprints, or a known_hosts file in OpenSSH's format, host
 * certificates included. What is looked up is the target's host and port, never an address. In doubt it refuses:
 *
 * <ul>
 *   <li>fingerprints decide where there are any, whatever the file says, except that a revoked key is always refused;
 *   <li>{@code accept-new} trusts a host for which no line stands, if every line of the file can be understood; it makes a missing file;
 *   <li>a host with an authority's line must show a certificate or have its key listed as well, under {@code accept-new} too.
 * </ul>
 *
 * <p>Thread-safe. Reads the file again when it has changed. Waits at most a quarter of a second for others that add to the file,
 * and refuses then.
 */
public final class KnownHostsPolicy implements HostKeyPolicy {

    private static final List<String> CERTIFICATES = List.of(
            "ssh-ed25519-cert-v01@openssh.com",
            "ecdsa-sha2-nistp256-cert-v01@openssh.com",
            "ecdsa-sha2-nistp384-cert-v01@openssh.com",
            "ecdsa-sha2-nistp521-cert-v01@openssh.com",
            "ssh-rsa-cert-v01@openssh.com");

    private static final Pattern WRITABLE = Pattern.compile("[A-Za-z0-9._:%-]+");

    static {
        Providers.prepare();
    }

    private final HostCertificates certificates;
    private final Map<Path, KnownHostsFile> files = new ConcurrentHashMap<>();

    /** Judges certificates by the system's clock. */
    public KnownHostsPolicy() {
        this(HostCertificates.onWallClock());
    }

    KnownHostsPolicy(HostCertificates certificates) {
        this.certificates = certificates;
    }

    @Override
    public void verify(Target target, SocketAddress address, PublicKey key) {
        if (isBlind(target)) {
            return;
        }
        ShownKey shown = shown(target, key);
        Optional<KnownHostsFile> file = file(target);
        HostKeyRefusal refusal = new HostKeyRefusal(target, file.map(KnownHostsFile::path), shown);
        HostKeyCheck check = new HostKeyCheck(target, shown, certificates, refusal);
        try {
            KnownHosts known = file.isPresent() ? file.get().read() : KnownHosts.NONE;
            if (check.isNew(known)) {
                String line = line(target, shown, refusal);
                KnownHostsFile to =
                        file.orElseThrow(() -> refusal.notAdded("there is no known_hosts file to add it to"));
                // Judged again by what others have added meanwhile: of two keys for one host only the first is new.
                to.append(now -> check.isNew(now) ? Optional.of(line) : Optional.empty());
            }
        } catch (FileLocking.Busy e) {
            throw refusal.busy(e);
        } catch (IOException e) {
            throw refusal.unreadable(e);
        }
    }

    @Override
    public List<String> knownKeyTypes(Target target) {
        Optional<KnownHostsFile> file = isBlind(target) ? Optional.empty() : file(target);
        if (file.isEmpty()) {
            return List.of();
        }
        try {
            KnownHosts known = file.get().read();
            return HostKeyCheck.names(target).stream()
                    .map(name -> types(target, known.find(name)))
                    .filter(types -> !types.isEmpty())
                    .findFirst()
                    .orElse(List.of());
        } catch (IOException e) {
            // Nothing is known; verify refuses, and says why.
            return List.of();
        }
    }

    @Override
    public Object revision(Target target) {
        Optional<KnownHostsFile> file = isBlind(target) ? Optional.empty() : file(target);
        if (file.isEmpty()) {
            return target.trust();
        }
        try {
            return file.get().stamp();
        } catch (IOException e) {
            return e.getClass().getName();
        }
    }

    private static ShownKey shown(Target target, PublicKey key) {
        try {
            return ShownKey.of(key);
        } catch (RuntimeException e) {
            throw HostKeyRefusal.unreadableKey(target, e);
        }
    }

    /** Whether any key is good. Fingerprints that somebody took the trouble to set are checked all the same. */
    private static boolean isBlind(Target target) {
        return target.trust().checking() == Checking.INSECURE_ACCEPT_ANY
                && target.trust().fingerprints().isEmpty();
    }

    private Optional<KnownHostsFile> file(Target target) {
        return target.trust().knownHosts().map(path -> files.computeIfAbsent(path, KnownHostsFile::new));
    }

    private static List<String> types(Target target, List<KnownHostLine> lines) {
        Set<String> pinned = target.trust().fingerprints();
        List<KnownHostLine> usable = lines.stream()
                .filter(line -> line.marker() != Marker.REVOKED)
                .filter(line -> pinned.isEmpty() || pinned.contains(line.key().fingerprint()))
                .toList();
        boolean certified = usable.stream().anyMatch(line -> line.marker() == Marker.AUTHORITY);
        Stream<String> plain = usable.stream()
                .filter(line -> line.marker() == Marker.HOST)
                .map(line -> line.key().type());
        return Stream.concat(certified ? CERTIFICATES.stream() : Stream.empty(), plain)
                .distinct()
                .toList();
    }

    private static String line(Target target, ShownKey shown, HostKeyRefusal refusal) {
        String name = HostKeyCheck.names(target).get(0);
        if (!WRITABLE.matcher(target.host()).matches()) {
            // In the file it would be a pattern for other hosts, or another line.
            throw refusal.notAdded("the host's name has characters that known_hosts cannot hold");
        }
        return name + " " + shown.key().type() + " " + shown.key().base64();
    }
}
