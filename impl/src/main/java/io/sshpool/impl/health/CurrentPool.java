package io.sshpool.impl.health;

import jakarta.enterprise.inject.spi.CDI;

/**
 * Finds the pool of the application that asks. Not a method of the check: the container tells applications apart by the class that
 * calls it, and some containers have the one that the extension added in two bean archives.
 */
final class CurrentPool {

    private CurrentPool() {}

    static ReadinessSource find() {
        return CDI.current().select(ReadinessSource.class).get();
    }
}
