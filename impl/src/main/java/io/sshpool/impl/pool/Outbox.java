package io.sshpool.impl.pool;

/** Collects decisions until the pool takes them. Guarded by the pool's lock. */
final class Outbox {

    private Decisions decisions = new Decisions();
    private boolean empty = true;

    /** Where to add a decision. */
    Decisions add() {
        empty = false;
        return decisions;
    }

    /** What was added since the last call, or null for nothing. */
    Decisions take() {
        if (empty) {
            return null;
        }
        Decisions taken = decisions;
        decisions = new Decisions();
        empty = true;
        return taken;
    }
}
