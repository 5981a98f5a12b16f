package io.sshpool;

import java.util.Objects;
import java.util.Optional;

/**
 * What the pool last learned of one target.
 *
 * @param state whether it could be reached
 * @param reason the class name of the last failure, present when {@code DOWN}
 * @param required whether the application's readiness depends on it
 */
public record TargetHealth(State state, Optional<String> reason, boolean required) {

    /** Reached at the last attempt, not reached, or not tried yet. */
    public enum State {
        /** The last attempt succeeded. */
        UP,
        /** The last attempt failed. */
        DOWN,
        /** There was no attempt yet. */
        UNKNOWN
    }

    /** Checks that nothing is null. */
    public TargetHealth {
        Objects.requireNonNull(state, "state");
        Objects.requireNonNull(reason, "reason");
    }
}
