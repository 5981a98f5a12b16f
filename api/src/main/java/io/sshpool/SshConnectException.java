package io.sshpool;

import java.util.Objects;

/** A connection could not be made. Nothing was run. */
public class SshConnectException extends SshException {

    private static final long serialVersionUID = 1L;

    /** How far a connect came. */
    public enum Phase {
        /** Looking the host name up. */
        DNS,
        /** Reaching the port. */
        TCP,
        /** Waiting for the server's identification (RFC 4253, 4.2). */
        BANNER,
        /** Agreeing on keys, and verifying the server's. */
        KEX,
        /** Proving who we are. */
        AUTH
    }

    /** What a failure means for the next attempt. */
    public enum Kind {
        /** The server dropped us before authentication, as sshd does beyond {@code MaxStartups}: soon tried again. */
        TRANSIENT,
        /** The host could not be reached, did not answer in time, or hung up on a credential: tried again after a back-off. */
        UNREACHABLE,
        /** Configuration must change on one side, no common algorithm for instance: backed off as well. */
        INCOMPATIBLE,
        /** Credential or host key was rejected: not tried again in this window. */
        REJECTED
    }

    private final Phase phase;
    private final Kind kind;

    /**
     * A failed connect.
     *
     * @param target the target's name
     * @param phase how far it came
     * @param kind what it means for the next attempt
     * @param message what was tried, what was seen, what to do
     * @param cause the cause, or null
     */
    public SshConnectException(String target, Phase phase, Kind kind, String message, Throwable cause) {
        super(target, message, cause, kind == Kind.TRANSIENT || kind == Kind.UNREACHABLE);
        this.phase = Objects.requireNonNull(phase, "phase");
        this.kind = kind;
    }

    /**
     * How far the connect came.
     *
     * @return the phase that failed
     */
    public final Phase phase() {
        return phase;
    }

    /**
     * What the failure means for the next attempt.
     *
     * @return the kind
     */
    public final Kind kind() {
        return kind;
    }

    /**
     * A fresh instance for another caller who waited for the same connect: same facts, this one as the cause.
     *
     * @return an exception of the same class, with the stack of the call
     */
    public SshConnectException again() {
        return new SshConnectException(target(), phase, kind, getMessage(), this);
    }
}
