package io.sshpool.impl.pool;

import static io.sshpool.impl.pool.ConnectionFactoryContract.await;
import static io.sshpool.impl.pool.ConnectionFactoryContract.failureOf;
import static org.assertj.core.api.Assertions.assertThat;

import io.sshpool.ChannelRefusedException;
import io.sshpool.Command;
import io.sshpool.CommandTimeoutException;
import io.sshpool.ConnectionLostException;
import io.sshpool.ExecResult;
import io.sshpool.spi.ProcessChannel;
import io.sshpool.spi.SshConnection;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** What every connection's running commands do. */
public interface ProcessContract extends ConnectionFactoryContract {

    /** Keeps what it gets. */
    final class Kept implements ProcessChannel.Receiver {
        private final ByteArrayOutputStream stdout = new ByteArrayOutputStream();
        private final ByteArrayOutputStream stderr = new ByteArrayOutputStream();
        private boolean ended;

        @Override
        public synchronized void received(boolean error, byte[] data, int start, int length) {
            assertThat(ended).isFalse();
            (error ? stderr : stdout).write(data, start, length);
        }

        @Override
        public synchronized void ended() {
            ended = true;
        }

        synchronized String stdout() {
            return stdout.toString(StandardCharsets.UTF_8);
        }

        synchronized String stderr() {
            return stderr.toString(StandardCharsets.UTF_8);
        }

        synchronized int size() {
            return stdout.size();
        }

        synchronized boolean hasEnded() {
            return ended;
        }
    }

    @Test
    default void outputIsHandedOnAndTheResultHasNone() {
        Kept kept = new Kept();
        ProcessChannel process = connect().start(Command.shell("echo out; echo err >&2; exit 3"), kept);

        await(process.opened());
        ExecResult result = await(process.result());

        assertThat(result.exitCode()).isEqualTo(3);
        assertThat(result.stdout()).isEmpty();
        assertThat(kept.stdout()).isEqualTo("out\n");
        assertThat(kept.stderr()).isEqualTo("err\n");
        assertThat(kept.hasEnded()).isTrue();
        await(process.released());
    }

    @Test
    default void inputArrivesWhileTheCommandRuns() {
        Kept kept = new Kept();
        ProcessChannel process = connect().start(Command.shell("cat"), kept);

        await(process.write("one\n".getBytes(StandardCharsets.UTF_8)));
        PoolFixture.until(() -> kept.stdout().equals("one\n"));
        await(process.write("two\n".getBytes(StandardCharsets.UTF_8)));
        process.endInput();

        assertThat(await(process.result()).isSuccess()).isTrue();
        assertThat(kept.stdout()).isEqualTo("one\ntwo\n");
    }

    @Test
    default void aFloodStopsAtTheWindowAndGoesOnWhenItIsOpened() {
        Kept kept = new Kept();
        SshConnection connection = connect();
        ProcessChannel process = connection.start(Command.shell("yes"), kept);
        PoolFixture.until(() -> kept.size() > 0);
        // the other side of the window: others are served
        assertThat(run(connection, "echo hello").stdout()).isEqualTo("hello\n");
        PoolFixture.until(() -> stands(kept));
        int window = kept.size();

        process.consumed(window);

        PoolFixture.until(() -> kept.size() > window);
        PoolFixture.until(() -> stands(kept));
        assertThat(kept.size()).isLessThanOrEqualTo(2 * window);
        process.cancel();
        await(process.released());
    }

    /** Whether nothing comes for a while. */
    private static boolean stands(Kept kept) {
        int before = kept.size();
        long end = System.nanoTime() + Duration.ofMillis(200).toNanos();
        while (System.nanoTime() < end && kept.size() == before) {
            Thread.onSpinWait();
        }
        return kept.size() == before;
    }

    @Test
    default void aBackgroundChildDoesNotHoldTheExitCodeBack() {
        ProcessChannel process = connect().start(Command.shell("sleep 5 & exit 4"), new Kept());

        assertThat(await(process.exit()).exitCode()).isEqualTo(4);

        assertThat(process.result().toCompletableFuture()).isNotDone();
        assertThat(await(process.result()).exitCode()).isEqualTo(4);
        await(process.released());
    }

    @Test
    default void aSignalReachesTheCommand() {
        Kept kept = new Kept();
        ProcessChannel process = connect().start(Command.shell("echo begun; sleep 60"), kept);
        PoolFixture.until(() -> kept.size() > 0);

        process.signal("KILL");

        assertThat(await(process.result()).signal()).hasValue("KILL");
    }

    @Test
    default void aProcessTooManyIsRefusedBeforeItIsOpen() {
        server().refuseChannelsAbove(1);
        SshConnection connection = connect();
        ProcessChannel first = connection.start(Command.shell("sleep 60"), new Kept());
        await(first.opened());

        ProcessChannel second = connection.start(Command.shell("true"), new Kept());

        assertThat(failureOf(second.opened())).isInstanceOf(ChannelRefusedException.class);
        assertThat(failureOf(second.exit())).isInstanceOf(ChannelRefusedException.class);
        await(second.released());
        first.cancel();
        await(first.released());
        assertThat(run(connection, "true").isSuccess()).isTrue();
    }

    @Test
    default void aProcessOutOfTimeFails() {
        ProcessChannel process = connect().start(Command.shell("sleep 60").timeout(Duration.ofMillis(300)), new Kept());

        assertThat(failureOf(process.exit())).isInstanceOf(CommandTimeoutException.class);
        await(process.released());
    }

    @Test
    default void aProcessWhoseConnectionDiesFailsAndItsOutputDoesNotEnd() {
        Kept kept = new Kept();
        ProcessChannel process = connect().start(Command.shell("echo begun; sleep 60"), kept);
        PoolFixture.until(() -> kept.size() > 0);

        server().killConnections();

        assertThat(failureOf(process.result())).isInstanceOf(ConnectionLostException.class);
        assertThat(failureOf(process.exit())).isInstanceOf(ConnectionLostException.class);
        assertThat(kept.hasEnded()).isFalse();
        await(process.released());
    }
}
