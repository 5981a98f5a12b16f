package io.sshpool.impl.pool;

import io.sshpool.PoolConfig;
import io.sshpool.PoolStats.CloseReason;
import io.sshpool.SshConnectException;
import io.sshpool.spi.Target;
import io.sshpool.spi.Trust;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.SplittableRandom;

/**
 * Drives one ledger with random events in virtual time, keeps books of its own beside it, and checks after every step that the two
 * agree and that the pool's promises hold.
 */
final class LedgerModel {

    final SplittableRandom random;
    final PoolConfig config;
    final Ledger ledger;
    final List<Account> accounts = new ArrayList<>();

    final List<Claim> waiting = new ArrayList<>();
    final List<Claim> granted = new ArrayList<>();
    final List<PooledConnection> connecting = new ArrayList<>();
    final List<PooledConnection> closing = new ArrayList<>();
    final List<PooledConnection> probing = new ArrayList<>();
    final Set<PooledConnection> everClosed = new HashSet<>();
    final List<Long> wakes = new ArrayList<>();
    long now = 1_000_000_000L;
    long grants;
    boolean closed;
    /** The claim put last: it may be refused in the very call that put it. */
    Claim latest;

    LedgerModel(long seed) {
        random = new SplittableRandom(seed);
        int max = 1 + random.nextInt(6);
        config = PoolConfig.defaults()
                .withMaxConnections(max)
                .withMaxConnectionsPerTarget(1 + random.nextInt(max))
                .withMaxChannelsPerConnection(1 + random.nextInt(4))
                .withMaxConcurrentConnects(1 + random.nextInt(3))
                .withMaxWaiters(3 + random.nextInt(20))
                .withMaxTargets(2 + random.nextInt(4))
                .withMaxIdleTime(Duration.ofSeconds(1 + random.nextInt(30)))
                .withLeaseIdleTimeout(Duration.ofSeconds(1 + random.nextInt(10)));
        PoolConfig full =
                random.nextInt(3) == 0 ? config.withMaxLifetime(Duration.ofSeconds(5 + random.nextInt(60))) : config;
        ledger = new Ledger(full, random::nextDouble);
        int targets = 1 + random.nextInt(5);
        for (int i = 0; i < targets; i++) {
            boolean required = i == 0 && max > 1 && random.nextInt(4) == 0;
            accounts.add(ledger.account(behindOther(target(i, required), accounts), now));
        }
    }

    /** Behind another target, as far as there is room for the whole way beside what a required target keeps. */
    private Target behindOther(Target target, List<Account> others) {
        if (target.required() || others.isEmpty() || random.nextInt(3) > 0) {
            return target;
        }
        Target jump = others.get(random.nextInt(others.size())).target;
        boolean kept = others.get(0).target.required();
        int places = hops(jump) + 2 + (kept ? 1 : 0);
        return places <= config.maxConnections() ? target.through(jump) : target;
    }

    private static int hops(Target target) {
        return target.jump().map(jump -> 1 + hops(jump)).orElse(0);
    }

    private Target target(int i, boolean required) {
        Target.Limits limits = new Target.Limits(
                random.nextBoolean() ? OptionalInt.empty() : OptionalInt.of(1 + random.nextInt(4)),
                random.nextBoolean() ? OptionalInt.empty() : OptionalInt.of(1 + random.nextInt(4)),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                OptionalInt.empty());
        return new Target("t" + i, true, "u" + i, "host" + i / 2, 22, Trust.NOBODY, limits, false, required);
    }

    void step() {
        now += random.nextInt(8) == 0 ? random.nextLong(2_000_000_000L) : random.nextLong(5_000_000L);
        switch (random.nextInt(24)) {
            case 0, 1, 2, 3, 4, 5 -> request();
            case 6, 7, 8, 9 -> pick(granted).ifPresent(this::release);
            case 10 -> pick(waiting).ifPresent(this::cancel);
            case 11, 12 -> pick(granted).ifPresent(this::restOrResume);
            case 13, 14, 15 -> pick(connecting).ifPresent(this::dialEnds);
            case 16, 17 -> pick(closing).ifPresent(this::closeEnds);
            case 18, 19 -> pick(probing).ifPresent(c -> probeEnds(c, random.nextInt(5) > 0));
            case 20 -> ledger.sweep(now);
            case 21 -> rare();
            case 22 -> pick(granted).ifPresent(this::operation);
            default -> wakeIfDue();
        }
        collect();
        check();
    }

    private void rare() {
        Account account = accounts.get(random.nextInt(accounts.size()));
        switch (random.nextInt(7)) {
            case 0 -> ledger.evict(account, now);
            case 1 -> ledger.endBackOff(account, now);
            case 2 -> ledger.beginCheck(now);
            case 3 ->
                pick(account.connections)
                        .filter(c -> c.is(ConnectionState.OPEN))
                        .ifPresent(c -> ledger.retire(c, CloseReason.TAINTED, now));
            case 4 ->
                pick(account.connections).filter(PooledConnection::isUsable).ifPresent(c -> ledger.unanswered(c, now));
            default ->
                pick(account.connections)
                        .filter(PooledConnection::isUsable)
                        .ifPresent(c -> ledger.died(c, CloseReason.LOST, now));
        }
    }

    private void request() {
        Claim home = random.nextInt(6) == 0 ? pick(granted).orElse(null) : null;
        Claim claim = home == null
                ? new Claim(accounts.get(random.nextInt(accounts.size())), null)
                : new Claim(home.account, home.connection);
        put(claim);
    }

    private void put(Claim claim) {
        latest = claim;
        ledger.request(claim, now);
        if (claim.state == Claim.State.WAITING) {
            waiting.add(claim);
        } else if (claim.isGranted()) {
            granted.add(claim);
            grants++;
        }
    }

    void release(Claim claim) {
        granted.remove(claim);
        ledger.release(claim, now);
    }

    private void cancel(Claim claim) {
        require(ledger.cancel(claim, now), "a waiting claim can be cancelled");
        require(!ledger.cancel(claim, now), "a cancelled claim cannot be cancelled again");
        waiting.remove(claim);
    }

    private void restOrResume(Claim claim) {
        if (claim.resting) {
            require(ledger.resume(claim, now), "a resting claim that was not revoked resumes");
        } else {
            ledger.rest(claim, now);
        }
    }

    private void operation(Claim claim) {
        PooledConnection connection = claim.connection;
        if (!connection.is(ConnectionState.OPEN)) {
            return;
        }
        int operations = connection.operations;
        connection.operations = 1 + random.nextInt(Math.max(1, connection.used));
        boolean elsewhere = ledger.refused(connection, now);
        require(elsewhere == connection.operations > 1, "learns from a refusal unless nothing was open");
        connection.operations = operations;
        Claim next = claim.renew();
        release(claim);
        collect();
        put(next);
    }

    private void dialEnds(PooledConnection connection) {
        connecting.remove(connection);
        String target = connection.account.target.name();
        SshConnectException.Kind kind = switch (random.nextInt(8)) {
            case 0 -> SshConnectException.Kind.TRANSIENT;
            case 1 -> SshConnectException.Kind.UNREACHABLE;
            case 2 -> SshConnectException.Kind.REJECTED;
            default -> null;
        };
        if (kind == null) {
            ledger.dialSucceeded(connection, now);
        } else {
            everClosed.add(connection);
            ledger.dialFailed(
                    connection, new SshConnectException(target, SshConnectException.Phase.TCP, kind, "no", null), now);
        }
    }

    private void closeEnds(PooledConnection connection) {
        closing.remove(connection);
        require(everClosed.add(connection), "a connection is closed once");
        ledger.closed(connection, now);
        ledger.closed(connection, now);
    }

    private void probeEnds(PooledConnection connection, boolean alive) {
        probing.remove(connection);
        ledger.validated(connection, alive, now);
    }

    private void wakeIfDue() {
        if (wakes.removeIf(at -> at - now <= 0)) {
            ledger.wake(now);
        }
    }

    /** Takes what the ledger decided into the model's own books. */
    void collect() {
        Decisions decisions = ledger.take();
        if (decisions != null) {
            for (Claim claim : decisions.granted) {
                require(claim.isGranted() || claim.state == Claim.State.REVOKED, "a granted claim is granted");
                if (waiting.remove(claim)) {
                    granted.add(claim);
                    grants++;
                }
            }
            decisions.granted.forEach(this::checkOrder);
            for (Claim claim : decisions.refused) {
                require(waiting.remove(claim) || claim == latest, "only waiters are refused afterwards");
            }
            connecting.addAll(decisions.dials);
            connecting.removeAll(decisions.cancelledDials);
            closing.addAll(decisions.closes);
            probing.addAll(decisions.probes);
            decisions.wakes.forEach(nanos -> wakes.add(now + nanos));
        }
        granted.removeIf(claim -> claim.state == Claim.State.REVOKED);
    }

    // ---- what must hold

    private void checkOrder(Claim served) {
        for (Claim claim : waiting) {
            boolean overtaken = served.only == null
                    && claim.only == null
                    && claim.account == served.account
                    && claim.sequence < served.sequence;
            require(!overtaken, "waiters of a target are served in the order of arrival");
        }
    }

    void check() {
        int total = 0;
        int waiters = 0;
        for (Account account : accounts) {
            total += account.connections.size();
            waiters += account.waiters.size() + account.bound.size();
            require(account.connections.size() <= account.maxConnections, "the target's limit holds");
            require(account.server.connecting <= config.maxConcurrentConnects(), "the server's gate holds");
            for (PooledConnection connection : account.connections) {
                checkConnection(connection);
            }
            checkWaiters(account);
        }
        require(total == ledger.total(), "the ledger counts its connections");
        require(total <= config.maxConnections(), "the pool's limit holds");
        require(waiters == ledger.waiting() && waiters == waiting.size(), "the ledger counts its waiters");
        require(waiters <= config.maxWaiters(), "the limit of waiters holds");
        checkRoom(total);
    }

    private void checkConnection(PooledConnection connection) {
        int used = 0;
        int resting = 0;
        for (Claim claim : granted) {
            if (claim.connection == connection) {
                used++;
                resting += claim.resting ? 1 : 0;
            }
        }
        require(connection.used == used, "slots are counted");
        require(connection.yielding == resting, "resting claims are counted");
        require(connection.listed == connection.hasFreeSlot(), "a connection with a free slot is listed");
        require(!connection.is(ConnectionState.CLOSED), "a closed connection is forgotten");
        require(connection.is(ConnectionState.CONNECTING) == connecting.contains(connection), "dials are carried out");
        require(connection.is(ConnectionState.CLOSING) == closing.contains(connection), "closes are carried out");
        require(
                !connection.is(ConnectionState.RETIRED)
                        || connection.used > connection.yielding
                        || connection.carried > 0,
                "a retired connection on which nothing runs is closed");
        checkWay(connection);
    }

    private void checkWay(PooledConnection connection) {
        PooledConnection via = connection.via;
        require((via == null) == (connection.account.jump == null), "who is behind a jump host goes through it");
        if (via != null) {
            require(via.account == connection.account.jump, "the jump connection is one to the jump host");
            require(
                    via.isUsable() || !connection.isUsable(),
                    "a jump connection is open while what it carries is used");
            require(
                    via.is(ConnectionState.OPEN) || !connection.is(ConnectionState.OPEN),
                    "what a retired connection carries takes no new work");
        }
        long carried = accounts.stream()
                .flatMap(account -> account.connections.stream())
                .filter(other -> other.via == connection)
                .count();
        require(connection.carried == carried, "what a connection carries is counted");
        require(carried == 0 || !connection.draining, "a connection through which others run is not drained");
    }

    private void checkWaiters(Account account) {
        if (account.waiters.isEmpty()) {
            return;
        }
        boolean coming = account.slotsBeingValidated() >= account.waiters.size();
        for (PooledConnection connection : account.connections) {
            require(coming || !connection.hasFreeSlot(), "nobody waits while a slot is free");
        }
        for (Claim claim : account.resting) {
            require(coming || !claim.connection.canBeFreed(), "nobody waits while a lease at rest could give way");
        }
    }

    private void checkRoom(int total) {
        if (closed) {
            return;
        }
        for (Account account : accounts) {
            boolean dialable = ledger.fleet.nextHop(account, false, now) != null && !hasExpiredJump(account);
            if (!account.waiters.isEmpty() && dialable && ledger.fleet.dialsWanted(account, now) > 0) {
                // time alone ends a back-off: until the ledger is woken it need not act
                boolean woken = wakes.stream().noneMatch(at -> at - now <= 0);
                require(!woken || total == config.maxConnections(), "nobody waits while there is room to dial");
                boolean evictable = accounts.stream()
                        .flatMap(other -> other.connections.stream())
                        .anyMatch(c -> ledger.fleet.isVictim(c, account, now));
                require(!woken || !closing.isEmpty() || !evictable, "nobody waits while an idle place could be taken");
            }
        }
    }

    /** Time alone ends a lifetime: until the sweep the ledger need not act. */
    private boolean hasExpiredJump(Account account) {
        Account jump = account.jump;
        return jump != null
                && (hasExpiredJump(jump)
                        || jump.connections.stream()
                                .anyMatch(c -> c.is(ConnectionState.OPEN) && c.expiresAt - now <= 0));
    }

    /** Lets everything end well, and insists that nobody is left waiting. */
    void settle() {
        for (int round = 0; round < 400 && (ledger.waiting() > 0 || round < 3); round++) {
            now += 1_500_000_000L;
            wakes.clear();
            ledger.wake(now);
            collect();
            for (PooledConnection connection : List.copyOf(connecting)) {
                connecting.remove(connection);
                ledger.dialSucceeded(connection, now);
                collect();
            }
            for (PooledConnection connection : List.copyOf(probing)) {
                probeEnds(connection, true);
                collect();
            }
            for (Claim claim : List.copyOf(granted)) {
                if (claim.isGranted()) {
                    release(claim);
                    collect();
                }
            }
            for (PooledConnection connection : List.copyOf(closing)) {
                closeEnds(connection);
                collect();
            }
            check();
        }
        require(ledger.waiting() == 0, "nobody waits for ever");
    }

    void close() {
        closed = true;
        ledger.close(now);
        collect();
        require(ledger.waiting() == 0 && connecting.isEmpty(), "a closed ledger has neither waiters nor dials");
        ledger.force(now);
        collect();
        List.copyOf(closing).forEach(this::closeEnds);
        collect();
        require(ledger.total() == 0, "a closed ledger has no connections");
        Claim late = new Claim(accounts.get(0), null);
        ledger.request(late, now);
        require(late.refusal.kind() == Refusal.Kind.CLOSED, "a closed ledger refuses");
    }

    private <T> Optional<T> pick(List<T> from) {
        return from.isEmpty() ? Optional.empty() : Optional.of(from.get(random.nextInt(from.size())));
    }

    static void require(boolean holds, String promise) {
        if (!holds) {
            throw new AssertionError("broken: " + promise);
        }
    }
}
