package io.sshpool.impl.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sshpool.ChannelRefusedException;
import io.sshpool.Command;
import io.sshpool.CommandTimeoutException;
import io.sshpool.ConnectionLostException;
import io.sshpool.ExecResult;
import io.sshpool.OutputLimitException;
import io.sshpool.SshConnectException;
import io.sshpool.spi.ConnectionFactory;
import io.sshpool.spi.Execution;
import io.sshpool.spi.SshConnection;
import io.sshpool.spi.Target;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * What every {@link ConnectionFactory} must do, a fake one included. The commands that a server must understand are {@code true},
 * {@code echo WORD}, {@code echo WORD >&2}, {@code exit N}, {@code sleep N} and {@code kill -9 $$}.
 */
@Timeout(30)
public interface ConnectionFactoryContract {

    /** The server that {@link #target()} leads to, new for each test. */
    Server server();

    /** The factory, new for each test, and closed after it. */
    ConnectionFactory factory();

    /** The target, whose credential is good. */
    Target target();

    /** What a test does to the server. */
    interface Server {

        /** Refuses channels beyond so many of one connection. */
        void refuseChannelsAbove(int channels);

        /** From now on, connects get as far as the authentication and no further. */
        void stallAuthentication();

        /** Ends all connections without a goodbye, and what runs in them. */
        void killConnections();

        /** Waits some seconds for the number of its connections, handshakes included, to be this. */
        void awaitConnections(int expected);

        /** Waits some seconds for the number of commands that run to be this. */
        void awaitCommands(int expected);
    }

    @AfterEach
    default void closeFactory() {
        factory().close();
    }

    @Test
    default void aCommandGivesItsOutputAndExitCode() {
        SshConnection connection = connect();

        ExecResult result = run(connection, "echo hello");

        assertThat(result.exitCode()).isZero();
        assertThat(result.stdout()).isEqualTo("hello\n");
        assertThat(result.stderr()).isEmpty();
        assertThat(result.target()).isEqualTo(target().name());
        assertThat(result.signal()).isEmpty();
    }

    @Test
    default void aCommandsFailureIsAResult() {
        assertThat(run(connect(), "exit 3").exitCode()).isEqualTo(3);
    }

    @Test
    default void standardErrorIsKeptApart() {
        ExecResult result = run(connect(), "echo trouble >&2");

        assertThat(result.stderr()).isEqualTo("trouble\n");
        assertThat(result.stdout()).isEmpty();
    }

    @Test
    default void deathBySignalIsAResultWithTheSignal() {
        ExecResult result = run(connect(), "kill -9 $$");

        assertThat(result.signal()).hasValue("KILL");
        assertThat(result.isSuccess()).isFalse();
    }

    @Test
    default void theSlotIsReleasedAfterTheResult() {
        Execution execution = connect().execute(Command.shell("true"));

        assertThat(await(execution.result()).isSuccess()).isTrue();
        await(execution.released());
    }

    @Test
    default void oneConnectionRunsSeveralCommandsAtOnce() {
        SshConnection connection = connect();
        List<Execution> executions = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            executions.add(connection.execute(Command.shell("echo " + i)));
        }
        for (int i = 0; i < 8; i++) {
            assertThat(await(executions.get(i).result()).stdout()).isEqualTo(i + "\n");
        }
        executions.forEach(execution -> await(execution.released()));
        server().awaitConnections(1);
    }

    @Test
    default void aChannelIsOpenBeforeItsCommandEnds() {
        SshConnection connection = connect();
        Execution execution = connection.execute(Command.shell("sleep 60"));

        await(execution.opened());

        assertThat(execution.result().toCompletableFuture()).isNotDone();
        execution.cancel();
        await(execution.released());
    }

    @Test
    default void whoGivesAChannelUpSaysWhatItsResultFailsWith() {
        SshConnection connection = connect();
        Execution execution = connection.execute(Command.shell("sleep 60"));
        IllegalStateException why = new IllegalStateException("the lease was closed");

        execution.cancel(why);

        assertThat(failureOf(execution.result())).isSameAs(why);
        await(execution.released());
    }

    @Test
    default void cancelEndsTheCommandAndFreesItsSlot() {
        server().refuseChannelsAbove(1);
        SshConnection connection = connect();
        Execution execution = connection.execute(Command.shell("sleep 60"));
        server().awaitCommands(1);

        execution.cancel();

        assertThat(failureOf(execution.result())).isInstanceOf(CancellationException.class);
        await(execution.released());
        server().awaitCommands(0);
        assertThat(run(connection, "echo again").stdout()).isEqualTo("again\n");
    }

    @Test
    default void cancelAfterTheEndChangesNothing() {
        SshConnection connection = connect();
        Execution execution = connection.execute(Command.shell("true"));
        await(execution.released());

        execution.cancel();

        assertThat(await(execution.result()).isSuccess()).isTrue();
        assertThat(connection.isOpen()).isTrue();
    }

    @Test
    default void aChannelTooManyIsRefusedAndHarmsNobody() {
        server().refuseChannelsAbove(1);
        SshConnection connection = connect();
        Execution first = connection.execute(Command.shell("sleep 60"));
        server().awaitCommands(1);

        Execution second = connection.execute(Command.shell("true"));

        assertThat(failureOf(second.result())).isInstanceOfSatisfying(ChannelRefusedException.class, e -> {
            assertThat(e.stage()).isEqualTo(ChannelRefusedException.Stage.OPEN);
            assertThat(e.target()).isEqualTo(target().name());
        });
        assertThat(failureOf(second.opened())).isInstanceOf(ChannelRefusedException.class);
        await(second.released());
        assertThat(connection.isOpen()).isTrue();
        first.cancel();
        await(first.released());
        assertThat(run(connection, "true").isSuccess()).isTrue();
    }

    @Test
    default void aCommandOutOfTimeFailsWithItsOutputAndFreesItsSlot() {
        SshConnection connection = connect();
        long start = System.nanoTime();

        Execution execution =
                connection.execute(Command.shell("echo begun; sleep 60").timeout(Duration.ofMillis(400)));

        assertThat(failureOf(execution.result()))
                .isInstanceOfSatisfying(
                        CommandTimeoutException.class,
                        e -> assertThat(e.partialOutput().stdout()).isEqualTo("begun\n"));
        assertThat(Duration.ofNanos(System.nanoTime() - start))
                .isBetween(Duration.ofMillis(390), Duration.ofSeconds(3));
        await(execution.released());
        assertThat(run(connection, "true").isSuccess()).isTrue();
    }

    @Test
    default void outputBeyondTheLimitFailsWithWhatFits() {
        SshConnection connection = connect();

        Execution execution =
                connection.execute(Command.shell("echo 0123456789").maxOutput(4));

        assertThat(failureOf(execution.result()))
                .isInstanceOfSatisfying(
                        OutputLimitException.class,
                        e -> assertThat(e.partialOutput().stdout()).isEqualTo("0123"));
        await(execution.released());
        assertThat(run(connection, "true").isSuccess()).isTrue();
    }

    @Test
    default void aConnectionThatDiesInMidCommandLeavesTheOutcomeUnknown() {
        SshConnection connection = connect();
        Execution execution = connection.execute(Command.shell("sleep 60"));
        server().awaitCommands(1);

        server().killConnections();

        assertThat(failureOf(execution.result()))
                .isInstanceOfSatisfying(
                        ConnectionLostException.class,
                        e -> assertThat(e.isRetryable()).isFalse());
        await(execution.released());
        await(connection.closed());
        assertThat(connection.isOpen()).isFalse();
    }

    @Test
    default void aDeadConnectionSendsNothing() {
        SshConnection connection = connect();
        server().killConnections();
        await(connection.closed());

        Execution execution = connection.execute(Command.shell("true"));

        assertThat(failureOf(execution.result()))
                .isInstanceOfSatisfying(
                        ConnectionLostException.class,
                        e -> assertThat(e.isRetryable()).isTrue());
        await(execution.released());
    }

    @Test
    default void aProbeIsAnsweredWhileTheConnectionLives() {
        SshConnection connection = connect();

        await(connection.probe());

        server().killConnections();
        await(connection.closed());
        assertThatThrownBy(() -> await(connection.probe())).isInstanceOf(AssertionError.class);
    }

    @Test
    default void closeEndsConnectionAndCommands() {
        SshConnection connection = connect();
        Execution execution = connection.execute(Command.shell("sleep 60"));
        server().awaitCommands(1);

        await(connection.close());

        assertThat(connection.isOpen()).isFalse();
        await(connection.closed());
        assertThat(failureOf(execution.result())).isInstanceOf(ConnectionLostException.class);
        await(execution.released());
        server().awaitConnections(0);
    }

    @Test
    default void abortEndsTheConnectionAtOnce() {
        SshConnection connection = connect();

        connection.abort();

        await(connection.closed());
        server().awaitConnections(0);
    }

    @Test
    default void aConnectOutOfTimeFailsAndLeavesNothingOpen() {
        server().stallAuthentication();
        long start = System.nanoTime();

        CompletableFuture<SshConnection> dial = factory().connect(target(), Duration.ofMillis(600));

        assertThat(failureOf(dial)).isInstanceOfSatisfying(SshConnectException.class, e -> {
            assertThat(e.phase()).isEqualTo(SshConnectException.Phase.AUTH);
            assertThat(e.kind()).isEqualTo(SshConnectException.Kind.UNREACHABLE);
        });
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(3));
        server().awaitConnections(0);
    }

    @Test
    default void aCancelledConnectLeavesNothingOpen() {
        server().stallAuthentication();
        CompletableFuture<SshConnection> dial = factory().connect(target(), Duration.ofSeconds(20));
        server().awaitConnections(1);

        dial.cancel(true);

        server().awaitConnections(0);
    }

    @Test
    default void aClosedFactoryClosesItsConnectionsAndMakesNoMore() {
        SshConnection connection = connect();

        factory().close();

        await(connection.closed());
        server().awaitConnections(0);
        assertThat(failureOf(factory().connect(target(), Duration.ofSeconds(5))))
                .isNotNull();
    }

    /** Connects, or fails the test. */
    default SshConnection connect() {
        return await(factory().connect(target(), Duration.ofSeconds(10)));
    }

    /** Runs a command to its end, its release included. */
    default ExecResult run(SshConnection connection, String text) {
        Execution execution = connection.execute(Command.shell(text));
        ExecResult result = await(execution.result());
        await(execution.released());
        return result;
    }

    /** The value of a stage that comes soon. */
    static <T> T await(CompletionStage<T> stage) {
        try {
            return stage.toCompletableFuture().get(10, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw new AssertionError("failed: " + e.getCause(), e.getCause());
        } catch (TimeoutException e) {
            throw new AssertionError("not complete after 10 s", e);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** What a stage fails with, soon. */
    static Throwable failureOf(CompletionStage<?> stage) {
        CompletableFuture<Throwable> failure = new CompletableFuture<>();
        stage.whenComplete((value, thrown) -> failure.complete(thrown));
        return await(failure);
    }
}
