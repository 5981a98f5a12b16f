package io.sshpool.impl.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sshpool.Command;
import io.sshpool.CommandTimeoutException;
import io.sshpool.ConnectionLostException;
import io.sshpool.ExecResult;
import io.sshpool.LeaseClosedException;
import io.sshpool.OutputLimitException;
import io.sshpool.RemoteProcess;
import io.sshpool.SshClient;
import io.sshpool.SshInterruptedException;
import io.sshpool.SshLease;
import io.sshpool.impl.pool.PoolFixture.Call;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;

@ExtendWith(NothingLeftBehind.class)
class RemoteProcessTest {

    @RegisterExtension
    final PoolFixture fixture = new PoolFixture();

    private RemoteProcess start(SshClient client, Command command) {
        return fixture.finish(fixture.call(() -> client.start(command))).result.join();
    }

    private RemoteProcess start(SshClient client, String text) {
        return start(client, Command.shell(text));
    }

    @Test
    void whatIsWrittenIsReadBack() throws IOException {
        fixture.open(c -> c);
        RemoteProcess process = start(fixture.lease("a"), "cat");
        byte[] hello = "hello".getBytes(StandardCharsets.UTF_8);
        fixture.finish(fixture.call(() -> {
                    process.stdin().write(hello);
                    process.stdin().close();
                    return null;
                }))
                .result
                .join();
        fixture.settle();
        assertThat(process.stdout().readAllBytes()).isEqualTo(hello);
        assertThat(fixture.valueOf(process.exit()).exitCode()).isZero();
        assertThatThrownBy(() -> process.stdin().write(1)).isInstanceOf(IOException.class);
    }

    @Test
    void outputIsReadAsLines() {
        fixture.open(c -> c);
        RemoteProcess process = start(fixture.lease("a"), "echo one; echo two; echo three >&2");
        fixture.settle();
        assertThat(process.lines()).containsExactly("one", "two");
        assertThat(process.stderrLines()).containsExactly("three");
    }

    @Test
    void anOpenProcessHoldsItsSlotAndACloseFreesIt() {
        fixture.open(c -> c.withMaxConnections(1).withMaxChannelsPerConnection(2));
        SshLease lease = fixture.lease("a");
        RemoteProcess first = start(lease, "hang");
        RemoteProcess second = start(lease, "hang");
        assertThat(fixture.onlyConnection().channels()).isEqualTo(2);
        CompletableFuture<SshLease> waiter = fixture.acquiring("a");
        assertThat(waiter).isNotDone();

        second.close();
        second.close();
        fixture.settle();

        assertThat(waiter).isCompleted();
        assertThat(fixture.failureOf(second.exit())).isInstanceOf(CancellationException.class);
        first.close();
        fixture.settle();
        assertThat(fixture.valueOf(lease.executeAsync("echo on")).stdout()).isEqualTo("on\n");
    }

    @Test
    void aRequestLeaseDoesNotGiveWayWhileAProcessIsOpen() {
        fixture.open(c -> c.withMaxConnections(1).withMaxChannelsPerConnection(1));
        SshLease request = fixture.pool.requestLease("a");
        RemoteProcess process = start(request, "hang");
        CompletableFuture<SshLease> waiter = fixture.acquiring("a");
        fixture.advance(Duration.ofSeconds(20));
        assertThat(waiter).isNotDone();

        process.close();
        fixture.settle();

        assertThat(waiter).isCompleted();
        request.close();
    }

    @Test
    void aProcessEndsWithItsLeaseAndNeverLooksFinished() {
        fixture.open(c -> c);
        SshLease lease = fixture.lease("a");
        RemoteProcess process = start(lease, "echo begun; hang");
        Call<byte[]> reader = fixture.call(() -> process.stdout().readAllBytes());

        fixture.close(lease);

        fixture.finish(reader);
        assertThatThrownBy(reader.result::join)
                .hasCauseInstanceOf(IOException.class)
                .hasRootCauseInstanceOf(LeaseClosedException.class);
        assertThat(fixture.failureOf(process.exit())).isInstanceOf(LeaseClosedException.class);
        assertThat(fixture.server("a").running()).isZero();
    }

    @Test
    void aConnectionLostInMidStreamIsReadAfterWhatHadArrived() {
        fixture.open(c -> c);
        RemoteProcess process = start(fixture.lease("a"), "echo begun; hang");
        fixture.settle();

        fixture.server("a").kill();
        fixture.settle();

        List<String> seen = new ArrayList<>();
        assertThatThrownBy(() -> process.lines().forEach(seen::add)).isInstanceOf(ConnectionLostException.class);
        assertThat(seen).containsExactly("begun");
        assertThatThrownBy(() -> process.stdout().read()).isInstanceOf(IOException.class);
        assertThat(fixture.failureOf(process.exit())).isInstanceOf(ConnectionLostException.class);
        assertThatThrownBy(process::waitFor).isInstanceOf(ConnectionLostException.class);
    }

    @Test
    void aBlockedWriterIsFreedByClose() {
        fixture.open(c -> c);
        RemoteProcess process = start(fixture.lease("a"), "hang");
        Call<Void> writer = fixture.call(() -> {
            process.stdin().write(1);
            return null;
        });
        assertThat(writer.result).isNotDone();

        process.close();

        fixture.finish(writer);
        assertThatThrownBy(writer.result::join).hasCauseInstanceOf(IOException.class);
    }

    @Test
    void aTimeOutFreesReaderAndWriter() {
        fixture.open(c -> c);
        RemoteProcess process = start(fixture.lease("a"), Command.shell("hang").timeout(Duration.ofSeconds(5)));
        Call<Integer> reader = fixture.call(() -> process.stdout().read());
        Call<Void> writer = fixture.call(() -> {
            process.stdin().write(1);
            return null;
        });

        fixture.advance(Duration.ofSeconds(5));

        assertThatThrownBy(fixture.finish(reader).result::join).hasRootCauseInstanceOf(CommandTimeoutException.class);
        assertThatThrownBy(fixture.finish(writer).result::join).hasRootCauseInstanceOf(CommandTimeoutException.class);
    }

    @Test
    void anInterruptEndsEveryWaitAndIsSetAgain() {
        fixture.open(c -> c);
        RemoteProcess process = start(fixture.lease("a"), "hang");
        List<Call<?>> calls = List.of(
                fixture.call(() -> process.stdout().read()),
                fixture.call(() -> {
                    process.stdin().write(1);
                    return null;
                }),
                fixture.call(() -> process.stderrLines().toList()),
                fixture.call(process::waitFor));

        for (Call<?> call : calls) {
            call.thread.interrupt();
            fixture.finish(call);
            assertThat(call.interrupted.join()).isTrue();
        }

        assertThatThrownBy(calls.get(0).result::join).hasCauseInstanceOf(InterruptedIOException.class);
        assertThatThrownBy(calls.get(1).result::join).hasCauseInstanceOf(InterruptedIOException.class);
        assertThatThrownBy(calls.get(2).result::join).hasCauseInstanceOf(SshInterruptedException.class);
        assertThatThrownBy(calls.get(3).result::join).hasCauseInstanceOf(SshInterruptedException.class);
        process.close();
    }

    @Test
    void theExitCodeDoesNotWaitForABackgroundChild() {
        fixture.open(c -> c);
        RemoteProcess process = start(fixture.lease("a"), "sleep 60 & exit 4");
        assertThat(fixture.valueOf(process.exit()).exitCode()).isEqualTo(4);
        assertThat(fixture.server("a").running()).isEqualTo(1);
        process.close();
        fixture.settle();
        assertThat(fixture.server("a").running()).isZero();
        assertThat(fixture.valueOf(process.exit()).exitCode()).isEqualTo(4);
    }

    @Test
    void aProcessIsStartedElsewhereWhenTheServerRefusesTheChannel() {
        fixture.open(c -> c);
        fixture.server("a").maxSessions = 1;
        SshLease lease = fixture.lease("a");
        RemoteProcess first = start(lease, "hang");
        RemoteProcess second = start(lease, "echo there; hang");
        fixture.settle();
        assertThat(fixture.pool.stats().connections()).hasSize(2);
        assertThat(second.lines().findFirst()).hasValue("there");
        first.close();
        second.close();
    }

    @Test
    void aLineThatIsTooLongFails() {
        fixture.open(c -> c);
        RemoteProcess process =
                start(fixture.lease("a"), Command.shell("echo 12345678").maxOutput(4));
        fixture.settle();
        assertThatThrownBy(() -> process.lines().toList()).isInstanceOf(OutputLimitException.class);
    }

    @Test
    void thePublisherSendsWhatIsRequestedAndNoMore() {
        fixture.open(c -> c);
        RemoteProcess process = start(fixture.lease("a"), "echo 1; echo 2; echo 3");
        Subscriber subscriber = new Subscriber();
        process.linePublisher().subscribe(subscriber);
        fixture.settle();
        assertThat(subscriber.lines).isEmpty();

        subscriber.subscription.request(2);
        fixture.settle();
        assertThat(subscriber.lines).containsExactly("1", "2");
        assertThat(subscriber.end).isNotDone();

        subscriber.subscription.request(5);
        fixture.settle();
        assertThat(subscriber.lines).containsExactly("1", "2", "3");
        assertThat(subscriber.end).isCompleted();
    }

    @Test
    void thePublisherFailsWithWhatEndedTheCommand() {
        fixture.open(c -> c);
        RemoteProcess process = start(fixture.lease("a"), "echo 1; hang");
        Subscriber subscriber = new Subscriber();
        process.linePublisher().subscribe(subscriber);
        subscriber.subscription.request(10);
        fixture.settle();

        fixture.server("a").kill();

        assertThat(fixture.failureOf(subscriber.end)).isInstanceOf(ConnectionLostException.class);
        assertThat(subscriber.lines).containsExactly("1");
    }

    @Test
    void afterTheErrorOfASubscriberOutputIsThrownAway() {
        fixture.open(c -> c);
        Command command = Command.shell("echo 12345678; sleep 5; echo more").maxOutput(4);
        for (long requested : new long[] {0, 1}) {
            RemoteProcess process = start(fixture.lease("a"), command);
            Subscriber subscriber = new Subscriber();
            process.linePublisher().subscribe(subscriber);
            subscriber.subscription.request(requested);
            assertThat(fixture.failureOf(subscriber.end))
                    .isInstanceOf(requested == 0 ? IllegalArgumentException.class : OutputLimitException.class);
            fixture.advance(Duration.ofSeconds(5));
            assertThat(fixture.valueOf(process.exit()).isSuccess()).isTrue();
            assertThat(subscriber.lines).isEmpty();
            assertThatThrownBy(() -> process.stdout().read()).isInstanceOf(IOException.class);
        }
    }

    @Test
    void aSecondSubscriberGetsNothing() {
        fixture.open(c -> c);
        RemoteProcess process = start(fixture.lease("a"), "echo mine; hang");
        Subscriber first = new Subscriber();
        process.linePublisher().subscribe(first);
        Subscriber second = new Subscriber();
        process.linePublisher().subscribe(second);
        assertThat(fixture.failureOf(second.end)).isInstanceOf(IllegalStateException.class);
        second.subscription.cancel();
        assertThat(first.lines).isEmpty();

        first.subscription.request(1);
        fixture.settle();

        assertThat(first.lines).containsExactly("mine");
        process.close();
    }

    @Test
    void aCancelledSubscriptionLetsTheCommandRunOn() {
        fixture.open(c -> c);
        RemoteProcess process = start(fixture.lease("a"), "echo 1; sleep 5; echo 2");
        Subscriber subscriber = new Subscriber();
        process.linePublisher().subscribe(subscriber);
        subscriber.subscription.cancel();
        subscriber.subscription.request(5);
        fixture.advance(Duration.ofSeconds(5));
        ExecResult result = fixture.valueOf(process.exit());
        assertThat(result.isSuccess()).isTrue();
        assertThat(subscriber.lines).isEmpty();
    }

    @Test
    void aSignalThatIsNoneIsRefused() {
        fixture.open(c -> c);
        RemoteProcess process = start(fixture.lease("a"), "hang");
        assertThatThrownBy(() -> process.signal("SIGTERM")).isInstanceOf(IllegalArgumentException.class);
        process.signal("TERM");
        assertThat(fixture.valueOf(process.exit()).signal()).hasValue("TERM");
    }

    private static final class Subscriber implements Flow.Subscriber<String> {
        private final List<String> lines = new ArrayList<>();
        private final CompletableFuture<Void> end = new CompletableFuture<>();
        private Flow.Subscription subscription;

        @Override
        public void onSubscribe(Flow.Subscription begun) {
            subscription = begun;
        }

        @Override
        public void onNext(String line) {
            lines.add(line);
        }

        @Override
        public void onError(Throwable failure) {
            end.completeExceptionally(failure);
        }

        @Override
        public void onComplete() {
            end.complete(null);
        }
    }
}
