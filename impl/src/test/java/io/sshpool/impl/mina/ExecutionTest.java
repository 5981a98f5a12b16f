package io.sshpool.impl.mina;

import static io.sshpool.impl.pool.ConnectionFactoryContract.await;
import static io.sshpool.impl.pool.ConnectionFactoryContract.failureOf;
import static org.assertj.core.api.Assertions.assertThat;

import io.sshpool.ChannelRefusedException;
import io.sshpool.Command;
import io.sshpool.ConnectionLostException;
import io.sshpool.ExecResult;
import io.sshpool.OutputLimitException;
import io.sshpool.PoolConfig;
import io.sshpool.spi.Execution;
import io.sshpool.spi.SshConnection;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.sshd.client.session.ClientSession;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A command over MINA, beyond what every connection must do. */
@Timeout(30)
final class ExecutionTest {

    private static final Duration EPSILON = Duration.ofSeconds(3);

    private final EmbeddedServer server = new EmbeddedServer();
    private final Rig rig = Rig.plain();
    private final Rig beating = Rig.with(
            PoolConfig.defaults().withKeepAliveInterval(Duration.ofMillis(300)).withKeepAliveCountMax(3));

    @AfterEach
    void close() {
        rig.close();
        beating.close();
        server.close();
    }

    private static ExecResult run(SshConnection connection, Command command) {
        Execution execution = connection.execute(command);
        ExecResult result = await(execution.result());
        await(execution.released());
        return result;
    }

    @Test
    void anEndlessTimeOutIsNoError() {
        Command endless = Command.shell("echo done").timeout(ChronoUnit.FOREVER.getDuration());

        assertThat(run(rig.connect(server.port()), endless).stdout()).isEqualTo("done\n");
    }

    @Test
    void manyBytesArriveExactly() {
        byte[] bytes = new byte[3_000_000];
        new Random(1).nextBytes(bytes);

        ExecResult result =
                run(rig.connect(server.port()), Command.shell("tee /dev/stderr").stdin(bytes));

        assertThat(result.stdoutBytes()).isEqualTo(bytes);
        assertThat(result.stderrBytes()).isEqualTo(bytes);
    }

    @Test
    void environmentAndInputShareTheStream() {
        Command command =
                Command.shell("printf '%s|' \"$A\"; cat").env("A", "x\ny").stdin("own input");

        assertThat(run(rig.connect(server.port()), command).stdout()).isEqualTo("x\ny|own input");
    }

    @Test
    void aCommandWithoutInputSeesItsEndAtOnce() {
        assertThat(run(rig.connect(server.port()), Command.shell("cat")).isSuccess())
                .isTrue();
    }

    @Test
    void theCallersStreamIsReadToItsEndAndNotClosed() {
        List<String> events = new ArrayList<>();
        InputStream stream = new InputStream() {
            private int left = 100_000;

            @Override
            public int read() {
                return left-- > 0 ? 'a' : -1;
            }

            @Override
            public void close() {
                events.add("closed");
            }
        };

        ExecResult result =
                run(rig.connect(server.port()), Command.shell("wc -c").stdin(stream));

        assertThat(result.stdout().trim()).isEqualTo("100000");
        assertThat(events).isEmpty();
    }

    @Test
    void aStreamThatFailsEndsTheCommandInPlaceOfAnEndOfFile() {
        SshConnection connection = rig.connect(server.port());
        InputStream broken = new InputStream() {
            @Override
            public int read() throws IOException {
                throw new IOException("disk gone");
            }
        };

        Execution execution =
                connection.execute(Command.shell("cat; echo complete").stdin(broken));

        assertThat(failureOf(execution.result()))
                .isInstanceOf(ConnectionLostException.class)
                .hasMessageContaining("standard input")
                .hasRootCauseMessage("disk gone");
        await(execution.released());
    }

    @Test
    void aStreamThatBlocksHoldsUpNobodyElse() {
        SshConnection connection = rig.connect(server.port());
        CountDownLatch data = new CountDownLatch(1);
        InputStream slow = new InputStream() {
            @Override
            public int read() throws IOException {
                try {
                    data.await();
                } catch (InterruptedException e) {
                    throw new IOException(e);
                }
                return -1;
            }
        };
        Execution waiting = connection.execute(Command.shell("cat").stdin(slow));

        assertThat(run(connection, Command.shell("echo on")).stdout()).isEqualTo("on\n");

        waiting.cancel();
        await(waiting.released());
        data.countDown();
    }

    @Test
    void streamsThatNeverAnswerHoldUpNeitherConnectsNorCommandsAndLeaveNoThreadWhenTheyDo()
            throws InterruptedException {
        CountDownLatch data = new CountDownLatch(1);
        Set<Thread> readers = ConcurrentHashMap.newKeySet();
        SshConnection connection = rig.connect(server.port());
        List<Execution> stuck = new ArrayList<>();
        for (int i = 0; i < 70; i++) {
            CountDownLatch reading = new CountDownLatch(1);
            Deaf input = new Deaf(data, reading, readers);
            Execution execution = connection.execute(Command.shell("cat").stdin(input));
            // The 64 workers of the pool would all be taken; whoever comes then is not read from.
            reading.await(i < 64 ? 5_000 : 50, TimeUnit.MILLISECONDS);
            execution.cancel();
            stuck.add(execution);
        }
        stuck.forEach(execution -> failureOf(execution.result()));

        assertThat(run(rig.connect(server.port()), Command.shell("echo on")).stdout())
                .isEqualTo("on\n");

        stuck.forEach(execution -> await(execution.released()));
        rig.close();
        data.countDown();
        assertThat(readers).hasSizeGreaterThanOrEqualTo(64);
        for (Thread thread : readers) {
            assertThat(thread.getName()).startsWith("sshpool");
            thread.join(5_000);
            assertThat(thread.isAlive()).as(thread.getName()).isFalse();
        }
    }

    @Test
    void aReadUnderWayIsInterruptedWhenTheCommandEndsAndNoOtherFollows() throws InterruptedException {
        CountDownLatch reading = new CountDownLatch(1);
        AtomicInteger reads = new AtomicInteger();
        AtomicReference<Thread> reader = new AtomicReference<>();
        InputStream stream = new InputStream() {
            @Override
            public int read() {
                reads.incrementAndGet();
                reader.set(Thread.currentThread());
                reading.countDown();
                try {
                    new CountDownLatch(1).await();
                } catch (InterruptedException e) {
                    // As if nothing had happened.
                }
                return 'a';
            }

            @Override
            public int read(byte[] bytes, int start, int length) {
                bytes[start] = (byte) read();
                return 1;
            }
        };
        Execution execution =
                rig.connect(server.port()).execute(Command.shell("cat").stdin(stream));
        reading.await();

        execution.cancel();

        await(execution.released());
        reader.get().join(5_000);
        assertThat(reader.get().isAlive()).isFalse();
        assertThat(reads).hasValue(1);
    }

    @Test
    void inputThatIsNeverReadEndsWithTheCommand() {
        SshConnection connection = rig.connect(server.port());

        ExecResult result = run(connection, Command.shell("never read").stdin(new byte[20_000_000]));

        assertThat(result.isSuccess()).isTrue();
        assertThat(result.duration()).isLessThan(Duration.ofSeconds(4));
    }

    @Test
    void inputThatIsNeverReadDoesNotHinderATimeout() {
        SshConnection connection = rig.connect(server.port());

        Execution execution = connection.execute(
                Command.shell("never read").stdin(new byte[20_000_000]).timeout(Duration.ofMillis(300)));

        failureOf(execution.result());
        await(execution.released());
        assertThat(run(connection, Command.shell("true")).isSuccess()).isTrue();
    }

    @Test
    void aRefusedRequestFailsAtOnceAndFreesItsSlot() {
        SshConnection connection = rig.connect(server.port());
        server.refuseChannelsAbove(1);
        for (int i = 0; i < 3; i++) {
            long start = System.nanoTime();

            Execution execution = connection.execute(Command.shell("refuse me"));

            assertThat(failureOf(execution.result()))
                    .isInstanceOfSatisfying(
                            ChannelRefusedException.class,
                            e -> assertThat(e.stage()).isEqualTo(ChannelRefusedException.Stage.REQUEST));
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(5));
            await(execution.released());
        }
        assertThat(run(connection, Command.shell("true")).isSuccess()).isTrue();
    }

    @Test
    void noStatusIsNoSuccess() {
        SshConnection connection = rig.connect(server.port());

        Execution execution = connection.execute(Command.shell("vanish"));

        assertThat(failureOf(execution.result()))
                .isInstanceOfSatisfying(
                        ConnectionLostException.class,
                        e -> assertThat(e.isRetryable()).isFalse())
                .hasMessageContaining("without saying how");
        await(execution.released());
        assertThat(connection.isOpen()).isTrue();
    }

    @Test
    void aStatusWithoutTheEndOfTheOutputIsNoSuccess() {
        Execution execution = rig.connect(server.port()).execute(Command.shell("status and die"));

        assertThat(failureOf(execution.result())).isInstanceOf(ConnectionLostException.class);
        await(execution.released());
    }

    @Test
    void aCommandThatIsGivenUpIsAskedToEndBeforeItIsKilled(@TempDir Path folder) {
        SshConnection connection = rig.connect(server.port());
        String flag = Command.quote(folder.resolve("deaf").toString());
        Execution stubborn = connection.execute(Command.shell("trap '' TERM; touch " + flag + "; sleep 60; sleep 60"));
        run(connection, Command.shell("until [ -e " + flag + " ]; do sleep 0.01; done"));

        stubborn.cancel();

        server.awaitSignals("TERM", "KILL");
        await(stubborn.released());
        server.awaitCommands(0);
    }

    @Test
    void theLimitCountsBothStreamsAndAFloodStops() {
        SshConnection connection = rig.connect(server.port());

        Execution execution =
                connection.execute(Command.shell("echo err >&2; sleep 0.2; yes").maxOutput(1004));

        assertThat(failureOf(execution.result())).isInstanceOfSatisfying(OutputLimitException.class, e -> {
            assertThat(e.partialOutput().stderr()).isEqualTo("err\n");
            assertThat(e.partialOutput().stdout()).isEqualTo("y\n".repeat(500));
        });
        await(execution.released());
        server.awaitCommands(0);
        assertThat(run(connection, Command.shell("true")).isSuccess()).isTrue();
    }

    @Test
    void outputOfExactlyTheLimitIsComplete() {
        assertThat(run(rig.connect(server.port()), Command.shell("echo 123").maxOutput(4))
                        .stdout())
                .isEqualTo("123\n");
    }

    @Test
    void theResultWaitsForAllOutput() {
        // sshd says so of "sleep 6 & echo": the status at once, the last output when the last writer has ended.
        ExecResult result = run(rig.connect(server.port()), Command.shell("status first"));

        assertThat(result.stdout()).isEqualTo("late\n");
        assertThat(result.exitCode()).isEqualTo(5);
    }

    @Test
    void manyChannelsAreReleasedOnlyAfterAnAnswer() {
        SshConnection connection = rig.connect(server.port());
        List<Execution> executions = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            executions.add(connection.execute(Command.shell("sleep 60")));
        }
        server.awaitCommands(6);
        server.muteKeepAlive(true);

        executions.get(0).cancel();

        failureOf(executions.get(0).result());
        server.awaitCommands(5);
        server.awaitKeepAlive();
        assertThat(executions.get(0).released().toCompletableFuture()).isNotDone();
    }

    @Test
    void aFewChannelsAreReleasedAtOnce() {
        SshConnection connection = rig.connect(server.port());
        server.muteKeepAlive(true);

        run(connection, Command.shell("true"));
    }

    @Test
    void afterARefusalEveryReleaseWaitsForAnAnswer() {
        SshConnection connection = rig.connect(server.port());
        server.refuseChannelsAbove(1);
        Execution first = connection.execute(Command.shell("sleep 60"));
        server.awaitCommands(1);
        failureOf(connection.execute(Command.shell("true")).result());
        server.muteKeepAlive(true);

        first.cancel();

        failureOf(first.result());
        server.awaitKeepAlive();
        assertThat(first.released().toCompletableFuture()).isNotDone();
    }

    @Test
    void aConnectionThatFreezesIsLostWithinItsHeartbeats() {
        FaultProxy proxy = new FaultProxy(server.port());
        try (proxy) {
            SshConnection connection = beating.connect(proxy.port());
            Execution execution = connection.execute(Command.shell("sleep 60"));
            server.awaitCommands(1);
            long start = System.nanoTime();

            proxy.strike(FaultProxy.Fault.STALL, 0);

            assertThat(failureOf(execution.result()))
                    .isInstanceOfSatisfying(
                            ConnectionLostException.class,
                            e -> assertThat(e.isRetryable()).isFalse());
            assertThat(Duration.ofNanos(System.nanoTime() - start))
                    .isLessThan(Duration.ofMillis(900).plus(EPSILON));
            await(execution.released());
        }
    }

    @Test
    void aRekeyThatStallsIsLostAsAFrozenPeerIs() throws Exception {
        try (FaultProxy proxy = new FaultProxy(server.port())) {
            SshConnection connection = beating.connect(proxy.port());
            proxy.stopAfter(50, FaultProxy.Fault.STALL);

            connection.unwrap(ClientSession.class).orElseThrow().reExchangeKeys();

            await(connection.closed());
        }
    }

    @Test
    void aResetOrAnEndOrAFlippedBitInMidCommandIsALostConnection() {
        for (FaultProxy.Fault fault : List.of(FaultProxy.Fault.RESET, FaultProxy.Fault.END, FaultProxy.Fault.FLIP)) {
            try (FaultProxy proxy = new FaultProxy(server.port())) {
                SshConnection connection = rig.connect(proxy.port());
                Execution execution = connection.execute(Command.shell("cat").stdin(new Waiting()));
                server.awaitCommands(1);

                // In the middle of the next packet.
                proxy.strike(fault, 10);
                connection.probe();

                assertThat(failureOf(execution.result())).as(fault.name()).isInstanceOf(ConnectionLostException.class);
                await(execution.released());
                await(connection.closed());
                server.awaitCommands(0);
            }
        }
    }

    @Test
    void aFlippedBitInALengthIsALostConnectionWithinTheHeartbeats() {
        try (FaultProxy proxy = new FaultProxy(server.port())) {
            SshConnection connection = beating.connect(proxy.port());

            // MINA waits for what the length announces, some hundred bytes of it.
            proxy.strike(FaultProxy.Fault.FLIP, 0);

            await(connection.closed());
        }
    }

    @Test
    void silenceIsNoDeathWhileHeartbeatsAreAnswered() {
        ExecResult result = run(beating.connect(server.port()), Command.shell("sleep 1.5; echo done"));

        assertThat(result.stdout()).isEqualTo("done\n");
    }

    @Test
    void hundredsOfCommandsOverOneConnectionAllEndWell() {
        SshConnection connection = rig.connect(server.port());
        for (int round = 0; round < 20; round++) {
            List<Execution> executions = new ArrayList<>();
            for (int i = 0; i < 10; i++) {
                executions.add(connection.execute(Command.shell("echo " + i)));
            }
            for (int i = 0; i < 10; i++) {
                assertThat(await(executions.get(i).result()).stdout()).isEqualTo(i + "\n");
                await(executions.get(i).released());
            }
        }
    }

    /** Standard input that comes when it comes, whoever is interrupted. */
    private static final class Deaf extends InputStream {
        private final CountDownLatch data;
        private final CountDownLatch reading;
        private final Set<Thread> readers;

        private Deaf(CountDownLatch data, CountDownLatch reading, Set<Thread> readers) {
            this.data = data;
            this.reading = reading;
            this.readers = readers;
        }

        @Override
        public int read() {
            readers.add(Thread.currentThread());
            reading.countDown();
            while (true) {
                try {
                    data.await();
                    return -1;
                } catch (InterruptedException e) {
                    // Deaf.
                }
            }
        }
    }

    /** Standard input of somebody who does not type. */
    private static final class Waiting extends InputStream {
        @Override
        public int read() throws IOException {
            try {
                return new CountDownLatch(1).await(3, TimeUnit.SECONDS) ? 0 : -1;
            } catch (InterruptedException e) {
                throw new IOException(e);
            }
        }
    }
}
