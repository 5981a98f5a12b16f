package io.sshpool.it.openssh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.sshpool.RemoteProcess;
import io.sshpool.SshLease;
import io.sshpool.SshPool;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Iterator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** Signals, to the commands of a user that the test makes, as sshd before 9.8 passes none to root's: run it as root. */
@Timeout(120)
@ExtendWith(NothingLeft.class)
class SignalIT {

    private LoginUser user;
    private PrivateSshd sshd;
    private SshPool pool;

    @BeforeEach
    void open() {
        user = LoginUser.make("unused");
        sshd = PrivateSshd.startFor(user);
        pool = Pools.open(
                sshd.target("build"), "sshpool.target.build.user=" + user.name(), "sshpool.max-connections=1");
    }

    @AfterEach
    void close() {
        pool.close();
        sshd.close();
        Shell.kill(Shell.withHome(user.home()));
        user.close();
    }

    @Test
    void a_signal_is_trapped_by_the_command() {
        String text = "trap 'echo heard; exit 5' USR1; echo ready; while :; do sleep 0.05; done";
        try (SshLease lease = pool.acquire("build");
                RemoteProcess process = lease.start(text)) {
            Iterator<String> lines = process.lines().iterator();
            assertThat(lines.next()).isEqualTo("ready");
            process.signal("USR1");
            assertThat(lines.next()).isEqualTo("heard");
            assertThat(process.waitFor().exitCode()).isEqualTo(5);
        }
    }

    @Test
    void a_signal_that_ends_the_command_is_its_result() {
        try (SshLease lease = pool.acquire("build");
                RemoteProcess process = lease.start("echo ready; exec sleep 60")) {
            assertThat(process.lines().findFirst()).hasValue("ready");
            process.signal("INT");
            assertThat(process.waitFor().signal()).hasValue("INT");
        }
    }

    @Test
    void a_closed_command_gets_TERM_and_when_it_stays_KILL() {
        Path heard = user.home().resolve("heard");
        String text = "trap 'echo TERM >> ~/heard' TERM; echo ready; while :; do sleep 0.05; done";
        try (SshLease lease = pool.acquire("build")) {
            RemoteProcess process = lease.start(text);
            assertThat(process.lines().findFirst()).hasValue("ready");
            // two, while it forks
            assertThat(sshd.programs("sh")).isNotEmpty();

            process.close();

            await().atMost(Duration.ofSeconds(30))
                    .until(() -> sshd.programs("sh").isEmpty());
            assertThat(heard).hasContent("TERM");
            assertThat(lease.execute("echo on").stdout()).isEqualTo("on\n");
        }
        await().until(() -> pool.stats().channelsInUse() == 0);
        assertThat(sshd.accepted()).isEqualTo(1);
    }
}
