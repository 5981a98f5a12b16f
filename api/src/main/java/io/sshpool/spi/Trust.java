package io.sshpool.spi;

import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * How a host's key is checked.
 *
 * @param checking what to do with a key that nobody vouches for
 * @param knownHosts a file in OpenSSH's format (sshd(8), SSH_KNOWN_HOSTS FILE FORMAT)
 * @param fingerprints of which the key must have one, as {@code SHA256:…} without padding
 */
public record Trust(Checking checking, Optional<Path> knownHosts, Set<String> fingerprints) {

    /** Strict, with nothing to check against: trusts nobody. */
    public static final Trust NOBODY = new Trust(Checking.STRICT, Optional.empty(), Set.of());

    /** Copies the set. */
    public Trust {
        Objects.requireNonNull(checking, "checking");
        Objects.requireNonNull(knownHosts, "knownHosts");
        fingerprints = Set.copyOf(fingerprints);
    }

    /** What to do with a key that nobody vouches for. A key that contradicts what is known is refused by the first two. */
    public enum Checking {
        /** Refuse it. */
        STRICT,
        /** Trust it and add it to the known_hosts file, as OpenSSH's {@code StrictHostKeyChecking=accept-new}. */
        ACCEPT_NEW,
        /** Accept any key, changed ones included: anybody in between can read along. Logged loudly. */
        INSECURE_ACCEPT_ANY
    }
}
