package io.sshpool.impl.mina;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class IoThreadsTest {

    private final IoThreads threads = new IoThreads("io", 1);
    private final BlockingQueue<String> done = new LinkedBlockingQueue<>();

    @AfterEach
    void stop() {
        threads.shutdownNow();
    }

    @Test
    void aTaskThatComesAfterTheShutdownOfTheGroupIsRun() throws InterruptedException {
        threads.shutdown();

        threads.execute(() -> done.add("late"));

        assertThat(done.poll(10, TimeUnit.SECONDS)).isEqualTo("late");
        assertThat(threads.awaitTermination(10, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void aTaskThatComesAfterTheEndIsDropped() throws InterruptedException {
        threads.execute(() -> done.add(Thread.currentThread().getName()));
        assertThat(done.poll(10, TimeUnit.SECONDS)).contains("io");

        threads.shutdownNow();
        threads.execute(() -> done.add("too late"));

        assertThat(threads.awaitTermination(10, TimeUnit.SECONDS)).isTrue();
        assertThat(threads.isShutdown()).isTrue();
        assertThat(threads.isTerminated()).isTrue();
        assertThat(done).isEmpty();
    }
}
