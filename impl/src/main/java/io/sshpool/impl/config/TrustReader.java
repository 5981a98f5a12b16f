package io.sshpool.impl.config;

import io.sshpool.spi.Trust;
import io.sshpool.spi.Trust.Checking;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;

/** Reads how a host key is checked, and whether it can be. */
final class TrustReader {

    private final Problems problems;

    TrustReader(Problems problems) {
        this.problems = problems;
    }

    Trust read(TargetSettings settings) {
        Optional<Path> knownHosts = settings.value(TargetSettings.KNOWN_HOSTS, Forms::path);
        Set<String> fingerprints =
                settings.value(TargetSettings.FINGERPRINT, Forms::fingerprints).orElse(Set.of());
        Checking checking =
                settings.value(TargetSettings.CHECKING, Forms::checking).orElse(Checking.STRICT);
        return new Trust(checking, knownHosts, fingerprints);
    }

    /** Whether strict checking has nothing to check against, and so would refuse every host. */
    private static boolean trustsNobody(Trust trust, TargetSettings settings) {
        boolean malformed = settings.isSet(TargetSettings.CHECKING)
                && settings.value(TargetSettings.CHECKING, Forms::checking).isEmpty();
        return trust.checking() == Checking.STRICT
                && !malformed
                && !settings.isSet(TargetSettings.KNOWN_HOSTS)
                && !settings.isSet(TargetSettings.FINGERPRINT);
    }

    /** Whatever the target: a rule that cannot work, a file that cannot be read. */
    void check(Trust trust, TargetSettings settings) {
        if (trust.checking() == Checking.ACCEPT_NEW && !settings.isSet(TargetSettings.KNOWN_HOSTS)) {
            problems.add(
                    settings.key(TargetSettings.KNOWN_HOSTS),
                    "is missing: host-key-checking is accept-new, which needs a file to remember keys in");
        }
        if (trust.checking() != Checking.INSECURE_ACCEPT_ANY) {
            trust.knownHosts()
                    .flatMap(file -> fault(file, trust.checking() == Checking.ACCEPT_NEW))
                    .ifPresent(fault -> problems.add(
                            settings.decidingKey(TargetSettings.KNOWN_HOSTS).orElseThrow(), fault));
        }
    }

    void checkTrustsSomebody(Trust trust, TargetSettings settings) {
        if (trustsNobody(trust, settings)) {
            problems.add(
                    settings.key(TargetSettings.KNOWN_HOSTS),
                    "is missing: host-key-checking is strict, which needs it or host-key-fingerprint");
        }
    }

    private static Optional<String> fault(Path file, boolean mayBeMissing) {
        if (!Files.exists(file)) {
            return mayBeMissing ? Optional.empty() : Optional.of("names a file that does not exist: " + file);
        }
        return Files.isRegularFile(file) && Files.isReadable(file)
                ? Optional.empty()
                : Optional.of("names something that cannot be read as a file: " + file);
    }
}
