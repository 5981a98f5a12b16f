package io.sshpool.impl.mina;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sshpool.ChannelRefusedException;
import io.sshpool.Command;
import io.sshpool.spi.Execution;
import io.sshpool.spi.SshConnection;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class RefusedChannelStressTest {

    private static final int TIMES = 3000;

    /** The refusal may arrive before the opener listens for it. */
    @Test
    void aRefusalIsNeverMistakenForALostConnection() throws Exception {
        try (EmbeddedServer server = new EmbeddedServer();
                Rig rig = Rig.plain()) {
            server.refuseChannelsAbove(0);
            SshConnection connection = rig.factory()
                    .connect(FixedHostKeys.target(server.port()), Duration.ofSeconds(10))
                    .get(10, TimeUnit.SECONDS);

            for (int i = 0; i < TIMES; i++) {
                Execution refused = connection.execute(Command.shell("true"));
                assertThatThrownBy(() -> refused.result().toCompletableFuture().get(10, TimeUnit.SECONDS))
                        .isInstanceOf(ExecutionException.class)
                        .hasCauseInstanceOf(ChannelRefusedException.class);
            }
            assertThat(connection.isOpen()).isTrue();
        }
    }
}
