package io.sshpool.it.suite;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Answers that come later than the method returns, on connections that one lease has to itself. Where a server never ends the scope of such a request,
 * {@code lease-idle-timeout} brings its lease back. A server's module extends it, or {@link WebProfileAsyncSuite}.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
public abstract class AsyncSuite {

    private static final int REQUESTS = 40;

    private Sample sample;

    /** The server to test. */
    protected abstract Launcher launcher();

    /** Answers that come later. */
    protected List<String> asynchronous() {
        return List.of("api/async/stage", "api/async/suspended", "api/async/lease");
    }

    /** What uses connections besides, at the same time. */
    protected List<String> others() {
        return List.of("api/places/field", "api/places/shared");
    }

    @BeforeAll
    void start() {
        sample = Sample.start(
                launcher(), Map.of("sshpool.max-channels-per-connection", "1", "sshpool.lease-idle-timeout", "2s"));
    }

    @AfterAll
    void stop() {
        if (sample != null) {
            sample.close();
        }
    }

    protected final Client client() {
        return sample.client();
    }

    /** Waits until nothing rests on a connection. */
    protected final void awaitNoLease() {
        sample.awaitNoLease();
    }

    @ParameterizedTest
    @MethodSource("asynchronous")
    void anAsynchronousAnswerArrivesAndItsLeaseComesBack(String path) {
        for (int i = 0; i < 20; i++) {
            assertThat(client().get(path + "?command=sleep%2020")).matches("\\d+:sleep 20");
        }
        awaitNoLease();
        assertThat(sample.ssh().running()).isZero();
    }

    @ParameterizedTest
    @MethodSource("asynchronous")
    void theLeaseComesBackWhereTheClientOfAnAsynchronousAnswerHasGone(String path) throws IOException {
        client().askAndGo(path + "?command=sleep%203000", () -> sample.ssh().running() == 1);

        awaitNoLease();
    }

    @Test
    void noConnectionRunsCommandsOfTwoRequestsAtATimeAndAllGetTheirOwnAnswers() {
        List<String> paths = new ArrayList<>(asynchronous());
        paths.addAll(others());
        // One more than there are connections: sometimes one must wait, and sometimes a lease at rest may stay.
        List<CompletableFuture<Void>> callers = IntStream.rangeClosed(0, Sample.MAX_CONNECTIONS)
                .mapToObj(caller ->
                        CompletableFuture.runAsync(() -> ask(caller, paths), task -> new Thread(task).start()))
                .toList();

        assertThat(callers).allSatisfy(caller -> assertThat(caller).succeedsWithin(Sample.PATIENCE.multipliedBy(6)));
        assertThat(sample.ssh().mostCommandsOfASession())
                .as("commands at a time on one connection")
                .isOne();
        awaitNoLease();
        Stats stats = Stats.of(client());
        assertThat(stats.idle()).as("%s", stats).isEqualTo(stats.total()).isBetween(1, Sample.MAX_CONNECTIONS);
        assertThat(sample.ssh().sessions()).as("%s", stats).isEqualTo(stats.total());
        assertThat(sample.ssh().logins()).as("%s", stats).isEqualTo(stats.created());
    }

    @Test
    void aHandleThatIsUsedAfterAnAsynchronousAnswerSaysSoOrBorrowsAnew() {
        assertThat(client().get("api/late/stage?command=answer")).matches("\\d+:answer");
        awaitNoLease();

        String outcome = client().get("api/late/use?command=late");

        System.out.println("a handle after an asynchronous answer: " + outcome);
        assertThat(outcome).matches("\\d+:late|.*has ended.*|.*no request scope is active.*");
        awaitNoLease();
    }

    /** One request after the other. */
    private void ask(int caller, List<String> paths) {
        for (int i = 0; i < REQUESTS; i++) {
            String command = "sleep " + (10 + 10 * caller + i % 10);
            String path = with(paths.get((caller + i) % paths.size()), "command=" + command.replace(" ", "%20"));
            assertThat(client().get(path)).matches("\\d+:" + command + "( .*)?");
        }
    }

    private static String with(String path, String parameter) {
        return path + (path.contains("?") ? "&" : "?") + parameter;
    }
}
