package io.sshpool.impl.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.sshpool.Command;
import io.sshpool.CommandCancelledException;
import io.sshpool.GroupResult;
import io.sshpool.SshConfigException;
import io.sshpool.SshConnectException;
import io.sshpool.SshInterruptedException;
import io.sshpool.impl.pool.PoolFixture.Call;
import io.sshpool.spi.Target;
import java.io.InputStream;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;

@ExtendWith(NothingLeftBehind.class)
class GroupTest {

    private static final Command SECOND = Command.shell("sleep 1");

    @RegisterExtension
    final PoolFixture fixture = new PoolFixture();

    @Test
    void everyHostHasItsResultInTheOrderOfTheKeys() {
        fixture.open(c -> c);
        GroupResult result =
                fixture.valueOf(fixture.pool.each(List.of("c", "a", "b", "a")).executeAsync(Command.shell("exit 3")));
        assertThat(result.keys()).containsExactly("c", "a", "b");
        assertThat(result.results().keySet()).containsExactly("c", "a", "b");
        assertThat(result.results().get("a").exitCode()).isEqualTo(3);
        assertThat(result.failed()).containsExactly("c", "a", "b");
        assertThat(fixture.server("a").commands).hasSize(1);
    }

    @Test
    void oneHostsFailureIsInTheResultAndHoldsUpNoOther() {
        fixture.open(c -> c);
        fixture.server("b").dialsFail = Optional.of(FakeConnectionFactory::unreachable);
        GroupResult result = fixture.valueOf(
                fixture.pool.each(List.of("a", "b", "no such alias", "c")).executeAsync(Command.shell("true")));
        assertThat(result.succeeded()).containsExactly("a", "c");
        assertThat(result.failures().keySet()).containsExactly("b", "no such alias");
        assertThat(result.failures().get("b")).isInstanceOf(SshConnectException.class);
        assertThat(result.failures().get("no such alias")).isInstanceOf(SshConfigException.class);
    }

    @Test
    void noMoreHostsRunAtATimeThanAllowed() {
        fixture.open(c -> c);
        CompletableFuture<GroupResult> run =
                running(fixture.pool.each(List.of("a", "b", "c")).parallel(2).executeAsync(SECOND));
        assertThat(started()).containsExactly("a", "b");
        fixture.advance(Duration.ofSeconds(1));
        assertThat(started()).containsExactly("a", "b", "c");
        assertThat(run).isNotDone();
        fixture.advance(Duration.ofSeconds(1));
        assertThat(fixture.valueOf(run).isSuccess()).isTrue();
    }

    @Test
    void manyHostsPassThroughASmallPoolWithoutWaitingInItsQueue() {
        Target[] targets = IntStream.range(0, 200)
                .mapToObj(i -> PoolFixture.alias("h" + i))
                .toArray(Target[]::new);
        List<String> keys = List.of(targets).stream().map(Target::name).toList();
        fixture.open(c -> c.withMaxConnections(4).withMaxWaiters(4).withAcquireTimeout(Duration.ofSeconds(2)), targets);
        CompletableFuture<GroupResult> run = running(fixture.pool.each(keys).executeAsync(SECOND));
        for (int i = 0; i < 50; i++) {
            assertThat(run).isNotDone();
            fixture.advance(Duration.ofSeconds(1));
        }
        assertThat(fixture.valueOf(run).succeeded()).hasSize(200);
    }

    @Test
    void tenThousandKeysThatFailAtOnceDoNotOverflowTheStack() {
        fixture.open(c -> c);
        List<String> keys =
                IntStream.range(0, 10_000).mapToObj(i -> "no alias " + i).toList();
        GroupResult result = fixture.valueOf(fixture.pool.each(keys).parallel(1).executeAsync(SECOND));
        assertThat(result.failures()).hasSize(10_000);
    }

    @Test
    void theFirstFailureEndsTheRunWhereThatIsWanted() {
        fixture.open(c -> c);
        fixture.server("b").dialsFail = Optional.of(FakeConnectionFactory::unreachable);
        fixture.server("b").dialTakes = Duration.ofSeconds(1);
        CompletableFuture<GroupResult> run = running(fixture.pool
                .each(List.of("a", "b", "c"))
                .parallel(2)
                .stopOnFailure()
                .executeAsync(Command.shell("hang")));
        fixture.advance(Duration.ofSeconds(1));
        GroupResult result = fixture.valueOf(run);
        assertThat(result.failures().get("a"))
                .isInstanceOf(CommandCancelledException.class)
                .hasMessageContainingAll("outcome is unknown", "failed on another host");
        assertThat(result.failures().get("b")).isInstanceOf(SshConnectException.class);
        assertThat(result.failures().get("c"))
                .isInstanceOfSatisfying(
                        CommandCancelledException.class,
                        e -> assertThat(e.isRetryable()).isTrue())
                .hasMessageContaining("not started");
        assertThat(fixture.server("c").dials).hasValue(0);
    }

    @Test
    void anExitCodeEndsTheRunToo() {
        fixture.open(c -> c);
        GroupResult result = fixture.valueOf(
                fixture.pool.each(List.of("a", "b")).parallel(1).stopOnFailure().executeAsync(Command.shell("exit 1")));
        assertThat(result.results().keySet()).containsExactly("a");
        assertThat(result.failures().keySet()).containsExactly("b");
    }

    @Test
    void theTimeOutEndsWhatIsUnderWay() {
        fixture.open(c -> c);
        CompletableFuture<GroupResult> run = running(fixture.pool
                .each(List.of("a", "b"))
                .timeout(Duration.ofSeconds(5))
                .executeAsync(Command.shell("hang")));
        fixture.advance(Duration.ofMillis(4_999));
        assertThat(run).isNotDone();
        fixture.advance(Duration.ofMillis(1));
        assertThat(fixture.valueOf(run).failures().values())
                .hasSize(2)
                .allSatisfy(e -> assertThat(e)
                        .isInstanceOf(CommandCancelledException.class)
                        .hasMessageContaining("5000 ms"));
        assertThat(fixture.server("a").running()).isZero();
    }

    @Test
    void anEndlessTimeOutIsNoError() {
        fixture.open(c -> c);
        GroupResult result = fixture.valueOf(running(fixture.pool
                .each(List.of("a"))
                .timeout(ChronoUnit.FOREVER.getDuration())
                .executeAsync(Command.shell("true").timeout(ChronoUnit.FOREVER.getDuration()))));
        assertThat(result.results().keySet()).containsExactly("a");
    }

    @Test
    void cancelEndsWhatIsUnderWayAndStartsNoMore() {
        fixture.open(c -> c);
        CompletableFuture<GroupResult> run =
                running(fixture.pool.each(List.of("a", "b")).parallel(1).executeAsync(Command.shell("hang")));
        run.cancel(true);
        fixture.settle();
        assertThat(fixture.server("a").running()).isZero();
        assertThat(fixture.server("b").dials).hasValue(0);
        assertThat(fixture.pool.stats().channelsInUse()).isZero();
    }

    @Test
    void anInterruptEndsWhatIsUnderWay() {
        fixture.open(c -> c);
        Call<GroupResult> call =
                fixture.call(() -> fixture.pool.each(List.of("a", "b")).execute("hang"));
        PoolFixture.until(() -> {
            fixture.time.settle();
            return fixture.server("a").running() + fixture.server("b").running() == 2;
        });
        call.thread.interrupt();
        PoolFixture.until(call.interrupted::isDone);
        assertThat(call.interrupted.join()).isTrue();
        assertThat(call.result.handle((value, failure) -> failure).join()).isInstanceOf(SshInterruptedException.class);
        fixture.settle();
        assertThat(fixture.server("a").running() + fixture.server("b").running())
                .isZero();
    }

    @Test
    void nobodyIsASuccess() {
        fixture.open(c -> c);
        assertThat(fixture.valueOf(fixture.pool.each(List.of()).executeAsync(SECOND))
                        .isSuccess())
                .isTrue();
    }

    @Test
    void whatMakesNoSenseIsRefused() {
        fixture.open(c -> c);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> fixture.pool.each(List.of("a")).parallel(0));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> fixture.pool.each(List.of("a")).timeout(Duration.ZERO));
        Command stream = Command.shell("cat").stdin(InputStream.nullInputStream());
        assertThatIllegalArgumentException()
                .isThrownBy(() -> fixture.pool.each(List.of("a", "b")).execute(stream));
    }

    private CompletableFuture<GroupResult> running(CompletionStage<GroupResult> stage) {
        fixture.settle();
        return stage.toCompletableFuture();
    }

    private List<String> started() {
        List<String> started = new ArrayList<>();
        for (String name : List.of("a", "b", "c")) {
            started.addAll(Collections.nCopies(fixture.server(name).commands.size(), name));
        }
        return started;
    }
}
