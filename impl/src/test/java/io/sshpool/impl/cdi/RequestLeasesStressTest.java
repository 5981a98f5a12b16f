package io.sshpool.impl.cdi;

import static org.assertj.core.api.Assertions.assertThat;

import io.sshpool.LeaseClosedException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class RequestLeasesStressTest {

    private static final int ROUNDS = 2_000;
    private static final int THREADS = 3;

    @Test
    void whateverThreadsBorrowWhileTheRequestEndsIsGivenBack() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(THREADS + 1);
        try {
            for (int round = 0; round < ROUNDS; round++) {
                borrowWhileEnding(threads);
            }
        } finally {
            threads.shutdownNow();
        }
    }

    private static void borrowWhileEnding(ExecutorService threads) throws Exception {
        RecordedPool pool = new RecordedPool();
        RequestLeases leases = new RequestLeases(pool);
        CyclicBarrier start = new CyclicBarrier(THREADS + 1);
        List<Future<?>> work = new ArrayList<>();
        for (int i = 0; i < THREADS; i++) {
            String key = i % 2 == 0 ? "build" : "deploy@build";
            work.add(threads.submit(() -> {
                start.await();
                try {
                    leases.lease(key, "test");
                    leases.lease("test", "test");
                } catch (LeaseClosedException ended) {
                    assertThat(ended).hasMessageContaining("ended");
                }
                return null;
            }));
        }
        work.add(threads.submit(() -> {
            start.await();
            leases.giveBack();
            return null;
        }));
        for (Future<?> done : work) {
            done.get(10, TimeUnit.SECONDS);
        }
        assertThat(pool.leases()).allSatisfy(lease -> assertThat(lease.closes()).isEqualTo(1));
    }
}
