package io.sshpool.impl.telemetry;

import java.util.Optional;

/** Writes events to the platform's logger, which each server bridges to its own. */
final class Log {

    private static final String NAME = "io.sshpool";

    private final System.Logger logger;

    Log(System.Logger logger) {
        this.logger = logger;
    }

    static Log ofPlatform() {
        return new Log(System.getLogger(NAME));
    }

    boolean has(LogEvent event) {
        return logger.isLoggable(event.level());
    }

    void write(LogEvent event, Object... values) {
        write(event, Optional.empty(), values);
    }

    void write(LogEvent event, Optional<Throwable> stack, Object... values) {
        try {
            if (!has(event)) {
                return;
            }
            String line = event.line(values);
            if (stack.isPresent()) {
                logger.log(event.level(), line, stack.get());
            } else {
                logger.log(event.level(), line);
            }
        } catch (Throwable broken) {
            // A log that is broken, full or out of memory must not take the pool along, and there is nobody left to
            // tell.
        }
    }
}
