package io.sshpool.spi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.HashSet;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SpiValuesTest {

    @Test
    void credentialsShowNoSecret() {
        assertThat(new Credential.Password("hunter2")).hasToString("Password[hidden]");
        assertThat(new Credential.PrivateKey("hunter2", Optional.of("hunter3"))).hasToString("PrivateKey[hidden]");
    }

    @Test
    void credentialsAreEqualWhenTheyShowTheSame() {
        assertThat(new Credential.Password("a"))
                .isEqualTo(new Credential.Password("a"))
                .isNotEqualTo(new Credential.Password("b"));
        assertThat(new Credential.PrivateKey("a", Optional.empty()))
                .isEqualTo(new Credential.PrivateKey("a", Optional.empty()))
                .isNotEqualTo(new Credential.PrivateKey("a", Optional.of("b")));
    }

    @Test
    void aServerIsHostAndPort() {
        assertThat(target("web1", true).server()).isEqualTo("web1:22");
        assertThat(target("::1", true).server()).isEqualTo("[::1]:22");
    }

    @Test
    void onlyAliasesAreLabels() {
        assertThat(target("web1", true).label()).isEqualTo("name");
        assertThat(target("web1", false).label()).isEqualTo("other");
    }

    @Test
    void trustKeepsItsFingerprints() {
        Set<String> fingerprints = new HashSet<>(Set.of("a"));
        Trust trust = new Trust(Trust.Checking.STRICT, Optional.empty(), fingerprints);
        fingerprints.add("b");
        assertThat(trust.fingerprints()).containsExactly("a");
        assertThat(Trust.NOBODY.checking()).isEqualTo(Trust.Checking.STRICT);
    }

    @Test
    void aTargetThatTheFirstHeartbeatWouldEndIsRefused() {
        assertThat(countMax(2).keepAliveCountMax()).hasValue(2);
        assertThatIllegalArgumentException().isThrownBy(() -> countMax(1)).withMessageContaining("is 1");
    }

    private static Target.Limits countMax(int value) {
        return new Target.Limits(
                OptionalInt.empty(),
                OptionalInt.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                OptionalInt.of(value));
    }

    private static Target target(String host, boolean alias) {
        return new Target("name", alias, "u", host, 22, Trust.NOBODY, Target.Limits.NONE, false, false);
    }
}
