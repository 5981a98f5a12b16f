package io.sshpool.impl.config;

import static io.sshpool.impl.config.Reads.problems;
import static io.sshpool.impl.config.Reads.reader;
import static org.assertj.core.api.Assertions.assertThat;

import io.sshpool.impl.pool.Targets;
import io.sshpool.spi.Target;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class JumpSettingsTest {

    /** Targets {@code a}, {@code b} and {@code c} that lack nothing, and lines about them. */
    private static PlainConfig abc(String... lines) {
        return PlainConfig.of(
                        "sshpool.defaults.user=deploy",
                        "sshpool.defaults.password=hunter2",
                        "sshpool.defaults.host-key-fingerprint=" + Reads.FINGERPRINT,
                        "sshpool.target.a.host=a1",
                        "sshpool.target.b.host=b1",
                        "sshpool.target.c.host=c1")
                .with(lines);
    }

    private static Optional<String> jumpOf(String alias, Settings settings) {
        return settings.targets().stream()
                .filter(target -> target.name().equals(alias))
                .findFirst()
                .orElseThrow()
                .jump()
                .map(Target::name);
    }

    @Test
    void aTargetIsReachedThroughTheOneThatItNames() {
        Settings settings = reader(abc("sshpool.target.a.proxy-jump=b")).read();

        assertThat(jumpOf("a", settings)).contains("b");
        assertThat(jumpOf("b", settings)).isEmpty();
        assertThat(settings.targets()).extracting(Target::name).containsExactly("a", "b", "c");
        assertThat(settings.warnings()).isEmpty();
    }

    @Test
    void severalHopsFollowFromTheJumpHostsOwn() {
        Settings settings = reader(abc("sshpool.target.a.proxy-jump=b", "sshpool.target.b.proxy-jump=c"))
                .read();

        Target jump = settings.targets().get(0).jump().orElseThrow();
        assertThat(jump.name()).isEqualTo("b");
        assertThat(jump.jump()).map(Target::name).contains("c");
    }

    @Test
    void theDefaultIsForAllOthersAndForSpelledOutTargets() {
        Settings settings = reader(abc("sshpool.defaults.proxy-jump=b", "sshpool.target.c.proxy-jump=none"))
                .read();

        assertThat(jumpOf("a", settings)).contains("b");
        assertThat(jumpOf("b", settings)).isEmpty();
        assertThat(jumpOf("c", settings)).isEmpty();
        Targets targets = new Targets(settings.targets(), settings.defaults(), List.of());
        assertThat(targets.find("deploy@elsewhere").jump()).map(Target::name).contains("b");
        assertThat(targets.find("deploy@b1").jump()).as("the jump host").isEmpty();
    }

    @Test
    void aNameOfNoTargetIsToldOnceForEachKey() {
        assertThat(problems(reader(abc("sshpool.defaults.proxy-jump=d", "sshpool.target.c.proxy-jump=e"))))
                .containsExactlyInAnyOrder(
                        "sshpool.defaults.proxy-jump is \"d\", which is the name of no target",
                        "sshpool.target.c.proxy-jump is \"e\", which is the name of no target");
    }

    @Test
    void aTargetIsNotItsOwnJumpHost() {
        assertThat(problems(reader(abc("sshpool.target.a.proxy-jump=a"))))
                .containsExactly("sshpool.target.a.proxy-jump leads in a circle: a, a");
    }

    @Test
    void aCircleIsTold() {
        assertThat(problems(reader(abc(
                        "sshpool.target.a.proxy-jump=b",
                        "sshpool.target.b.proxy-jump=c",
                        "sshpool.target.c.proxy-jump=a"))))
                .first()
                .asString()
                .contains("proxy-jump leads in a circle: a, b, c, a");
    }

    @Test
    void theWholeWayMustFitIntoThePool() {
        PlainConfig two =
                abc("sshpool.target.a.proxy-jump=b", "sshpool.target.b.proxy-jump=c", "sshpool.max-connections=2");

        assertThat(problems(reader(two)))
                .containsExactly(
                        "sshpool.target.a.proxy-jump needs 3 connections at once; sshpool.max-connections is 2");
        assertThat(problems(reader(abc("sshpool.defaults.proxy-jump=b", "sshpool.max-connections=1"))))
                .containsExactly(
                        "sshpool.defaults.proxy-jump needs 2 connections at once; sshpool.max-connections is 1");
    }
}
