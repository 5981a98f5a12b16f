package io.sshpool.impl.mina;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import org.apache.sshd.common.config.keys.OpenSshCertificate;

/**
 * When OpenSSH certificates hold (OpenSSH's PROTOCOL.certkeys): times are unsigned seconds, the upper one exclusive. The one place that
 * asks for the time of day, as validity is a matter of the calendar.
 */
record Validity(InstantSource clock) {

    static Validity onWallClock() {
        return new Validity(InstantSource.system());
    }

    /** Why a certificate does not hold now. */
    Optional<String> problem(OpenSshCertificate certificate) {
        long now = clock.instant().getEpochSecond();
        if (Long.compareUnsigned(now, certificate.getValidAfter()) < 0) {
            return Optional.of("is not valid before " + time(certificate.getValidAfter()));
        }
        if (Long.compareUnsigned(now, certificate.getValidBefore()) >= 0) {
            return Optional.of("expired at " + time(certificate.getValidBefore()));
        }
        return Optional.empty();
    }

    /** How much longer a certificate holds; empty when it has no end. */
    Optional<Duration> left(OpenSshCertificate certificate) {
        long end = certificate.getValidBefore();
        return isShown(end)
                ? Optional.of(Duration.between(clock.instant(), Instant.ofEpochSecond(end)))
                : Optional.empty();
    }

    private static String time(long seconds) {
        return isShown(seconds) ? Instant.ofEpochSecond(seconds).toString() : "the end of time";
    }

    private static boolean isShown(long seconds) {
        return seconds >= 0 && seconds <= Instant.MAX.getEpochSecond();
    }
}
