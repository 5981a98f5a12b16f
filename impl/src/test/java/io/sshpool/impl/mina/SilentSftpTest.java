package io.sshpool.impl.mina;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sshpool.ChannelRefusedException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import org.apache.sshd.server.Environment;
import org.apache.sshd.server.ExitCallback;
import org.apache.sshd.server.channel.ChannelSession;
import org.apache.sshd.server.command.Command;
import org.apache.sshd.server.subsystem.SubsystemFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A subsystem that is no SFTP server: it starts, and says nothing. */
@Timeout(30)
final class SilentSftpTest {

    @Test
    void itIsGivenUpAfterTheConnectTimeoutAndTheLeaseServesOn() {
        try (SftpRig rig = SftpRig.serving(new Silent(), SftpRig.config().withConnectTimeout(Duration.ofSeconds(1)))) {
            assertThatThrownBy(() -> rig.files.exists("x"))
                    .isInstanceOf(ChannelRefusedException.class)
                    .hasMessageContaining("hello within 1000 ms");
            assertThat(rig.lease.isConnected()).isTrue();
        }
    }

    private static final class Silent implements SubsystemFactory, Command {
        @Override
        public String getName() {
            return "sftp";
        }

        @Override
        public Command createSubsystem(ChannelSession channel) {
            return this;
        }

        @Override
        public void setInputStream(InputStream in) {}

        @Override
        public void setOutputStream(OutputStream out) {}

        @Override
        public void setErrorStream(OutputStream err) {}

        @Override
        public void setExitCallback(ExitCallback callback) {}

        @Override
        public void start(ChannelSession channel, Environment env) {}

        @Override
        public void destroy(ChannelSession channel) {}
    }
}
