package io.sshpool.impl.pool;

import io.sshpool.PoolConfig;
import io.sshpool.spi.Target;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.function.DoubleSupplier;

/** The accounts of all targets; of those that were spelled out, no more than may be remembered. Guarded by the pool's lock. */
final class Accounts {

    private final PoolConfig config;
    private final DoubleSupplier jitter;
    private final Outbox outbox;
    private final Map<String, Account> byName = new HashMap<>();
    private final Map<String, Account.Server> servers = new HashMap<>();
    private int spelledOut;

    Accounts(PoolConfig config, DoubleSupplier jitter, Outbox outbox) {
        this.config = config;
        this.jitter = jitter;
        this.outbox = outbox;
    }

    Account of(Target target, long now) {
        Account account = byName.get(target.name());
        if (account == null) {
            account = open(target, now);
        }
        account.touchedAt = now;
        return account;
    }

    /** Whether it has not been forgotten. */
    boolean has(Account account) {
        return byName.get(account.target.name()) == account;
    }

    Collection<Account> all() {
        return byName.values();
    }

    private Account open(Target target, long now) {
        if (!target.alias()) {
            forgetUnused();
            spelledOut++;
        }
        Account.Server server = servers.computeIfAbsent(target.server(), s -> new Account.Server());
        Account jump = target.jump().map(host -> of(host, now)).orElse(null);
        Account account = new Account(target, jump, server, config, new BackOff(config, jitter));
        if (jump != null) {
            jump.behind.add(account);
        }
        byName.put(target.name(), account);
        return account;
    }

    private void forgetUnused() {
        while (spelledOut >= config.maxTargets()) {
            Account oldest = oldestUnused();
            if (oldest == null) {
                return;
            }
            forget(oldest);
        }
    }

    private Account oldestUnused() {
        Account oldest = null;
        for (Account account : byName.values()) {
            if (!account.target.alias()
                    && account.isUnused()
                    && (oldest == null || account.touchedAt - oldest.touchedAt < 0)) {
                oldest = account;
            }
        }
        return oldest;
    }

    private void forget(Account account) {
        byName.remove(account.target.name());
        spelledOut--;
        if (account.jump != null) {
            account.jump.behind.remove(account);
        }
        boolean serverInUse = byName.values().stream().anyMatch(other -> other.server == account.server);
        if (!serverInUse) {
            servers.remove(account.target.server());
        }
        outbox.add().forgotten.add(account.target);
    }
}
