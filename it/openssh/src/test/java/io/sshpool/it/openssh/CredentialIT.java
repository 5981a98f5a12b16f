package io.sshpool.it.openssh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.sshpool.AcquireTimeoutException;
import io.sshpool.SshAuthenticationException;
import io.sshpool.SshLease;
import io.sshpool.SshPool;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(NothingLeft.class)
class CredentialIT {

    private static final int CALLERS = 200;

    private PrivateSshd sshd;
    private Path other;

    @BeforeEach
    void startServer() {
        sshd = PrivateSshd.start();
        other = Keys.make(sshd.path("other"), "ed25519");
    }

    @AfterEach
    void stopServer() {
        sshd.close();
    }

    @Test
    void a_wrong_key_is_shown_once_for_two_hundred_callers_and_all_who_come_later() {
        sshd.authorize(other);
        try (SshPool pool = Pools.open(sshd.target("build"))) {
            List<Throwable> failures = Crowd.fail(CALLERS, caller -> () -> pool.execute("build", "true"));

            assertThat(failures)
                    .hasSize(CALLERS)
                    .allSatisfy(failure -> assertThat(failure)
                            .isInstanceOf(SshAuthenticationException.class)
                            .hasMessageContaining("build")
                            .hasMessageContaining("publickey"));
            Set<Throwable> distinct = Collections.newSetFromMap(new IdentityHashMap<>());
            distinct.addAll(failures);
            assertThat(distinct).hasSize(CALLERS);
            assertThatThrownBy(() -> pool.acquire("build")).isInstanceOf(SshAuthenticationException.class);
            assertThat(sshd.failedAttempts()).isEqualTo(1);
            assertThat(sshd.connects()).isEqualTo(1);
        }
    }

    @Test
    void after_the_window_a_wrong_key_is_shown_once_more() {
        sshd.authorize(other);
        try (SshPool pool = Pools.open(sshd.target("build"), "sshpool.auth-back-off=1s")) {
            Crowd.fail(8, caller -> () -> pool.execute("build", "true"));
            assertThat(sshd.failedAttempts()).isEqualTo(1);

            await().pollInterval(Duration.ofMillis(20)).until(() -> {
                Crowd.fail(8, caller -> () -> pool.execute("build", "true"));
                return sshd.failedAttempts() == 2;
            });
            Crowd.fail(8, caller -> () -> pool.execute("build", "true"));
            assertThat(sshd.failedAttempts()).isEqualTo(2);
        }
    }

    @Test
    void another_key_in_the_configured_file_ends_the_window() throws IOException {
        sshd.authorize(other);
        try (SshPool pool = Pools.open(sshd.target("build"))) {
            assertThatThrownBy(() -> pool.execute("build", "true")).isInstanceOf(SshAuthenticationException.class);

            Files.copy(other, sshd.userKey(), StandardCopyOption.REPLACE_EXISTING);

            await().atMost(Duration.ofSeconds(20)).until(() -> succeeds(pool));
            assertThat(sshd.failedAttempts()).isEqualTo(1);
            assertThat(sshd.accepted()).isEqualTo(1);
        }
    }

    @Test
    void another_answer_of_the_applications_provider_ends_the_window() {
        sshd.authorize(other);
        AtomicBoolean rotated = new AtomicBoolean();
        try (SshPool pool =
                Pools.open(target -> Keys.credential(rotated.get() ? other : sshd.userKey()), sshd.target("build"))) {
            assertThatThrownBy(() -> pool.execute("build", "true")).isInstanceOf(SshAuthenticationException.class);

            rotated.set(true);

            await().atMost(Duration.ofSeconds(20)).until(() -> succeeds(pool));
            assertThat(sshd.failedAttempts()).isEqualTo(1);
        }
    }

    @Test
    void a_key_that_provider_and_host_change_together_is_what_the_next_connect_shows() {
        AtomicReference<Path> key = new AtomicReference<>(sshd.userKey());
        try (SshPool pool = Pools.open(
                        target -> Keys.credential(key.get()),
                        sshd.target("build"),
                        "sshpool.max-channels-per-connection=1");
                SshLease old = pool.acquire("build")) {
            key.set(other);
            sshd.authorize(other);

            try (SshLease fresh = pool.acquire("build")) {
                assertThat(fresh.execute("true").isSuccess()).isTrue();
                assertThat(old.execute("true").isSuccess()).isTrue();
            }

            assertThat(sshd.accepted()).isEqualTo(2);
            assertThat(sshd.log()).contains(Keys.fingerprint(sshd.userKey()), Keys.fingerprint(other));
            assertThat(sshd.failedAttempts()).isZero();
        }
    }

    /** The pool cannot see it, so somebody has to say it. */
    @Test
    void evict_ends_the_window_when_it_was_the_server_that_changed() {
        sshd.authorize(other);
        try (SshPool pool = Pools.open(sshd.target("build"))) {
            assertThatThrownBy(() -> pool.execute("build", "true")).isInstanceOf(SshAuthenticationException.class);
            sshd.authorize(sshd.userKey());
            assertThatThrownBy(() -> pool.execute("build", "true")).isInstanceOf(SshAuthenticationException.class);
            assertThat(sshd.failedAttempts()).isEqualTo(1);

            pool.evict("build");

            assertThat(pool.execute("build", "true").isSuccess()).isTrue();
        }
    }

    @Test
    void a_live_connection_serves_on_when_its_credential_would_be_rejected_now() {
        String[] configuration = {sshd.target("build"), "sshpool.max-channels-per-connection=1"};
        try (SshPool pool = Pools.open(configuration);
                SshLease lease = pool.acquire("build")) {
            sshd.authorize(other);

            assertThatThrownBy(() -> pool.acquire("build", Duration.ofMillis(700)))
                    .isInstanceOf(AcquireTimeoutException.class)
                    .hasCauseInstanceOf(SshAuthenticationException.class);

            assertThat(lease.execute("true").isSuccess()).isTrue();
            assertThat(sshd.failedAttempts()).isEqualTo(1);
        }
    }

    @Test
    void evict_makes_the_next_connect_prove_itself_with_the_new_key() throws IOException {
        try (SshPool pool = Pools.open(sshd.target("build"))) {
            pool.execute("build", "true");
            sshd.authorize(other);
            Files.copy(other, sshd.userKey(), StandardCopyOption.REPLACE_EXISTING);
            pool.execute("build", "true");
            assertThat(sshd.accepted()).isEqualTo(1);

            assertThat(pool.evict("build")).isEqualTo(1);

            pool.execute("build", "true");
            assertThat(sshd.accepted()).isEqualTo(2);
            assertThat(sshd.log()).contains(Keys.fingerprint(other));
            assertThat(sshd.failedAttempts()).isZero();
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
