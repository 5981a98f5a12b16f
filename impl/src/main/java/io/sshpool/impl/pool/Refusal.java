package io.sshpool.impl.pool;

import io.sshpool.SshException;

/**
 * Why the ledger refused a claim.
 *
 * @param kind why
 * @param cause the target's last failure, null where there is none
 * @param retryAfterNanos until the target is tried again, 0 where that does not apply
 * @param obstacle whose failure it is: the target's own account or that of a jump host; null where there is none
 */
record Refusal(Kind kind, SshException cause, long retryAfterNanos, Account obstacle) {

    /** Why. */
    enum Kind {
        /** The pool is closed. */
        CLOSED,
        /** Too many wait already. */
        QUEUE_FULL,
        /** The dial that the claim waited for failed. */
        DIAL_FAILED,
        /** The target backs off. */
        BACKING_OFF,
        /** The one connection that would have done takes no new work. */
        CONNECTION_GONE
    }

    static Refusal of(Kind kind) {
        return new Refusal(kind, null, 0, null);
    }
}
