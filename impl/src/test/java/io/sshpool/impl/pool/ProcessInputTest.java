package io.sshpool.impl.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sshpool.ConnectionLostException;
import io.sshpool.ExecResult;
import io.sshpool.Output;
import io.sshpool.spi.ProcessChannel;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

class ProcessInputTest {

    private static final Output NOTHING = Output.of(new byte[0], new byte[0]);

    private final Channel channel = new Channel();
    private final ProcessInput input = new ProcessInput(channel, "a", false);

    @Test
    void aWriteLeavesNothingBehindThatStaysUntilTheCommandEnds() throws IOException {
        input.write(0);
        int after = channel.result.getNumberOfDependents();
        for (int i = 0; i < 1000; i++) {
            input.write(i);
        }
        assertThat(channel.taken).isEqualTo(1001);
        assertThat(channel.result.getNumberOfDependents()).isEqualTo(after);
    }

    @Test
    void aWriteUnderWayFailsWhenTheCommandEnds() {
        channel.hasRoom = false;
        PoolFixture.Call<Void> writer = new PoolFixture.Call<>(() -> {
            input.write(1);
            return null;
        });
        PoolFixture.until(() -> channel.taken == 1 && PoolFixture.isBlocked(writer.thread));

        channel.result.completeExceptionally(ConnectionLostException.afterSending("a", "gone", NOTHING, null));

        PoolFixture.until(writer.interrupted::isDone);
        assertThatThrownBy(writer.result::join)
                .hasCauseInstanceOf(IOException.class)
                .hasRootCauseInstanceOf(ConnectionLostException.class);
    }

    @Test
    void aWriteAfterTheEndFailsAlthoughTheChannelIsSilent() {
        channel.hasRoom = false;
        channel.result.complete(ExecResult.exited("a", 0, NOTHING, Duration.ZERO));
        for (int i = 0; i < 2; i++) {
            PoolFixture.Call<Void> writer = new PoolFixture.Call<>(() -> {
                input.write(1);
                return null;
            });
            PoolFixture.until(writer.interrupted::isDone);
            assertThatThrownBy(writer.result::join)
                    .hasCauseInstanceOf(IOException.class)
                    .hasMessageContaining("has ended");
        }
    }

    /** Takes input, or says nothing. */
    private static final class Channel implements ProcessChannel {
        private final CompletableFuture<ExecResult> result = new CompletableFuture<>();
        private volatile boolean hasRoom = true;
        private volatile int taken;

        @Override
        public CompletionStage<Void> write(byte[] bytes) {
            taken += bytes.length;
            return hasRoom ? CompletableFuture.completedFuture(null) : new CompletableFuture<>();
        }

        @Override
        public CompletionStage<ExecResult> result() {
            return result;
        }

        @Override
        public CompletionStage<ExecResult> exit() {
            return result;
        }

        @Override
        public CompletionStage<Void> opened() {
            return CompletableFuture.completedFuture(null);
        }

        @Override
        public CompletionStage<Void> released() {
            return CompletableFuture.completedFuture(null);
        }

        @Override
        public void cancel(Throwable why) {
            result.completeExceptionally(why);
        }

        @Override
        public void consumed(int bytes) {}

        @Override
        public void endInput() {}

        @Override
        public void signal(String name) {}

        @Override
        public void resize(int columns, int rows) {}
    }
}
