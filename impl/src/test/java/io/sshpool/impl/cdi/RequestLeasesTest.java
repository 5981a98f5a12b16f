package io.sshpool.impl.cdi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sshpool.LeaseClosedException;
import io.sshpool.SshLease;
import org.junit.jupiter.api.Test;

class RequestLeasesTest {

    private final RecordedPool pool = new RecordedPool();
    private final RequestLeases leases = new RequestLeases(pool);

    @Test
    void oneKeyHasOneLease() {
        assertThat(leases.lease("build", "test")).isSameAs(leases.lease("build", "test"));
        assertThat(pool.leases()).hasSize(1);
    }

    @Test
    void twoKeysOfOneTargetShareALease() {
        SshLease byAlias = leases.lease("build", "test");

        assertThat(leases.lease("deploy@build", "test")).isSameAs(byAlias);
        assertThat(leases.lease("deploy@build", "test")).isSameAs(byAlias);
        assertThat(pool.open()).isEqualTo(1);
        assertThat(byAlias.isConnected()).isTrue();
    }

    @Test
    void twoTargetsHaveTwoLeases() {
        assertThat(leases.lease("build", "test")).isNotSameAs(leases.lease("test", "test"));
    }

    @Test
    void theEndGivesEveryLeaseBackOnce() {
        leases.lease("build", "test");
        leases.lease("test", "test");

        leases.giveBack();
        leases.giveBack();

        assertThat(pool.leases()).extracting(RecordedLease::closes).containsExactly(1, 1);
    }

    @Test
    void afterTheEndNothingIsBorrowed() {
        leases.lease("build", "test");
        leases.giveBack();

        assertThatThrownBy(() -> leases.lease("build", "test"))
                .isInstanceOfSatisfying(
                        LeaseClosedException.class,
                        closed -> assertThat(closed.target()).isEqualTo("build"))
                .hasMessageContaining("has ended")
                .hasMessageContaining("SshPool.acquire(\"build\")");
        assertThatThrownBy(() -> leases.lease("test", "test")).isInstanceOf(LeaseClosedException.class);
        assertThat(pool.leases()).hasSize(1);
    }
}
