package io.sshpool;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Consumer;

/**
 * The pool's settings. Immutable; start from {@link #defaults()} and change what differs. Each setting is the key
 * {@code sshpool.} plus its name with dashes, {@code maxIdleTime} being {@code sshpool.max-idle-time}.
 *
 * @param maxConnections over all targets; connecting and closing ones count
 * @param maxConnectionsPerTarget empty for {@code maxConnections}
 * @param maxChannelsPerConnection leases that share one connection; 1 makes them exclusive
 * @param maxConcurrentConnects handshakes at a time, per server
 * @param acquireTimeout how long an acquire waits
 * @param maxWaiters acquires that may wait; beyond it they fail at once
 * @param connectTimeout DNS, TCP, banner, key exchange and authentication together
 * @param backOff after a failed connect; doubled each time, with jitter
 * @param maxBackOff the longest back-off
 * @param authBackOff after a rejected credential or host key
 * @param keepAliveInterval between heartbeats of a quiet connection
 * @param keepAliveCountMax intervals without an answer after which a connection is lost, at least 2
 * @param commandTimeout for commands that have none of their own, and how long an SFTP server may answer nothing; empty for no bound
 * @param maxIdleTime after which an unused connection is closed
 * @param maxLifetime after which a connection takes no new work, with jitter; empty for no bound
 * @param healthInterval between probes of idle connections
 * @param validationInterval quiet time after which a connection is probed before it is handed out
 * @param validationTimeout how long the answer to a probe may take
 * @param cleanupInterval between clean-ups, at most
 * @param leaseIdleTimeout after which a request's unused lease goes back by itself
 * @param leakDetectionThreshold after which a lease that holds a connection is warned of, with the stack of its acquire; empty for never
 * @param shutdownTimeout what running operations get when the pool closes
 * @param maxOutput bytes that one {@code execute} keeps in memory
 * @param allowedHosts patterns ({@code *}, {@code ?}) one of which the host of a spelled-out key must match; empty for any
 * @param maxTargets spelled-out targets remembered; the oldest unused is forgotten
 * @param healthEnabled whether the readiness check reports the pool; it is always up where not
 */
public record PoolConfig(
        int maxConnections,
        OptionalInt maxConnectionsPerTarget,
        int maxChannelsPerConnection,
        int maxConcurrentConnects,
        Duration acquireTimeout,
        int maxWaiters,
        Duration connectTimeout,
        Duration backOff,
        Duration maxBackOff,
        Duration authBackOff,
        Duration keepAliveInterval,
        int keepAliveCountMax,
        Optional<Duration> commandTimeout,
        Duration maxIdleTime,
        Optional<Duration> maxLifetime,
        Duration healthInterval,
        Duration validationInterval,
        Duration validationTimeout,
        Duration cleanupInterval,
        Duration leaseIdleTimeout,
        Optional<Duration> leakDetectionThreshold,
        Duration shutdownTimeout,
        long maxOutput,
        List<String> allowedHosts,
        int maxTargets,
        boolean healthEnabled) {

    /** Checks that nothing is null; {@link #validate()} checks the values. */
    public PoolConfig {
        Objects.requireNonNull(maxConnectionsPerTarget, "maxConnectionsPerTarget");
        Objects.requireNonNull(acquireTimeout, "acquireTimeout");
        Objects.requireNonNull(connectTimeout, "connectTimeout");
        Objects.requireNonNull(backOff, "backOff");
        Objects.requireNonNull(maxBackOff, "maxBackOff");
        Objects.requireNonNull(authBackOff, "authBackOff");
        Objects.requireNonNull(keepAliveInterval, "keepAliveInterval");
        Objects.requireNonNull(commandTimeout, "commandTimeout");
        Objects.requireNonNull(maxIdleTime, "maxIdleTime");
        Objects.requireNonNull(maxLifetime, "maxLifetime");
        Objects.requireNonNull(healthInterval, "healthInterval");
        Objects.requireNonNull(validationInterval, "validationInterval");
        Objects.requireNonNull(validationTimeout, "validationTimeout");
        Objects.requireNonNull(cleanupInterval, "cleanupInterval");
        Objects.requireNonNull(leaseIdleTimeout, "leaseIdleTimeout");
        Objects.requireNonNull(leakDetectionThreshold, "leakDetectionThreshold");
        Objects.requireNonNull(shutdownTimeout, "shutdownTimeout");
        allowedHosts = List.copyOf(allowedHosts);
    }

    /**
     * The settings of an application that configures nothing.
     *
     * @return the defaults, which are valid
     */
    public static PoolConfig defaults() {
        return new Draft().build();
    }

    /**
     * Checks all values.
     *
     * @return this
     * @throws SshConfigException with every problem
     */
    public PoolConfig validate() {
        List<String> problems = problems();
        if (!problems.isEmpty()) {
            throw new SshConfigException(problems);
        }
        return this;
    }

    /**
     * What is wrong with the values.
     *
     * @return each problem with its key and reason, empty for none
     */
    public List<String> problems() {
        Problems problems = new Problems();
        problems.atLeastOne("max-connections", maxConnections);
        maxConnectionsPerTarget.ifPresent(n -> problems.atLeastOne("max-connections-per-target", n));
        problems.atLeastOne("max-channels-per-connection", maxChannelsPerConnection);
        problems.atLeastOne("max-concurrent-connects", maxConcurrentConnects);
        problems.positive("acquire-timeout", acquireTimeout);
        problems.atLeastOne("max-waiters", maxWaiters);
        problems.positive("connect-timeout", connectTimeout);
        problems.positive("back-off", backOff);
        problems.positive("max-back-off", maxBackOff);
        problems.positive("auth-back-off", authBackOff);
        problems.positive("keep-alive-interval", keepAliveInterval);
        problems.atLeast(2, "keep-alive-count-max", keepAliveCountMax);
        commandTimeout.ifPresent(d -> problems.positive("command-timeout", d));
        problems.positive("max-idle-time", maxIdleTime);
        maxLifetime.ifPresent(d -> problems.positive("max-lifetime", d));
        problems.positive("health-interval", healthInterval);
        problems.positive("validation-interval", validationInterval);
        problems.positive("validation-timeout", validationTimeout);
        problems.positive("cleanup-interval", cleanupInterval);
        problems.positive("lease-idle-timeout", leaseIdleTimeout);
        leakDetectionThreshold.ifPresent(d -> problems.positive("leak-detection-threshold", d));
        problems.positive("shutdown-timeout", shutdownTimeout);
        problems.atLeastOne("max-output", maxOutput);
        problems.atLeastOne("max-targets", maxTargets);
        problems.notAbove("back-off", backOff, "max-back-off", maxBackOff);
        allowedHosts.stream()
                .filter(String::isBlank)
                .forEach(blank -> problems.add("allowed-hosts", "has an empty pattern"));
        return problems.found;
    }

    /**
     * The limit of one target that has none of its own.
     *
     * @return {@link #maxConnectionsPerTarget()}, else {@link #maxConnections()}
     */
    public int connectionsPerTarget() {
        return maxConnectionsPerTarget.orElse(maxConnections);
    }

    /**
     * Copies with {@link #maxConnections()} changed.
     *
     * @param value over all targets; connecting and closing ones count
     * @return the copy
     */
    public PoolConfig withMaxConnections(int value) {
        return with(draft -> draft.maxConnections = value);
    }

    /**
     * Copies with {@link #maxConnectionsPerTarget()} changed.
     *
     * @param value empty for {@code maxConnections}
     * @return the copy
     */
    public PoolConfig withMaxConnectionsPerTarget(int value) {
        return with(draft -> draft.maxConnectionsPerTarget = OptionalInt.of(value));
    }

    /**
     * Copies with {@link #maxChannelsPerConnection()} changed.
     *
     * @param value leases that share one connection; 1 makes them exclusive
     * @return the copy
     */
    public PoolConfig withMaxChannelsPerConnection(int value) {
        return with(draft -> draft.maxChannelsPerConnection = value);
    }

    /**
     * Copies with {@link #maxConcurrentConnects()} changed.
     *
     * @param value handshakes at a time, per server
     * @return the copy
     */
    public PoolConfig withMaxConcurrentConnects(int value) {
        return with(draft -> draft.maxConcurrentConnects = value);
    }

    /**
     * Copies with {@link #acquireTimeout()} changed.
     *
     * @param value how long an acquire waits
     * @return the copy
     */
    public PoolConfig withAcquireTimeout(Duration value) {
        return with(draft -> draft.acquireTimeout = value);
    }

    /**
     * Copies with {@link #maxWaiters()} changed.
     *
     * @param value acquires that may wait; beyond it they fail at once
     * @return the copy
     */
    public PoolConfig withMaxWaiters(int value) {
        return with(draft -> draft.maxWaiters = value);
    }

    /**
     * Copies with {@link #connectTimeout()} changed.
     *
     * @param value DNS, TCP, banner, key exchange and authentication together
     * @return the copy
     */
    public PoolConfig withConnectTimeout(Duration value) {
        return with(draft -> draft.connectTimeout = value);
    }

    /**
     * Copies with {@link #backOff()} changed.
     *
     * @param value after a failed connect; doubled each time, with jitter
     * @return the copy
     */
    public PoolConfig withBackOff(Duration value) {
        return with(draft -> draft.backOff = value);
    }

    /**
     * Copies with {@link #maxBackOff()} changed.
     *
     * @param value the longest back-off
     * @return the copy
     */
    public PoolConfig withMaxBackOff(Duration value) {
        return with(draft -> draft.maxBackOff = value);
    }

    /**
     * Copies with {@link #authBackOff()} changed.
     *
     * @param value after a rejected credential or host key
     * @return the copy
     */
    public PoolConfig withAuthBackOff(Duration value) {
        return with(draft -> draft.authBackOff = value);
    }

    /**
     * Copies with {@link #keepAliveInterval()} changed.
     *
     * @param value between heartbeats of a quiet connection
     * @return the copy
     */
    public PoolConfig withKeepAliveInterval(Duration value) {
        return with(draft -> draft.keepAliveInterval = value);
    }

    /**
     * Copies with {@link #keepAliveCountMax()} changed.
     *
     * @param value intervals without an answer after which a connection is lost, at least 2
     * @return the copy
     */
    public PoolConfig withKeepAliveCountMax(int value) {
        return with(draft -> draft.keepAliveCountMax = value);
    }

    /**
     * Copies with {@link #commandTimeout()} changed.
     *
     * @param value for commands that have none of their own; empty for no bound
     * @return the copy
     */
    public PoolConfig withCommandTimeout(Duration value) {
        return with(draft -> draft.commandTimeout = Optional.of(value));
    }

    /**
     * Copies with {@link #maxIdleTime()} changed.
     *
     * @param value after which an unused connection is closed
     * @return the copy
     */
    public PoolConfig withMaxIdleTime(Duration value) {
        return with(draft -> draft.maxIdleTime = value);
    }

    /**
     * Copies with {@link #maxLifetime()} changed.
     *
     * @param value after which a connection takes no new work, with jitter; empty for no bound
     * @return the copy
     */
    public PoolConfig withMaxLifetime(Duration value) {
        return with(draft -> draft.maxLifetime = Optional.of(value));
    }

    /**
     * Copies with {@link #healthInterval()} changed.
     *
     * @param value between probes of idle connections
     * @return the copy
     */
    public PoolConfig withHealthInterval(Duration value) {
        return with(draft -> draft.healthInterval = value);
    }

    /**
     * Copies with {@link #validationInterval()} changed.
     *
     * @param value quiet time after which a connection is probed before it is handed out
     * @return the copy
     */
    public PoolConfig withValidationInterval(Duration value) {
        return with(draft -> draft.validationInterval = value);
    }

    /**
     * Copies with {@link #validationTimeout()} changed.
     *
     * @param value how long the answer to a probe may take
     * @return the copy
     */
    public PoolConfig withValidationTimeout(Duration value) {
        return with(draft -> draft.validationTimeout = value);
    }

    /**
     * Copies with {@link #cleanupInterval()} changed.
     *
     * @param value between clean-ups, at most
     * @return the copy
     */
    public PoolConfig withCleanupInterval(Duration value) {
        return with(draft -> draft.cleanupInterval = value);
    }

    /**
     * Copies with {@link #leaseIdleTimeout()} changed.
     *
     * @param value after which a request's unused lease goes back by itself
     * @return the copy
     */
    public PoolConfig withLeaseIdleTimeout(Duration value) {
        return with(draft -> draft.leaseIdleTimeout = value);
    }

    /**
     * Copies with {@link #leakDetectionThreshold()} changed.
     *
     * @param value after which a lease that holds a connection is warned of, with the stack of its acquire; empty for never
     * @return the copy
     */
    public PoolConfig withLeakDetectionThreshold(Duration value) {
        return with(draft -> draft.leakDetectionThreshold = Optional.of(value));
    }

    /**
     * Copies with {@link #shutdownTimeout()} changed.
     *
     * @param value what running operations get when the pool closes
     * @return the copy
     */
    public PoolConfig withShutdownTimeout(Duration value) {
        return with(draft -> draft.shutdownTimeout = value);
    }

    /**
     * Copies with {@link #maxOutput()} changed.
     *
     * @param value bytes that one {@code execute} keeps in memory
     * @return the copy
     */
    public PoolConfig withMaxOutput(long value) {
        return with(draft -> draft.maxOutput = value);
    }

    /**
     * Copies with {@link #allowedHosts()} changed.
     *
     * @param value patterns ({@code *}, {@code ?}) one of which the host of a spelled-out key must match; empty for any
     * @return the copy
     */
    public PoolConfig withAllowedHosts(List<String> value) {
        return with(draft -> draft.allowedHosts = value);
    }

    /**
     * Copies with {@link #maxTargets()} changed.
     *
     * @param value spelled-out targets remembered; the oldest unused is forgotten
     * @return the copy
     */
    public PoolConfig withMaxTargets(int value) {
        return with(draft -> draft.maxTargets = value);
    }

    /**
     * Copies with {@link #healthEnabled()} changed.
     *
     * @param value whether the readiness check reports the pool
     * @return the copy
     */
    public PoolConfig withHealthEnabled(boolean value) {
        return with(draft -> draft.healthEnabled = value);
    }

    private PoolConfig with(Consumer<Draft> change) {
        Draft draft = new Draft(this);
        change.accept(draft);
        return draft.build();
    }

    /** Collects problems. */
    private static final class Problems {
        private final List<String> found = new ArrayList<>();

        private void add(String key, String reason) {
            found.add("sshpool." + key + " " + reason);
        }

        private void atLeastOne(String key, long value) {
            atLeast(1, key, value);
        }

        private void atLeast(int least, String key, long value) {
            if (value < least) {
                add(key, "must be at least " + least + ", is " + value);
            }
        }

        private void positive(String key, Duration value) {
            if (value.isZero() || value.isNegative()) {
                add(key, "must be more than zero, is " + value);
            } else if (value.compareTo(Duration.ofDays(3650)) > 0) {
                add(key, "must be at most ten years, is " + value);
            }
        }

        private void notAbove(String key, Duration value, String boundKey, Duration bound) {
            if (value.compareTo(bound) > 0) {
                add(key, "must not be above sshpool." + boundKey + ", is " + value + " and " + bound);
            }
        }
    }

    /** The defaults, and the fields of a copy in the making. */
    private static final class Draft {
        private int maxConnections = 10;
        private OptionalInt maxConnectionsPerTarget = OptionalInt.empty();
        private int maxChannelsPerConnection = 8;
        private int maxConcurrentConnects = 8;
        private Duration acquireTimeout = Duration.ofSeconds(30);
        private int maxWaiters = 10_000;
        private Duration connectTimeout = Duration.ofSeconds(10);
        private Duration backOff = Duration.ofSeconds(1);
        private Duration maxBackOff = Duration.ofMinutes(1);
        private Duration authBackOff = Duration.ofMinutes(1);
        private Duration keepAliveInterval = Duration.ofSeconds(15);
        private int keepAliveCountMax = 3;
        private Optional<Duration> commandTimeout = Optional.empty();
        private Duration maxIdleTime = Duration.ofMinutes(15);
        private Optional<Duration> maxLifetime = Optional.empty();
        private Duration healthInterval = Duration.ofSeconds(30);
        private Duration validationInterval = Duration.ofSeconds(5);
        private Duration validationTimeout = Duration.ofSeconds(2);
        private Duration cleanupInterval = Duration.ofMinutes(5);
        private Duration leaseIdleTimeout = Duration.ofMinutes(5);
        private Optional<Duration> leakDetectionThreshold = Optional.empty();
        private Duration shutdownTimeout = Duration.ofSeconds(10);
        private long maxOutput = 16L << 20;
        private List<String> allowedHosts = List.of();
        private int maxTargets = 1000;
        private boolean healthEnabled = true;

        private Draft() {}

        private Draft(PoolConfig from) {
            maxConnections = from.maxConnections;
            maxConnectionsPerTarget = from.maxConnectionsPerTarget;
            maxChannelsPerConnection = from.maxChannelsPerConnection;
            maxConcurrentConnects = from.maxConcurrentConnects;
            acquireTimeout = from.acquireTimeout;
            maxWaiters = from.maxWaiters;
            connectTimeout = from.connectTimeout;
            backOff = from.backOff;
            maxBackOff = from.maxBackOff;
            authBackOff = from.authBackOff;
            keepAliveInterval = from.keepAliveInterval;
            keepAliveCountMax = from.keepAliveCountMax;
            commandTimeout = from.commandTimeout;
            maxIdleTime = from.maxIdleTime;
            maxLifetime = from.maxLifetime;
            healthInterval = from.healthInterval;
            validationInterval = from.validationInterval;
            validationTimeout = from.validationTimeout;
            cleanupInterval = from.cleanupInterval;
            leaseIdleTimeout = from.leaseIdleTimeout;
            leakDetectionThreshold = from.leakDetectionThreshold;
            shutdownTimeout = from.shutdownTimeout;
            maxOutput = from.maxOutput;
            allowedHosts = from.allowedHosts;
            maxTargets = from.maxTargets;
            healthEnabled = from.healthEnabled;
        }

        private PoolConfig build() {
            return new PoolConfig(
                    maxConnections,
                    maxConnectionsPerTarget,
                    maxChannelsPerConnection,
                    maxConcurrentConnects,
                    acquireTimeout,
                    maxWaiters,
                    connectTimeout,
                    backOff,
                    maxBackOff,
                    authBackOff,
                    keepAliveInterval,
                    keepAliveCountMax,
                    commandTimeout,
                    maxIdleTime,
                    maxLifetime,
                    healthInterval,
                    validationInterval,
                    validationTimeout,
                    cleanupInterval,
                    leaseIdleTimeout,
                    leakDetectionThreshold,
                    shutdownTimeout,
                    maxOutput,
                    allowedHosts,
                    maxTargets,
                    healthEnabled);
        }
    }
}
