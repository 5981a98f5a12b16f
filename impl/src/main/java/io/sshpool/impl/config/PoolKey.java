package io.sshpool.impl.config;

import io.sshpool.PoolConfig;
import java.time.Duration;
import java.util.List;
import java.util.function.BiFunction;

/**
 * A setting of the pool.
 *
 * @param name without {@code sshpool.}
 * @param form how its text is read
 * @param change puts it into the settings
 */
record PoolKey<T>(String name, Form<T> form, BiFunction<PoolConfig, T, PoolConfig> change) {

    static final String PREFIX = "sshpool.";

    static final String ALLOWED_HOSTS = "allowed-hosts";

    static final List<PoolKey<?>> ALL = List.of(
            number("max-connections", PoolConfig::withMaxConnections),
            number("max-connections-per-target", PoolConfig::withMaxConnectionsPerTarget),
            number("max-channels-per-connection", PoolConfig::withMaxChannelsPerConnection),
            number("max-concurrent-connects", PoolConfig::withMaxConcurrentConnects),
            time("acquire-timeout", PoolConfig::withAcquireTimeout),
            number("max-waiters", PoolConfig::withMaxWaiters),
            time("connect-timeout", PoolConfig::withConnectTimeout),
            time("back-off", PoolConfig::withBackOff),
            time("max-back-off", PoolConfig::withMaxBackOff),
            time("auth-back-off", PoolConfig::withAuthBackOff),
            time("keep-alive-interval", PoolConfig::withKeepAliveInterval),
            number("keep-alive-count-max", PoolConfig::withKeepAliveCountMax),
            timeOrNone("command-timeout", PoolConfig::withCommandTimeout),
            time("max-idle-time", PoolConfig::withMaxIdleTime),
            timeOrNone("max-lifetime", PoolConfig::withMaxLifetime),
            time("health-interval", PoolConfig::withHealthInterval),
            time("validation-interval", PoolConfig::withValidationInterval),
            time("validation-timeout", PoolConfig::withValidationTimeout),
            time("cleanup-interval", PoolConfig::withCleanupInterval),
            time("lease-idle-timeout", PoolConfig::withLeaseIdleTimeout),
            timeOrNone("leak-detection-threshold", PoolConfig::withLeakDetectionThreshold),
            time("shutdown-timeout", PoolConfig::withShutdownTimeout),
            new PoolKey<>("max-output", Forms::size, PoolConfig::withMaxOutput),
            new PoolKey<>(ALLOWED_HOSTS, Forms::hostPatterns, PoolConfig::withAllowedHosts),
            number("max-targets", PoolConfig::withMaxTargets),
            new PoolKey<>("health.enabled", Forms::truth, PoolConfig::withHealthEnabled));

    static PoolConfig read(Lookup lookup) {
        PoolConfig config = PoolConfig.defaults();
        for (PoolKey<?> key : ALL) {
            config = key.apply(lookup, config);
        }
        return config;
    }

    private PoolConfig apply(Lookup lookup, PoolConfig config) {
        return lookup.value(PREFIX + name, form)
                .map(value -> change.apply(config, value))
                .orElse(config);
    }

    private static PoolKey<Integer> number(String name, BiFunction<PoolConfig, Integer, PoolConfig> change) {
        return new PoolKey<>(name, Forms::integer, change);
    }

    private static PoolKey<Duration> time(String name, BiFunction<PoolConfig, Duration, PoolConfig> change) {
        return new PoolKey<>(name, Forms::duration, change);
    }

    private static PoolKey<?> timeOrNone(String name, BiFunction<PoolConfig, Duration, PoolConfig> change) {
        return new PoolKey<>(
                name,
                Forms::durationOrNone,
                (config, value) -> value.map(time -> change.apply(config, time)).orElse(config));
    }
}
