package io.sshpool.it.openssh;

import static org.assertj.core.api.Assertions.assertThat;

import io.sshpool.SshPool;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(NothingLeft.class)
class BusyServerIT {

    private static final int CALLERS = 16;

    @Test
    void callers_wait_while_the_server_drops_log_ins_beyond_its_max_startups() {
        try (PrivateSshd sshd = PrivateSshd.start("MaxStartups=2:100:2");
                SshPool pool = Pools.open(targets(sshd), "sshpool.max-connections=" + CALLERS)) {
            Crowd.succeed(CALLERS, caller -> () -> {
                assertThat(pool.execute("t" + caller, "echo " + caller).stdout())
                        .isEqualTo(caller + "\n");
                return caller;
            });

            assertThat(sshd.accepted()).isEqualTo(CALLERS);
            assertThat(sshd.count("drop connection")).isPositive();
            assertThat(pool.stats().connectFailures()).isPositive();
        }
    }

    private static String targets(PrivateSshd sshd) {
        return IntStream.range(0, CALLERS).mapToObj(i -> sshd.target("t" + i)).reduce("", (a, b) -> a + "\n" + b);
    }
}
