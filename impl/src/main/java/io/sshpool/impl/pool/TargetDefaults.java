package io.sshpool.impl.pool;

import io.sshpool.spi.Target;
import io.sshpool.spi.Trust;
import java.util.Optional;

/**
 * What a spelled-out target has besides user, host and port.
 *
 * @param port where the key names none
 * @param trust how the host's key is checked
 * @param limits what differs from the pool's settings
 * @param legacyAlgorithms whether weak algorithms are allowed
 * @param jump through whose connections it is reached; empty for directly
 */
public record TargetDefaults(
        int port, Trust trust, Target.Limits limits, boolean legacyAlgorithms, Optional<Target> jump) {

    /** Port 22, trusting nobody, no limits of its own, strong algorithms. */
    public static final TargetDefaults NONE = new TargetDefaults(22, Trust.NOBODY, Target.Limits.NONE, false);

    /**
     * For targets that are reached directly.
     *
     * @param port where the key names none
     * @param trust how the host's key is checked
     * @param limits what differs from the pool's settings
     * @param legacyAlgorithms whether weak algorithms are allowed
     */
    public TargetDefaults(int port, Trust trust, Target.Limits limits, boolean legacyAlgorithms) {
        this(port, trust, limits, legacyAlgorithms, Optional.empty());
    }

    /**
     * The same, by another way.
     *
     * @param host the jump host, empty for none
     * @return a copy
     */
    public TargetDefaults through(Optional<Target> host) {
        return new TargetDefaults(port, trust, limits, legacyAlgorithms, host);
    }
}
