package io.sshpool.it.openssh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.sshpool.SshAuthenticationException;
import io.sshpool.SshConfigException;
import io.sshpool.SshPool;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** An ssh-agent's keys against a server that takes two attempts. */
@ExtendWith(NothingLeft.class)
class AgentIT {

    private PrivateSshd sshd;
    private TestAgent agent;
    private Path first;
    private Path second;
    private Path third;

    @BeforeEach
    void start() {
        sshd = PrivateSshd.start("MaxAuthTries=2");
        agent = TestAgent.start();
        first = Keys.make(sshd.path("first"), "ed25519");
        second = Keys.make(sshd.path("second"), "ecdsa");
        third = Keys.make(sshd.path("third"), "rsa");
    }

    @AfterEach
    void stop() {
        agent.close();
        sshd.close();
    }

    private SshPool pool(String... more) {
        return Pools.open(Stream.concat(
                        Stream.of(
                                sshd.targetWithoutCredential("build"), "sshpool.target.build.agent=" + agent.socket()),
                        Arrays.stream(more))
                .toArray(String[]::new));
    }

    @ParameterizedTest
    @ValueSource(strings = {"ed25519", "ecdsa", "rsa"})
    void a_key_of_the_agent_logs_in(String type) {
        Path key = Keys.make(sshd.path("only"), type);
        agent.add(key);
        sshd.authorize(key);

        try (SshPool pool = pool()) {
            assertThat(pool.execute("build", "echo in").stdout()).isEqualTo("in\n");
        }
        assertThat(sshd.log()).contains(Keys.fingerprint(key));
        assertThat(sshd.failedAttempts()).isZero();
    }

    @Test
    void the_third_key_logs_in_when_its_public_half_is_named() {
        agent.add(first, second, third);
        sshd.authorize(third);

        try (SshPool pool = pool("sshpool.target.build.private-key=file:" + third + ".pub")) {
            assertThat(pool.execute("build", "true").isSuccess()).isTrue();
        }
        assertThat(sshd.failedAttempts()).isZero();
    }

    @Test
    void without_that_the_server_hangs_up_after_two_and_is_left_alone() {
        agent.add(first, second, third);
        sshd.authorize(third);

        try (SshPool pool = pool()) {
            List<Throwable> failures = Crowd.fail(20, caller -> () -> pool.execute("build", "true"));

            assertThat(failures)
                    .hasSize(20)
                    .allSatisfy(failure -> assertThat(failure)
                            .isInstanceOf(SshAuthenticationException.class)
                            .hasMessageContaining("publickey"));
            assertThat(sshd.connects()).isEqualTo(1);
        }
    }

    @Test
    void the_key_that_worked_last_is_shown_first() {
        agent.add(first, second, third);
        sshd.authorize(second);

        try (SshPool pool = pool()) {
            pool.execute("build", "true");
            assertThat(sshd.failedAttempts()).isEqualTo(1);

            pool.evict("build");
            pool.execute("build", "true");

            assertThat(sshd.accepted()).isEqualTo(2);
            assertThat(sshd.failedAttempts()).isEqualTo(1);
        }
    }

    @Test
    void a_key_that_is_added_ends_the_window_after_a_rejection() {
        agent.add(first);
        sshd.authorize(second);
        try (SshPool pool = pool()) {
            assertThatThrownBy(() -> pool.execute("build", "true")).isInstanceOf(SshAuthenticationException.class);

            agent.add(second);

            await().atMost(Duration.ofSeconds(20)).until(() -> succeeds(pool));
        }
    }

    @Test
    void an_agent_that_is_gone_is_named() {
        agent.add(first);
        sshd.authorize(first);
        try (SshPool pool = pool()) {
            agent.stop();

            assertThatThrownBy(() -> pool.execute("build", "true"))
                    .isInstanceOf(SshConfigException.class)
                    .hasMessageContaining("the agent at " + agent.socket() + " cannot be asked");
            assertThat(sshd.connects()).isZero();
        }
    }

    @Test
    void an_empty_agent_says_what_to_do() {
        try (SshPool pool = pool()) {
            assertThatThrownBy(() -> pool.execute("build", "true"))
                    .isInstanceOf(SshConfigException.class)
                    .hasMessageContaining("ssh-add");
        }
    }

    @Test
    void a_key_that_the_agent_does_not_hold_is_named() {
        agent.add(first);
        try (SshPool pool = pool("sshpool.target.build.private-key=file:" + third + ".pub")) {
            assertThatThrownBy(() -> pool.execute("build", "true"))
                    .isInstanceOf(SshConfigException.class)
                    .hasMessageContaining("does not hold the key " + Keys.fingerprint(third));
        }
    }

    private static boolean succeeds(SshPool pool) {
        try {
            return pool.execute("build", "true").isSuccess();
        } catch (SshAuthenticationException e) {
            return false;
        }
    }
}
