package io.sshpool.impl.pool;

import io.sshpool.PoolConfig;
import io.sshpool.PoolStats.CloseReason;
import java.time.Duration;
import java.util.List;

/** What time alone decides: connections idle for too long or too old, leases left behind, limits to forget. Guarded by the pool's lock. */
final class Expiry {

    private static final long LEARNED_FOR_NANOS = Duration.ofMinutes(10).toNanos();

    private final PoolConfig config;
    private final Accounts accounts;
    private final Fleet fleet;
    private final Allotment allotment;

    Expiry(PoolConfig config, Accounts accounts, Fleet fleet, Allotment allotment) {
        this.config = config;
        this.accounts = accounts;
        this.fleet = fleet;
        this.allotment = allotment;
    }

    /**
     * Closes what has been idle for too long, retires what is too old, takes back what request leases left.
     *
     * @return how many connections
     */
    int sweep(long now) {
        int removed = 0;
        for (PooledConnection connection : fleet.all()) {
            boolean expired =
                    now - connection.lastUsedAt >= config.maxIdleTime().toNanos();
            if (expired && connection.isIdle() && !connection.account.keeps(connection)) {
                allotment.close(connection, CloseReason.IDLE, now);
                removed++;
            }
        }
        for (Claim claim : allotment.resting()) {
            if (claim.resting
                    && now - claim.restingSince >= config.leaseIdleTimeout().toNanos()) {
                allotment.revoke(claim, now);
                allotment.freed(claim.connection, now);
            }
        }
        for (Account account : accounts.all()) {
            removed += retireExpired(account, now);
            if (account.hasLearned() && now - account.learnedAt() >= LEARNED_FOR_NANOS) {
                account.forgetChannelLimit();
                account.connections.forEach(fleet::refile);
                allotment.serve(account, now);
            }
        }
        allotment.provide(now);
        return removed;
    }

    /** Retires what is too old. */
    void retireExpired(long now) {
        accounts.all().forEach(account -> retireExpired(account, now));
    }

    private int retireExpired(Account account, long now) {
        int retired = 0;
        for (PooledConnection connection : List.copyOf(account.connections)) {
            if (connection.is(ConnectionState.OPEN) && connection.expiresAt - now <= 0) {
                allotment.wither(connection, CloseReason.LIFETIME, now);
                retired++;
            }
        }
        if (retired > 0) {
            allotment.serve(account, now);
        }
        return retired;
    }

    /** Nanoseconds until the next sweep has something to do, as far as is known now. */
    long untilNextSweep(long now) {
        long next = Math.min(soonest(), LEARNED_FOR_NANOS);
        for (PooledConnection connection : fleet.all()) {
            if (connection.isIdle() && !connection.account.keeps(connection)) {
                next = Math.min(
                        next, connection.lastUsedAt + config.maxIdleTime().toNanos() - now);
            }
        }
        for (Claim claim : allotment.resting()) {
            next = Math.min(next, claim.restingSince + config.leaseIdleTimeout().toNanos() - now);
        }
        for (Account account : accounts.all()) {
            if (account.hasLearned()) {
                next = Math.min(next, account.learnedAt() + LEARNED_FOR_NANOS - now);
            }
            for (PooledConnection connection : account.connections) {
                if (connection.is(ConnectionState.OPEN)) {
                    next = Math.min(next, connection.expiresAt - now);
                }
            }
        }
        return Math.max(next, 0);
    }

    /** When at the earliest something may be due that begins only after the sweep has been planned. */
    private long soonest() {
        long soonest = Math.min(
                config.maxIdleTime().toNanos(), config.leaseIdleTimeout().toNanos());
        // jitter takes up to a tenth off a lifetime
        return config.maxLifetime()
                .map(life -> Math.min(soonest, life.toNanos() / 10 * 9))
                .orElse(soonest);
    }
}
