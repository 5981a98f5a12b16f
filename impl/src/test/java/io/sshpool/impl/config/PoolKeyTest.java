package io.sshpool.impl.config;

import static io.sshpool.impl.config.Reads.problems;
import static io.sshpool.impl.config.Reads.read;
import static java.time.Duration.ofHours;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import io.sshpool.PoolConfig;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PoolKeyTest {

    @Test
    void nothingConfiguredGivesTheDefaults() {
        Settings settings = read();
        assertThat(settings.pool()).isEqualTo(PoolConfig.defaults());
        assertThat(settings.targets()).isEmpty();
        assertThat(settings.warnings()).isEmpty();
    }

    @Test
    void everyKeyReachesItsSetting() {
        PoolConfig expected = PoolConfig.defaults()
                .withMaxConnections(11)
                .withMaxConnectionsPerTarget(12)
                .withMaxChannelsPerConnection(13)
                .withMaxConcurrentConnects(14)
                .withAcquireTimeout(ofSeconds(15))
                .withMaxWaiters(16)
                .withConnectTimeout(ofSeconds(17))
                .withBackOff(ofMillis(18))
                .withMaxBackOff(ofMinutes(19))
                .withAuthBackOff(ofHours(20))
                .withKeepAliveInterval(ofSeconds(21))
                .withKeepAliveCountMax(22)
                .withCommandTimeout(ofSeconds(23))
                .withMaxIdleTime(ofSeconds(24))
                .withMaxLifetime(ofHours(25))
                .withHealthInterval(ofSeconds(26))
                .withValidationInterval(ofSeconds(27))
                .withValidationTimeout(ofSeconds(28))
                .withCleanupInterval(ofSeconds(29))
                .withLeaseIdleTimeout(ofSeconds(30))
                .withLeakDetectionThreshold(ofSeconds(31))
                .withShutdownTimeout(ofSeconds(32))
                .withMaxOutput(33L << 20)
                .withAllowedHosts(List.of("*.example", "10.0.0.?"))
                .withMaxTargets(34)
                .withHealthEnabled(false);
        Settings settings = read(
                "sshpool.max-connections=11",
                "sshpool.max-connections-per-target=12",
                "sshpool.max-channels-per-connection=13",
                "sshpool.max-concurrent-connects=14",
                "sshpool.acquire-timeout=15s",
                "sshpool.max-waiters=16",
                "sshpool.connect-timeout=17s",
                "sshpool.back-off=18ms",
                "sshpool.max-back-off=19m",
                "sshpool.auth-back-off=20h",
                "sshpool.keep-alive-interval=21s",
                "sshpool.keep-alive-count-max=22",
                "sshpool.command-timeout=23s",
                "sshpool.max-idle-time=24s",
                "sshpool.max-lifetime=25h",
                "sshpool.health-interval=26s",
                "sshpool.validation-interval=27s",
                "sshpool.validation-timeout=28s",
                "sshpool.cleanup-interval=29s",
                "sshpool.lease-idle-timeout=30s",
                "sshpool.leak-detection-threshold=31s",
                "sshpool.shutdown-timeout=32s",
                "sshpool.max-output=33M",
                "sshpool.allowed-hosts=*.example, 10.0.0.?",
                "sshpool.max-targets=34",
                "sshpool.health.enabled=false");
        assertThat(settings.pool()).isEqualTo(expected);
        assertThat(settings.warnings()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "500ms,PT0.5S",
        "30s,PT30S",
        "15m,PT15M",
        "1h,PT1H",
        "2d,PT48H",
        "PT15M,PT15M",
        "P1DT2H,PT26H",
        "' 7s ',PT7S"
    })
    void durationsAreReadInShortAndIsoForm(String text, String expected) {
        assertThat(read("sshpool.max-idle-time=" + text).pool().maxIdleTime()).isEqualTo(Duration.parse(expected));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "30",
                "30 s",
                "-5s",
                "1.5h",
                "30S",
                "15min",
                "soon",
                "999999999999999999d",
                "99999999999999999999s"
            })
    void anythingElseIsNoDuration(String text) {
        assertThat(problems("sshpool.max-idle-time=" + text))
                .containsExactly("sshpool.max-idle-time is \"" + text
                        + "\", not a duration such as 500ms, 30s, 15m, 1h, 2d or PT15M");
    }

    @Test
    void noneLeavesOutABoundThatMayBeLeftOut() {
        PoolConfig pool = read("sshpool.command-timeout=none", "sshpool.max-lifetime=none")
                .pool();
        assertThat(pool.commandTimeout()).isEmpty();
        assertThat(pool.maxLifetime()).isEmpty();
        assertThat(problems("sshpool.acquire-timeout=none"))
                .singleElement()
                .asString()
                .contains("not a duration");
    }

    @ParameterizedTest
    @CsvSource({"65536,65536", "512K,524288", "1M,1048576", "1G,1073741824", "2m,2097152"})
    void sizesAreBytesOrHaveAUnit(String text, long expected) {
        assertThat(read("sshpool.max-output=" + text).pool().maxOutput()).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {"1MB", "-1", "1.5M", "M", "9999999999999G", "9999999999999999999"})
    void anythingElseIsNoSize(String text) {
        assertThat(problems("sshpool.max-output=" + text))
                .containsExactly("sshpool.max-output is \"" + text + "\", not a size such as 65536, 512K, 16M or 1G");
    }

    @ParameterizedTest
    @ValueSource(strings = {"ten", "1.0", "0x10", "+1", "2147483648", "99999999999"})
    void anythingElseIsNoNumber(String text) {
        assertThat(problems("sshpool.max-connections=" + text))
                .containsExactly("sshpool.max-connections is \"" + text + "\", not a whole number");
    }

    @Test
    void numbersOutOfRangeAreTheSettingsOwnProblem() {
        assertThat(problems("sshpool.max-connections=0", "sshpool.back-off=5m", "sshpool.max-idle-time=0s"))
                .containsExactlyInAnyOrder(
                        "sshpool.max-connections must be at least 1, is 0",
                        "sshpool.back-off must not be above sshpool.max-back-off, is PT5M and PT1M",
                        "sshpool.max-idle-time must be more than zero, is PT0S");
    }

    @ParameterizedTest
    @ValueSource(strings = {"10.0.0.0/8", "web\\d+", "https://web1", "a b"})
    void aHostPatternThatCanNeverMatchIsRefused(String pattern) {
        assertThat(problems("sshpool.allowed-hosts=ok.example," + pattern))
                .singleElement()
                .asString()
                .startsWith("sshpool.allowed-hosts is \"" + pattern + "\"");
    }

    @Test
    void anEmptyPatternIsRefusedSinceNoPatternAtAllWouldAllowAnyHost() {
        assertThat(problems("sshpool.allowed-hosts=,")).containsExactly("sshpool.allowed-hosts has an empty pattern");
    }

    @Test
    void anEmptyValueIsNoValue() {
        assertThat(read("sshpool.max-connections=", "sshpool.max-idle-time=  ").pool())
                .isEqualTo(PoolConfig.defaults());
    }
}
