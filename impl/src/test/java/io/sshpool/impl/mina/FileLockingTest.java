package io.sshpool.impl.mina;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class FileLockingTest {

    private static final Duration SOON = Duration.ofMillis(50);

    @TempDir
    Path folder;

    @Test
    void a_lock_that_nobody_gives_back_is_not_waited_for_longer_than_asked() throws IOException {
        Path file = folder.resolve("lock");
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                FileLock foreign = channel.lock()) {
            assertThat(foreign.isValid()).isTrue();
            assertThatThrownBy(() -> FileLocking.of(file, SOON))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("another process for too long");
        }
        FileLocking.of(file, SOON).release();
    }

    @Test
    void another_thread_waits_no_longer_than_asked() throws IOException {
        Path file = folder.resolve("lock");
        FileLocking mine = FileLocking.of(file, SOON);
        try {
            assertThatThrownBy(() -> elsewhere(file, SOON)).hasMessageContaining("another thread for too long");
        } finally {
            mine.release();
        }
        assertThat(elsewhereFails(file)).isFalse();
    }

    @Test
    void an_interrupt_ends_the_wait_and_is_kept() throws IOException {
        Path file = folder.resolve("lock");
        Thread.currentThread().interrupt();

        assertThatThrownBy(() -> FileLocking.of(file, Duration.ofSeconds(30)))
                .isInstanceOf(InterruptedIOException.class);

        assertThat(Thread.interrupted()).isTrue();
        assertThat(elsewhereFails(file)).isFalse();
    }

    @Test
    void a_failure_leaves_nothing_locked() throws IOException {
        assertThatThrownBy(() -> FileLocking.of(folder, SOON)).isInstanceOf(IOException.class);

        assertThat(elsewhereFails(folder.resolve("lock"))).isFalse();
    }

    private static boolean elsewhereFails(Path file) {
        try {
            elsewhere(file, Duration.ofSeconds(10));
            return false;
        } catch (Throwable e) {
            return true;
        }
    }

    private static void elsewhere(Path file, Duration patience) throws Throwable {
        CompletableFuture<Void> done = CompletableFuture.runAsync(() -> {
            try {
                FileLocking.of(file, patience).release();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
        try {
            done.get();
        } catch (ExecutionException e) {
            throw e.getCause().getCause();
        }
    }
}
