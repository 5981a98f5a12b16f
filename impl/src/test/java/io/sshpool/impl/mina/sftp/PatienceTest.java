package io.sshpool.impl.mina.sftp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sshpool.FileTransferException;
import io.sshpool.SshException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class PatienceTest {

    private static final Duration LIMIT = Duration.ofMillis(300);

    private final CompletableFuture<String> answer = new CompletableFuture<>();
    private final AtomicReference<SshException> why = new AtomicReference<>();
    private final Patience patience = new Patience("build", Optional.of(LIMIT), this::giveUp);

    @Test
    void silenceEndsTheWait() {
        long start = System.nanoTime();
        assertThatThrownBy(() -> patience.await(answer)).isInstanceOf(ExecutionException.class);
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThanOrEqualTo(LIMIT);
        assertThat(why.get())
                .isInstanceOf(FileTransferException.class)
                .hasMessageContaining("build has not answered for 300 ms (command-timeout)");
    }

    @Test
    void otherAnswersProlongIt() throws Exception {
        CompletableFuture<Void> answering = CompletableFuture.runAsync(() -> {
            for (int i = 0; i < 20; i++) {
                sleep(LIMIT.toMillis() / 10);
                patience.heard();
            }
            answer.complete("late");
        });
        assertThat(patience.await(answer)).isEqualTo("late");
        assertThat(why).hasNullValue();
        answering.join();
    }

    @Test
    void anAnswerAtTheLastMomentCounts() throws Exception {
        Patience short_ = new Patience("build", Optional.of(Duration.ofNanos(1)), failure -> answer.complete("there"));
        assertThat(short_.await(answer)).isEqualTo("there");
    }

    @Test
    void withoutALimitItWaits() throws Exception {
        answer.completeOnTimeout("there", LIMIT.toMillis(), TimeUnit.MILLISECONDS);
        assertThat(new Patience("build", Optional.empty(), this::giveUp).await(answer))
                .isEqualTo("there");
    }

    private void giveUp(SshException failure) {
        why.set(failure);
        answer.completeExceptionally(failure);
    }

    private static void sleep(long millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
