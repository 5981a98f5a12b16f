package io.sshpool.impl.mina;

import io.sshpool.HostKeyException;
import io.sshpool.impl.mina.KnownHostLine.Marker;
import io.sshpool.spi.Target;
import io.sshpool.spi.Trust.Checking;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** Judges one key that a server showed. What speaks for it and against it is weighed as by ssh(1). */
final class HostKeyCheck {

    private final Target target;
    private final ShownKey shown;
    private final HostCertificates certificates;
    private final HostKeyRefusal refusal;
    private final List<String> names;

    HostKeyCheck(Target target, ShownKey shown, HostCertificates certificates, HostKeyRefusal refusal) {
        this.target = target;
        this.shown = shown;
        this.certificates = certificates;
        this.refusal = refusal;
        this.names = names(target);
    }

    /** The target in the file: as it is written there, then for ports other than 22 the host alone. */
    static List<String> names(Target target) {
        String host = target.host().toLowerCase(Locale.ROOT);
        return Stream.of(HostNames.name(host, target.port()), host).distinct().toList();
    }

    /**
     * Judges.
     *
     * @param known what the file says
     * @return false when the key is trusted, true when it is to be added to the file
     * @throws HostKeyException when it is not trusted
     */
    boolean isNew(KnownHosts known) {
        List<KnownHostLine> lines = names.stream()
                .flatMap(name -> known.find(name).stream())
                .distinct()
                .toList();
        refuseRevoked(lines);
        Set<String> fingerprints = target.trust().fingerprints();
        if (!fingerprints.isEmpty()) {
            if (!fingerprints.contains(shown.key().fingerprint())) {
                throw refusal.notAmongFingerprints();
            }
            return false;
        }
        List<KnownHostLine> authorities = with(Marker.AUTHORITY, lines);
        Optional<String> badCertificate = badCertificate(authorities);
        if (isSignedBy(authorities) && badCertificate.isEmpty()) {
            return false;
        }
        return !isListed(known, badCertificate) && isUnheardOf(known, authorities, badCertificate);
    }

    private void refuseRevoked(List<KnownHostLine> lines) {
        for (KnownHostLine line : with(Marker.REVOKED, lines)) {
            if (shown.restsOn(line.key())) {
                throw refusal.revoked(line);
            }
        }
    }

    private boolean isSignedBy(List<KnownHostLine> authorities) {
        return authorities.stream().anyMatch(line -> shown.authority().equals(Optional.of(line.key())));
    }

    private Optional<String> badCertificate(List<KnownHostLine> authorities) {
        String host = target.host().toLowerCase(Locale.ROOT);
        return shown.certificate()
                .filter(certificate -> isSignedBy(authorities))
                .flatMap(certificate -> certificates.problem(certificate, host));
    }

    /** A line without port may vouch for a host on another port than 22, but does not contradict it. */
    private boolean isListed(KnownHosts known, Optional<String> badCertificate) {
        for (String name : names) {
            List<KnownHostLine> keys = with(Marker.HOST, known.find(name));
            if (keys.stream().anyMatch(line -> line.key().equals(shown.key()))) {
                return true;
            }
            if (!keys.isEmpty() && name.equals(names.get(0))) {
                throw refusal.changed(keys, badCertificate);
            }
        }
        return false;
    }

    private boolean isUnheardOf(KnownHosts known, List<KnownHostLine> authorities, Optional<String> badCertificate) {
        // Stricter than ssh(1), whose accept-new takes the key of an expired certificate for that of a new host.
        if (!authorities.isEmpty()) {
            throw refusal.notCertified(authorities, badCertificate);
        }
        if (target.trust().checking() != Checking.ACCEPT_NEW) {
            throw refusal.unknown(known.malformed());
        }
        // One of them may be about this host.
        if (!known.malformed().isEmpty()) {
            throw refusal.notUnderstood(known.malformed());
        }
        return true;
    }

    private static List<KnownHostLine> with(Marker marker, List<KnownHostLine> lines) {
        return lines.stream().filter(line -> line.marker() == marker).toList();
    }
}
