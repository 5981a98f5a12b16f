package io.sshpool.impl.config;

import static io.sshpool.impl.config.Reads.FINGERPRINT;
import static io.sshpool.impl.config.Reads.KEY;
import static org.assertj.core.api.Assertions.assertThat;

import io.smallrye.config.EnvConfigSource;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import io.sshpool.spi.Credential;
import io.sshpool.spi.Target;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.eclipse.microprofile.config.Config;
import org.junit.jupiter.api.Test;

/** With a real implementation of MicroProfile Config, whose names of environment variables are ambiguous. */
class EnvironmentTest {

    private static final Map<String, String> WEB_1 = Map.of(
            "SSHPOOL_TARGET_WEB_1_HOST", "web1",
            "SSHPOOL_TARGET_WEB_1_USER", "deploy",
            "SSHPOOL_TARGET_WEB_1_PRIVATE_KEY", KEY.replace("\n", "\\n"),
            "SSHPOOL_TARGET_WEB_1_HOST_KEY_FINGERPRINT", FINGERPRINT,
            "SSHPOOL_MAX_CONNECTIONS", "3");

    @Test
    void theEnvironmentAloneIsEnough() {
        Settings settings = Reads.reader(config(plus(WEB_1, "SSHPOOL_TARGETS", "web-1"), Map.of()))
                .read();
        assertThat(settings.pool().maxConnections()).isEqualTo(3);
        assertThat(settings.targets()).extracting(Target::name).containsExactly("web-1");
        assertThat(settings.targets().get(0).host()).isEqualTo("web1");
        assertThat(settings.credentials().credentials(settings.targets().get(0)))
                .containsExactly(new Credential.PrivateKey(KEY, Optional.empty()));
        assertThat(settings.warnings()).isEmpty();
    }

    @Test
    void variablesThatNobodyNamedMakeNeitherTargetsNorWarnings() {
        Map<String, String> more = plus(WEB_1, "SSHPOOL_TARGET_DB_HOST", "db1");
        Settings settings = Reads.reader(config(plus(more, "SSHPOOL_PORT_22_TCP", "tcp://10.0.0.1:22"), Map.of()))
                .read();
        assertThat(settings.targets()).isEmpty();
        assertThat(settings.warnings()).isEmpty();
    }

    @Test
    void anAliasInCapitalsIsNotReadTwice() {
        Map<String, String> more = plus(
                Map.of(
                        "SSHPOOL_TARGET_WEB_HOST", "web1",
                        "SSHPOOL_TARGET_WEB_USER", "deploy",
                        "SSHPOOL_TARGET_WEB_PASSWORD", "hunter2",
                        "SSHPOOL_TARGET_WEB_HOST_KEY_FINGERPRINT", FINGERPRINT),
                "SSHPOOL_TARGETS",
                "Web");
        assertThat(Reads.reader(config(more, Map.of())).read().targets())
                .extracting(Target::name)
                .containsExactly("Web");
    }

    @Test
    void aVariableOverridesAPropertyAndTheTargetStays() {
        Map<String, String> properties = Map.of("sshpool.target.web-1.host", "other", "sshpool.target.web-1.user", "u");
        Settings settings = Reads.reader(config(WEB_1, properties)).read();
        assertThat(settings.targets()).extracting(Target::host).containsExactly("web1");
        assertThat(settings.targets()).extracting(Target::user).containsExactly("deploy");
    }

    @Test
    void aPropertyOfAProfileMakesATargetToo() {
        Map<String, String> properties = Map.of("%dev.sshpool.target.web-1.host", "other");
        assertThat(Reads.reader(config(WEB_1, properties)).read().targets())
                .extracting(Target::host)
                .containsExactly("web1");
    }

    @Test
    void aMisspeltPropertyIsWarnedOfBesideAnEnvironment() {
        assertThat(Reads.reader(config(plus(WEB_1, "SSHPOOL_TARGETS", "web-1"), Map.of("sshpool.max-waitres", "1")))
                        .read()
                        .warnings())
                .containsExactly("sshpool.max-waitres: unknown, did you mean sshpool.max-waiters?");
    }

    @Test
    void anExpressionThatLeadsNowhereIsAProblemAndNotAMissingValue() {
        Map<String, String> properties = new HashMap<>(Map.of(
                "sshpool.allowed-hosts", "${ALLOWED}",
                "sshpool.target.web.host", "web1",
                "sshpool.target.web.user", "${WEB_USER:deploy}",
                "sshpool.target.web.password", "pa${ss",
                "sshpool.target.web.host-key-fingerprint", FINGERPRINT));
        properties.put("sshpool.max-waiters", "${sshpool.max-waiters}");
        assertThat(Reads.problems(Reads.reader(config(Map.of(), properties))))
                .containsExactlyInAnyOrder(
                        "sshpool.allowed-hosts refers to something that is not set, in ${…}",
                        "sshpool.target.web.password refers to something that is not set, in ${…}",
                        "sshpool.max-waiters cannot be read: IllegalArgumentException");
    }

    private static Map<String, String> plus(Map<String, String> values, String key, String value) {
        Map<String, String> more = new HashMap<>(values);
        more.put(key, value);
        return more;
    }

    private static Config config(Map<String, String> environment, Map<String, String> properties) {
        return new SmallRyeConfigBuilder()
                .addDefaultInterceptors()
                .withProfile("dev")
                .withSources(
                        new EnvConfigSource(environment, 300),
                        new PropertiesConfigSource(properties, "properties", 100))
                .build();
    }
}
