package io.sshpool.impl.pool;

import io.sshpool.AcquireTimeoutException;
import io.sshpool.PoolClosedException;
import io.sshpool.SshConfigException;
import io.sshpool.SshConnectException;
import io.sshpool.SshException;
import io.sshpool.TargetUnavailableException;
import java.time.Duration;
import java.util.concurrent.CompletionException;

/** Turns what the ledger and the connection factory say into what a caller gets: a fresh exception for each. */
final class Failures {

    private Failures() {}

    static SshException of(Claim claim, String counts) {
        String target = claim.account.target.name();
        Refusal refusal = claim.refusal;
        return switch (refusal.kind()) {
            case CLOSED, CONNECTION_GONE -> new PoolClosedException(target);
            case QUEUE_FULL ->
                new AcquireTimeoutException(
                        target,
                        "no connection to " + target + ": sshpool.max-waiters callers wait already; " + counts,
                        null);
            case DIAL_FAILED -> again(claim);
            case BACKING_OFF ->
                refusal.cause() instanceof SshConnectException connect
                                && connect.kind() != SshConnectException.Kind.REJECTED
                        ? new TargetUnavailableException(
                                target,
                                Duration.ofNanos(refusal.retryAfterNanos()),
                                refusal.obstacle() == claim.account
                                        ? connect
                                        : through(refusal.obstacle(), target, connect))
                        : again(claim);
        };
    }

    /** What a target's waiters are told of a jump host on the way. */
    private static SshConnectException through(Account jump, String target, SshException failure) {
        boolean connect = failure instanceof SshConnectException;
        return new SshConnectException(
                target,
                connect ? ((SshConnectException) failure).phase() : SshConnectException.Phase.AUTH,
                connect ? ((SshConnectException) failure).kind() : SshConnectException.Kind.REJECTED,
                "no connection to " + target + ": its jump host " + jump.target.name() + " cannot be used: "
                        + failure.getMessage(),
                failure);
    }

    static AcquireTimeoutException timeout(Account account, Duration timeout, String counts) {
        String target = account.target.name();
        SshException last = lastFailure(account);
        String message = "no connection to " + target + " within " + timeout.toMillis() + " ms; " + counts
                + (last == null ? "" : "; last failure to connect: " + last.getMessage());
        return new AcquireTimeoutException(target, message, last);
    }

    /** What a dial failed with, as one of ours. */
    static SshException ofDial(String target, Throwable failure) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        if (cause instanceof SshConnectException || cause instanceof SshConfigException) {
            return (SshException) cause;
        }
        return new SshConnectException(
                target,
                SshConnectException.Phase.TCP,
                SshConnectException.Kind.UNREACHABLE,
                "connecting to " + target + " failed unexpectedly: "
                        + cause.getClass().getSimpleName(),
                cause);
    }

    /** A target's own, else that of a jump host on the way. */
    static SshException lastFailure(Account account) {
        SshException last = account.backOff.lastFailure();
        return last != null || account.jump == null ? last : lastFailure(account.jump);
    }

    private static SshException again(Claim claim) {
        Refusal refusal = claim.refusal;
        SshException failure = refusal.cause();
        if (refusal.obstacle() != claim.account) {
            return through(refusal.obstacle(), claim.account.target.name(), failure);
        }
        if (failure instanceof SshConnectException connect) {
            return connect.again();
        }
        return new SshConfigException(((SshConfigException) failure).problems());
    }
}
