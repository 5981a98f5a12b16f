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
        assertThat(leases.lease("build")).isSameAs(leases.lease("build"));
        assertThat(pool.leases()).hasSize(1);
    }

    @Test
    void twoKeysOfOneTargetShareALease() {
        SshLease byAlias = leases.lease("build");

        assertThat(leases.lease("deploy@build")).isSameAs(byAlias);
        assertThat(leases.lease("deploy@build")).isSameAs(byAlias);
        assertThat(pool.open()).isEqualTo(1);
        assertThat(byAlias.isConnected()).isTrue();
    }

    @Test
    void twoTargetsHaveTwoLeases() {
        assertThat(leases.lease("build")).isNotSameAs(leases.lease("test"));
    }

    @Test
    void theEndGivesEveryLeaseBackOnce() {
        leases.lease("build");
        leases.lease("test");

        leases.giveBack();
        leases.giveBack();

        assertThat(pool.leases()).extracting(RecordedLease::closes).containsExactly(1, 1);
    }

    @Test
    void afterTheEndNothingIsBorrowed() {
        leases.lease("build");
        leases.giveBack();

        assertThatThrownBy(() -> leases.lease("build"))
                .isInstanceOfSatisfying(
                        LeaseClosedException.class,
                        closed -> assertThat(closed.target()).isEqualTo("build"))
                .hasMessageContaining("has ended")
                .hasMessageContaining("SshPool.acquire(\"build\")");
        assertThatThrownBy(() -> leases.lease("test")).isInstanceOf(LeaseClosedException.class);
        assertThat(pool.leases()).hasSize(1);
    }
}
