package io.sshpool.it.weld;

import java.util.List;
import java.util.logging.Level;
import java.util.logging.Logger;

/** Leaves of the log what somebody should read. */
final class Quiet {

    /** Held, as the JDK forgets the level of a logger that nobody holds. MINA logs under the name of our session's class too. */
    private static final List<Logger> CHATTY = List.of(
            Logger.getLogger("org.jboss.weld"),
            Logger.getLogger("org.apache.sshd"),
            Logger.getLogger("io.sshpool.impl.mina"));

    private Quiet() {}

    static void please() {
        CHATTY.forEach(logger -> logger.setLevel(Level.WARNING));
    }
}
