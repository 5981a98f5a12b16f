package io.sshpool.impl.pool;

import io.sshpool.PoolClosedException;
import io.sshpool.PoolStats.CloseReason;
import io.sshpool.SshConnectException;
import io.sshpool.SshException;
import io.sshpool.spi.PoolListener;
import io.sshpool.spi.SshConnection;
import io.sshpool.spi.Target;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;

/** Dials, probes and closes connections as the ledger decided, and tells it what came of that. */
final class Transports {

    private static final long GOODBYE_NANOS = Duration.ofSeconds(1).toNanos();

    private final Core core;

    Transports(Core core) {
        this.core = core;
    }

    void dial(PooledConnection connection) {
        Target target = connection.account.target;
        PoolListener.Connect observer = core.listener.connecting(target);
        Duration timeout = target.limits().connectTimeout().orElse(core.config.connectTimeout());
        CompletableFuture<SshConnection> dial;
        try {
            dial = connection.via == null
                    ? core.factory.connect(target, timeout)
                    : core.factory.connect(target, timeout, connection.via.transport);
        } catch (RuntimeException | Error broken) {
            dial = CompletableFuture.failedFuture(broken);
        }
        CompletableFuture<SshConnection> begun = dial;
        boolean wanted = core.ask((ledger, now) -> {
            connection.dial = begun;
            return connection.is(ConnectionState.CONNECTING);
        });
        dial.whenComplete((transport, failure) -> {
            if (failure == null) {
                connected(connection, transport, observer);
            } else {
                failed(connection, failure, observer);
            }
        });
        if (!wanted) {
            dial.cancel(true);
        }
    }

    void cancelDial(PooledConnection connection) {
        CompletableFuture<SshConnection> dial = core.ask((ledger, now) -> connection.dial);
        if (dial != null) {
            dial.cancel(true);
        }
    }

    private void connected(PooledConnection connection, SshConnection transport, PoolListener.Connect observer) {
        Optional<Duration> validFor = transport.validFor();
        boolean wanted = core.ask((ledger, now) -> {
            connection.transport = transport;
            boolean connecting = connection.is(ConnectionState.CONNECTING);
            if (connecting) {
                validFor.ifPresent(left -> ledger.expires(connection, Core.nanos(left), now));
                ledger.dialSucceeded(connection, now);
            }
            return connecting;
        });
        if (wanted) {
            observer.connected(connection.id);
            transport.closed().thenRun(() -> core.died(connection, CloseReason.LOST));
        } else {
            transport.abort();
            observer.failed(new PoolClosedException(connection.account.target.name()));
        }
    }

    private void failed(PooledConnection connection, Throwable failure, PoolListener.Connect observer) {
        String target = connection.account.target.name();
        if (!core.ask((ledger, now) -> connection.is(ConnectionState.CONNECTING))) {
            observer.failed(new PoolClosedException(target));
            return;
        }
        if (connection.via != null && !connection.via.transport.isOpen()) {
            // known here at the latest: the next dial shall not go through it
            core.died(connection.via, CloseReason.LOST);
        }
        SshException ours = Failures.ofDial(target, failure);
        boolean rejected =
                !(ours instanceof SshConnectException connect) || connect.kind() == SshConnectException.Kind.REJECTED;
        observer.failed(ours);
        if (rejected) {
            // before any caller hears of it: what a caller then changes is a change
            core.rejections.of(connection.account).thenAccept(rejection -> tell(connection, ours, rejection));
        } else {
            tell(connection, ours, null);
        }
    }

    private void tell(PooledConnection connection, SshException failure, Rejections.Rejection rejection) {
        core.change((ledger, now) -> {
            if (connection.is(ConnectionState.CONNECTING)) {
                ledger.dialFailed(connection, failure, now);
                if (rejection != null) {
                    core.rejections.begin(connection.account, rejection, ledger);
                }
            }
        });
    }

    /** Probes for the ledger, which has set the connection aside. */
    void validate(PooledConnection connection) {
        probe(connection, core.config.validationTimeout())
                .thenAccept(alive -> core.change((ledger, now) -> ledger.validated(connection, alive, now)));
    }

    CompletableFuture<Boolean> probe(PooledConnection connection, Duration timeout) {
        CompletableFuture<Boolean> answer = new CompletableFuture<>();
        Future<?> alarm = core.after(Core.nanos(timeout), () -> answer.complete(false));
        try {
            connection.transport.probe().whenComplete((done, failure) -> {
                if (failure != null && !connection.transport.isOpen()) {
                    // an end of which the probe hears first is no silence
                    core.died(connection, CloseReason.LOST);
                }
                answer.complete(failure == null);
            });
        } catch (RuntimeException broken) {
            answer.complete(false);
        }
        answer.thenRun(() -> alarm.cancel(false));
        return answer;
    }

    /** Says goodbye, and after a second hangs up: the place is free then, whatever the peer does. */
    void close(PooledConnection connection) {
        SshConnection transport = connection.transport;
        CompletableFuture<Void> gone = new CompletableFuture<>();
        transport.closed().thenRun(() -> gone.complete(null));
        Future<?> alarm = core.after(GOODBYE_NANOS, () -> {
            try {
                transport.abort();
            } finally {
                gone.complete(null);
            }
        });
        gone.thenRun(() -> {
            alarm.cancel(false);
            Duration age = Duration.ofNanos(core.now() - connection.createdAt);
            // first, as the end of the last connection ends the close of the pool, after which nobody listens
            try {
                core.listener.connectionClosed(connection.account.target, connection.id, connection.closeReason, age);
            } finally {
                core.change((ledger, now) -> ledger.closed(connection, now));
            }
        });
        try {
            if (connection.closeReason == CloseReason.UNHEALTHY) {
                transport.abort();
            } else {
                transport.close();
            }
        } catch (RuntimeException broken) {
            // one that cannot be closed is hung up on in a second; what else was decided must be carried out
        }
    }

    void abortAll() {
        core.ask((ledger, now) -> ledger.connections()).forEach(connection -> {
            if (connection.transport != null) {
                connection.transport.abort();
            }
        });
    }
}
