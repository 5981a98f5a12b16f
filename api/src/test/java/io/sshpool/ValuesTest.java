package io.sshpool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ValuesTest {

    @Test
    void aQualifierIsAsMuchAsItsKey() {
        assertThat(Pooled.Literal.of("web"))
                .isEqualTo(Pooled.Literal.of("web"))
                .hasSameHashCodeAs(Pooled.Literal.of("web"));
        assertThat(Pooled.Literal.of("web").value()).isEqualTo("web");
        assertThat(Pooled.Literal.of("web").annotationType()).isEqualTo(Pooled.class);
        assertThatNullPointerException().isThrownBy(() -> Pooled.Literal.of(null));
    }

    @Test
    void aHealthReportDoesNotChange() {
        Map<String, TargetHealth> targets = new HashMap<>();
        targets.put("web", new TargetHealth(TargetHealth.State.UP, Optional.empty(), true));
        HealthReport report = new HealthReport(1, 1, 0, 0, targets);
        targets.clear();
        assertThat(report.targets()).containsOnlyKeys("web");
    }
}
