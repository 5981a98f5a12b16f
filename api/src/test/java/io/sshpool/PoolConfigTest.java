package io.sshpool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class PoolConfigTest {

    private static final PoolConfig DEFAULTS = PoolConfig.defaults();
    private static final Duration TIME = Duration.ofMillis(777);

    /** A setting: how it is changed to something that no default is, and how it is read. */
    private record Setting(
            String key, UnaryOperator<PoolConfig> change, Function<PoolConfig, Object> read, Object changed) {
        @Override
        public String toString() {
            return key;
        }
    }

    static List<Setting> settings() {
        List<Setting> all = new ArrayList<>(numbers());
        all.addAll(times());
        all.add(setting("max-output", (c, n) -> c.withMaxOutput(n), PoolConfig::maxOutput, 777L));
        all.add(setting("allowed-hosts", PoolConfig::withAllowedHosts, PoolConfig::allowedHosts, List.of("*.x")));
        all.add(setting("health.enabled", PoolConfig::withHealthEnabled, PoolConfig::healthEnabled, false));
        return all;
    }

    static List<Setting> numbers() {
        return List.of(
                setting("max-connections", PoolConfig::withMaxConnections, PoolConfig::maxConnections, 777),
                new Setting(
                        "max-connections-per-target",
                        c -> c.withMaxConnectionsPerTarget(777),
                        PoolConfig::maxConnectionsPerTarget,
                        OptionalInt.of(777)),
                setting(
                        "max-channels-per-connection",
                        PoolConfig::withMaxChannelsPerConnection,
                        PoolConfig::maxChannelsPerConnection,
                        777),
                setting(
                        "max-concurrent-connects",
                        PoolConfig::withMaxConcurrentConnects,
                        PoolConfig::maxConcurrentConnects,
                        777),
                setting("max-waiters", PoolConfig::withMaxWaiters, PoolConfig::maxWaiters, 777),
                setting("keep-alive-count-max", PoolConfig::withKeepAliveCountMax, PoolConfig::keepAliveCountMax, 777),
                setting("max-targets", PoolConfig::withMaxTargets, PoolConfig::maxTargets, 777));
    }

    static List<Setting> times() {
        return List.of(
                setting("acquire-timeout", PoolConfig::withAcquireTimeout, PoolConfig::acquireTimeout, TIME),
                setting("connect-timeout", PoolConfig::withConnectTimeout, PoolConfig::connectTimeout, TIME),
                setting("back-off", PoolConfig::withBackOff, PoolConfig::backOff, TIME),
                setting("max-back-off", PoolConfig::withMaxBackOff, PoolConfig::maxBackOff, Duration.ofSeconds(777)),
                setting("auth-back-off", PoolConfig::withAuthBackOff, PoolConfig::authBackOff, TIME),
                setting("keep-alive-interval", PoolConfig::withKeepAliveInterval, PoolConfig::keepAliveInterval, TIME),
                optional("command-timeout", PoolConfig::withCommandTimeout, PoolConfig::commandTimeout),
                setting("max-idle-time", PoolConfig::withMaxIdleTime, PoolConfig::maxIdleTime, TIME),
                optional("max-lifetime", PoolConfig::withMaxLifetime, PoolConfig::maxLifetime),
                setting("health-interval", PoolConfig::withHealthInterval, PoolConfig::healthInterval, TIME),
                setting(
                        "validation-interval",
                        PoolConfig::withValidationInterval,
                        PoolConfig::validationInterval,
                        TIME),
                setting("validation-timeout", PoolConfig::withValidationTimeout, PoolConfig::validationTimeout, TIME),
                setting("cleanup-interval", PoolConfig::withCleanupInterval, PoolConfig::cleanupInterval, TIME),
                setting("lease-idle-timeout", PoolConfig::withLeaseIdleTimeout, PoolConfig::leaseIdleTimeout, TIME),
                optional(
                        "leak-detection-threshold",
                        PoolConfig::withLeakDetectionThreshold,
                        PoolConfig::leakDetectionThreshold),
                setting("shutdown-timeout", PoolConfig::withShutdownTimeout, PoolConfig::shutdownTimeout, TIME));
    }

    @ParameterizedTest
    @MethodSource("settings")
    void aCopyDiffersInThatSettingOnly(Setting setting) {
        PoolConfig changed = setting.change().apply(DEFAULTS);
        assertThat(setting.read().apply(DEFAULTS)).isNotEqualTo(setting.changed());
        for (Setting other : settings()) {
            Object expected = other.key().equals(setting.key())
                    ? setting.changed()
                    : other.read().apply(DEFAULTS);
            assertThat(other.read().apply(changed)).as(other.key()).isEqualTo(expected);
        }
        assertThat(changed.problems()).isEmpty();
    }

    static Stream<Map.Entry<String, PoolConfig>> numbersOfZero() {
        return Stream.of(
                Map.entry("max-connections", DEFAULTS.withMaxConnections(0)),
                Map.entry("max-connections-per-target", DEFAULTS.withMaxConnectionsPerTarget(0)),
                Map.entry("max-channels-per-connection", DEFAULTS.withMaxChannelsPerConnection(0)),
                Map.entry("max-concurrent-connects", DEFAULTS.withMaxConcurrentConnects(0)),
                Map.entry("max-waiters", DEFAULTS.withMaxWaiters(0)),
                Map.entry("max-targets", DEFAULTS.withMaxTargets(0)),
                Map.entry("max-output", DEFAULTS.withMaxOutput(0)));
    }

    @ParameterizedTest
    @MethodSource("numbersOfZero")
    void noNumberMayBeZero(Map.Entry<String, PoolConfig> config) {
        assertThat(config.getValue().problems())
                .containsExactly("sshpool." + config.getKey() + " must be at least 1, is 0");
    }

    @Test
    void oneHeartbeatIsTooFewToNoticeItsAnswer() {
        assertThat(DEFAULTS.withKeepAliveCountMax(2).problems()).isEmpty();
        assertThat(DEFAULTS.withKeepAliveCountMax(1).problems())
                .containsExactly("sshpool.keep-alive-count-max must be at least 2, is 1");
    }

    static Stream<Map.Entry<String, Function<Duration, PoolConfig>>> timesToSet() {
        return Stream.of(
                Map.entry("acquire-timeout", DEFAULTS::withAcquireTimeout),
                Map.entry("connect-timeout", DEFAULTS::withConnectTimeout),
                Map.entry("auth-back-off", DEFAULTS::withAuthBackOff),
                Map.entry("keep-alive-interval", DEFAULTS::withKeepAliveInterval),
                Map.entry("command-timeout", DEFAULTS::withCommandTimeout),
                Map.entry("max-idle-time", DEFAULTS::withMaxIdleTime),
                Map.entry("max-lifetime", DEFAULTS::withMaxLifetime),
                Map.entry("health-interval", DEFAULTS::withHealthInterval),
                Map.entry("validation-interval", DEFAULTS::withValidationInterval),
                Map.entry("validation-timeout", DEFAULTS::withValidationTimeout),
                Map.entry("cleanup-interval", DEFAULTS::withCleanupInterval),
                Map.entry("lease-idle-timeout", DEFAULTS::withLeaseIdleTimeout),
                Map.entry("leak-detection-threshold", DEFAULTS::withLeakDetectionThreshold),
                Map.entry("shutdown-timeout", DEFAULTS::withShutdownTimeout));
    }

    @ParameterizedTest
    @MethodSource("timesToSet")
    void everyTimeIsMoreThanZeroAndAtMostTenYears(Map.Entry<String, Function<Duration, PoolConfig>> time) {
        String key = "sshpool." + time.getKey();
        for (Duration wrong : List.of(Duration.ZERO, Duration.ofMillis(-1), Duration.ofSeconds(Long.MAX_VALUE))) {
            assertThat(time.getValue().apply(wrong).problems())
                    .singleElement()
                    .asString()
                    .startsWith(key + " must be ");
        }
    }

    @Test
    void theLongestBackOffIsBoundedToo() {
        Duration longest = Duration.ofDays(3651);
        assertThat(DEFAULTS.withMaxBackOff(longest).problems())
                .containsExactly("sshpool.max-back-off must be at most ten years, is " + longest);
        assertThat(DEFAULTS.withBackOff(Duration.ZERO).problems())
                .containsExactly("sshpool.back-off must be more than zero, is PT0S");
    }

    @Test
    void aFirstBackOffAboveTheLongestIsRefused() {
        assertThat(DEFAULTS.withBackOff(Duration.ofMinutes(2)).problems())
                .containsExactly("sshpool.back-off must not be above sshpool.max-back-off, is PT2M and PT1M");
    }

    @Test
    void anEmptyHostPatternIsRefused() {
        assertThat(DEFAULTS.withAllowedHosts(List.of("a", " ")).problems())
                .containsExactly("sshpool.allowed-hosts has an empty pattern");
    }

    @Test
    void validationTellsEverythingAtOnce() {
        PoolConfig wrong =
                DEFAULTS.withMaxConnections(0).withMaxIdleTime(Duration.ZERO).withMaxOutput(-1);
        assertThatThrownBy(wrong::validate)
                .isInstanceOfSatisfying(
                        SshConfigException.class,
                        thrown -> assertThat(thrown.problems())
                                .containsExactly(
                                        "sshpool.max-connections must be at least 1, is 0",
                                        "sshpool.max-idle-time must be more than zero, is PT0S",
                                        "sshpool.max-output must be at least 1, is -1"));
        assertThat(DEFAULTS.validate()).isSameAs(DEFAULTS);
    }

    @Test
    void theLimitOfATargetIsThatOfThePoolUnlessSaidOtherwise() {
        assertThat(DEFAULTS.withMaxConnections(5).connectionsPerTarget()).isEqualTo(5);
        assertThat(DEFAULTS.withMaxConnectionsPerTarget(2).connectionsPerTarget())
                .isEqualTo(2);
    }

    @Test
    void allowedHostsAreCopied() {
        List<String> hosts = new ArrayList<>(List.of("a"));
        PoolConfig config = DEFAULTS.withAllowedHosts(hosts);
        hosts.add("b");
        assertThat(config.allowedHosts()).containsExactly("a");
    }

    @Test
    void nothingIsNull() {
        assertThatNullPointerException()
                .isThrownBy(() -> DEFAULTS.withMaxIdleTime(null))
                .withMessage("maxIdleTime");
    }

    private static <T> Setting setting(
            String key, BiFunction<PoolConfig, T, PoolConfig> with, Function<PoolConfig, Object> read, T value) {
        return new Setting(key, config -> with.apply(config, value), read, value);
    }

    private static Setting optional(
            String key, BiFunction<PoolConfig, Duration, PoolConfig> with, Function<PoolConfig, Object> read) {
        return new Setting(key, config -> with.apply(config, TIME), read, Optional.of(TIME));
    }
}
