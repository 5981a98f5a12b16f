package io.sshpool.impl.health;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import io.sshpool.HealthReport;
import io.sshpool.TargetHealth;
import io.sshpool.TargetHealth.State;
import io.sshpool.impl.pool.Readiness;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ReadinessDataTest {

    private static final TargetHealth UP = new TargetHealth(State.UP, Optional.empty(), true);
    private static final TargetHealth UNTRIED = new TargetHealth(State.UNKNOWN, Optional.empty(), false);
    private static final TargetHealth REFUSED = new TargetHealth(State.DOWN, Optional.of("SshConnectException"), false);

    @Test
    void everyCountAndEveryTargetIsShown() {
        ReadinessData data = data(Map.of("web", UP, "build", REFUSED, "db", UNTRIED));

        assertThat(data.counts())
                .containsExactly(
                        entry("total", 5L),
                        entry("healthy", 3L),
                        entry("failed", 2L),
                        entry("idle", 1L),
                        entry("waiting", 7L));
        assertThat(data.targets())
                .containsExactly(entry("build", "SshConnectException"), entry("db", "UNKNOWN"), entry("web", "UP"));
    }

    @Test
    void aTargetThatIsCalledLikeACountIsShownBesideIt() {
        ReadinessData data = data(Map.of("idle", REFUSED));

        assertThat(data.counts()).containsEntry("idle", 1L);
        assertThat(data.targets()).containsExactly(entry("target.idle", "SshConnectException"));
    }

    private static ReadinessData data(Map<String, TargetHealth> targets) {
        return ReadinessData.of(new Readiness(true, new HealthReport(5, 3, 2, 1, targets), 7));
    }
}
