package io.sshpool.impl.pool;

import io.sshpool.spi.Target;
import io.sshpool.spi.Trust;

/**
 * What a spelled-out target has besides user, host and port.
 *
 * @param port where the key names none
 * @param trust how the host's key is checked
 * @param limits what differs from the pool's settings
 * @param legacyAlgorithms whether weak algorithms are allowed
 */
public record TargetDefaults(int port, Trust trust, Target.Limits limits, boolean legacyAlgorithms) {

    /** Port 22, trusting nobody, no limits of its own, strong algorithms. */
    public static final TargetDefaults NONE = new TargetDefaults(22, Trust.NOBODY, Target.Limits.NONE, false);
}
