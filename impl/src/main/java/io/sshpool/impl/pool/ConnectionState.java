package io.sshpool.impl.pool;

import java.util.EnumSet;
import java.util.Set;

/** What a connection can be, and what it can become. */
enum ConnectionState {
    /** Its dial is under way. */
    CONNECTING,
    /** It takes work. */
    OPEN,
    /** It takes no new work and closes when the leases that it carries are back. */
    RETIRED,
    /** Its transport is being closed. */
    CLOSING,
    /** It is gone and counts no more. */
    CLOSED;

    private Set<ConnectionState> next() {
        return switch (this) {
            case CONNECTING -> EnumSet.of(OPEN, CLOSED);
            case OPEN -> EnumSet.of(RETIRED, CLOSING);
            case RETIRED -> EnumSet.of(CLOSING);
            case CLOSING -> EnumSet.of(CLOSED);
            case CLOSED -> EnumSet.noneOf(ConnectionState.class);
        };
    }

    /**
     * Takes a step.
     *
     * @return the state stepped to
     * @throws IllegalStateException when there is no such edge
     */
    ConnectionState to(ConnectionState state) {
        if (!next().contains(state)) {
            throw new IllegalStateException("a connection cannot go from " + this + " to " + state);
        }
        return state;
    }
}
