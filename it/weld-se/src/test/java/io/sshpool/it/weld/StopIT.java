package io.sshpool.it.weld;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.sshpool.Command;
import io.sshpool.ExecResult;
import io.sshpool.PoolClosedException;
import io.sshpool.SshPool;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.event.Shutdown;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class StopIT {

    private static final Duration PATIENCE = Duration.ofSeconds(10);

    @Test
    void stoppingTheApplicationLeavesNoThreadAndNoSession() throws Exception {
        try (EmbeddedServer server = new EmbeddedServer()) {
            for (int i = 0; i < 3; i++) {
                try (Application application = Application.start(server.target("build"), Console.class)) {
                    application.inRequest(() -> application.bean(Console.class).run("uptime"));
                    application
                            .pool()
                            .executeAsync("build", Command.shell("uptime"))
                            .toCompletableFuture()
                            .get();
                    assertThat(ourThreads()).isNotEmpty();
                }
                await().atMost(PATIENCE)
                        .untilAsserted(() -> assertThat(ourThreads()).isEmpty());
                await().atMost(PATIENCE).until(() -> server.sessions() == 0);
            }
        }
    }

    @Test
    void theApplicationsLastWordsStillReachTheServer() {
        AtomicReference<String> answer = new AtomicReference<>();
        try (EmbeddedServer server = new EmbeddedServer()) {
            Application application = Application.start(server.target("build"), LastWords.class);
            application.bean(LastWords.class).tell(answer);
            application.close();
        }

        assertThat(answer).hasValue("deploy:goodbye");
    }

    @Test
    void aCommandUnderWayWhenTheApplicationStopsIsWaitedFor() throws Exception {
        try (EmbeddedServer server = new EmbeddedServer()) {
            Application application = Application.start(server.target("build"), Console.class);
            SshPool pool = application.pool();
            CompletableFuture<ExecResult> running =
                    pool.executeAsync("build", Command.shell("block")).toCompletableFuture();
            server.awaitBlocking();
            CompletableFuture<Void> stopping = CompletableFuture.runAsync(application::close);
            await().atMost(PATIENCE).until(() -> refuses(pool));
            server.unblock();
            stopping.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);

            assertThat(running)
                    .isCompletedWithValueMatching(result -> result.stdout().equals("deploy:block"));
        }
    }

    private static boolean refuses(SshPool pool) {
        try {
            pool.acquire("build", Duration.ZERO).close();
            return false;
        } catch (PoolClosedException closed) {
            return true;
        }
    }

    private static List<String> ourThreads() {
        return Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .filter(name -> name.startsWith("sshpool") || name.startsWith("sshd-SshClient"))
                .toList();
    }

    /** Says goodbye to the server. */
    @ApplicationScoped
    static class LastWords {

        @Inject
        SshPool pool;

        private AtomicReference<String> answer = new AtomicReference<>();

        void tell(AtomicReference<String> listener) {
            answer = listener;
        }

        void stop(@Observes Shutdown event) {
            answer.set(pool.execute("build", "goodbye").stdout());
        }
    }
}
