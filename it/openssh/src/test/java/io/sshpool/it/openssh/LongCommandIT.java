package io.sshpool.it.openssh;

import static org.assertj.core.api.Assertions.assertThat;

import io.sshpool.Command;
import io.sshpool.ExecResult;
import io.sshpool.SshPool;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(NothingLeft.class)
class LongCommandIT {

    private static final int SIZE = 16 * 1024 * 1024;

    @Test
    void a_silent_command_outlives_every_idle_time() {
        try (PrivateSshd sshd = PrivateSshd.start();
                SshPool pool = Pools.open(
                        sshd.target("build"),
                        "sshpool.max-idle-time=500ms",
                        "sshpool.max-lifetime=1s",
                        "sshpool.lease-idle-timeout=500ms",
                        "sshpool.leak-detection-threshold=500ms",
                        "sshpool.cleanup-interval=200ms",
                        "sshpool.health-interval=200ms",
                        "sshpool.validation-interval=100ms",
                        "sshpool.keep-alive-interval=500ms")) {
            ExecResult result = pool.execute("build", "sleep 6; echo done");

            assertThat(result.stdout()).isEqualTo("done\n");
            assertThat(result.duration()).isGreaterThanOrEqualTo(Duration.ofSeconds(6));
            assertThat(sshd.accepted()).isEqualTo(1);
        }
    }

    @Test
    void keys_that_change_in_mid_transfer_change_no_byte() throws IOException {
        try (PrivateSshd sshd = PrivateSshd.start("RekeyLimit=1M", "LogLevel=DEBUG1");
                SshPool pool = Pools.open(
                        sshd.target("build"), "sshpool.max-connections=1", "sshpool.max-output=" + 2 * SIZE)) {
            byte[] sent = new byte[SIZE];
            new Random(1).nextBytes(sent);
            byte[] served = sent.clone();
            Files.write(sshd.home().resolve("down"), served);

            List<ExecResult> results = Crowd.succeed(3, caller -> () -> switch (caller) {
                case 0 -> pool.execute("build", "cat $HOME/down").orThrow();
                case 1 ->
                    pool.execute("build", Command.shell("cat >$HOME/up").stdin(sent))
                            .orThrow();
                default -> {
                    for (int i = 0; i < 50; i++) {
                        assertThat(pool.execute("build", "echo " + i).stdout()).isEqualTo(i + "\n");
                    }
                    yield pool.execute("build", "echo neighbour");
                }
            });

            assertThat(results.get(0).stdoutBytes()).isEqualTo(served);
            assertThat(Files.readAllBytes(sshd.home().resolve("up"))).isEqualTo(sent);
            assertThat(results.get(2).stdout()).isEqualTo("neighbour\n");
            assertThat(sshd.accepted()).isEqualTo(1);
            assertThat(sshd.count("SSH2_MSG_KEXINIT sent")).isGreaterThan(10);
        }
    }
}
