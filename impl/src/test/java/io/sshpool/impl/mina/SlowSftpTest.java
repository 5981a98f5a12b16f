package io.sshpool.impl.mina;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sshpool.FileTransferException;
import io.sshpool.FileTransferException.Reason;
import io.sshpool.PoolConfig;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import org.apache.sshd.server.channel.ChannelSession;
import org.apache.sshd.server.command.Command;
import org.apache.sshd.server.subsystem.SubsystemFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** An SFTP server that takes its time, against command-timeout. */
@Timeout(120)
final class SlowSftpTest {

    private static final PoolConfig CONFIG = SftpRig.config().withCommandTimeout(Duration.ofSeconds(2));

    @Test
    void aServerThatSaysNothingIsGivenUpAndTheConnectionGoesOn() {
        try (SftpRig rig = SftpRig.serving(new SlowSftp(false), CONFIG)) {
            assertThatThrownBy(() -> rig.files.setModified("a", Instant.EPOCH))
                    .isInstanceOfSatisfying(
                            FileTransferException.class,
                            e -> assertThat(e.reason()).isEqualTo(Reason.TIMEOUT))
                    .hasMessageContaining("build has not answered for 2000 ms (command-timeout)");
            assertThat(rig.lease.execute("echo again").stdout()).isEqualTo("again\n");
            assertThat(rig.pool.stats().created()).isEqualTo(1);
        }
    }

    @Test
    void oneThatSendsItsAnswerByteByByteIsNot() {
        try (SftpRig rig = SftpRig.serving(new SlowSftp(true), CONFIG)) {
            rig.files.setModified("a", Instant.EPOCH);
        }
    }

    /** Says hello, and to all else either nothing or, within three seconds, yes. */
    private record SlowSftp(boolean answers) implements SubsystemFactory {

        @Override
        public String getName() {
            return "sftp";
        }

        @Override
        public Command createSubsystem(ChannelSession channel) {
            return new Serving(answers);
        }
    }

    private static final class Serving extends SftpScript {
        private final boolean answers;

        private Serving(boolean answers) {
            this.answers = answers;
        }

        @Override
        void answer(byte[] packet) throws IOException, InterruptedException {
            if (packet[0] == 1) {
                out.write(new byte[] {0, 0, 0, 5, 2, 0, 0, 0, 3});
                out.flush();
            } else if (answers) {
                byte[] yes = new byte[21];
                yes[3] = 17;
                yes[4] = 101;
                System.arraycopy(packet, 1, yes, 5, 4);
                slowly(yes);
            }
        }

        private void slowly(byte[] answer) throws IOException, InterruptedException {
            for (byte one : answer) {
                Thread.sleep(150);
                out.write(one);
                out.flush();
            }
        }
    }
}
