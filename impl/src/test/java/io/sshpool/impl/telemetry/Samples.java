package io.sshpool.impl.telemetry;

import io.sshpool.spi.Target;
import io.sshpool.spi.Trust;
import io.sshpool.spi.Trust.Checking;
import java.util.Optional;
import java.util.Set;

/** Targets to tell listeners of. */
final class Samples {

    static final Target WEB = target("web", true, Trust.NOBODY);
    static final Trust ANYBODY = new Trust(Checking.INSECURE_ACCEPT_ANY, Optional.empty(), Set.of());

    private Samples() {}

    static Target target(String name, boolean alias, Trust trust) {
        return new Target(name, alias, "deploy", "web1", 22, trust, Target.Limits.NONE, false, false);
    }
}
