package io.sshpool;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.sshpool.SshConnectException.Kind;
import io.sshpool.SshConnectException.Phase;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class SshExceptionTest {

    private static final Output PARTIAL = Output.of("hunter2".getBytes(UTF_8), new byte[0]);
    private static final Throwable CAUSE = new IOException("reset");

    static Stream<SshException> onWeb() {
        return Stream.of(
                new AcquireTimeoutException("web", "waited 30 s", CAUSE),
                new ChannelRefusedException("web", ChannelRefusedException.Stage.OPEN, "refused", CAUSE),
                new CommandFailedException(ExecResult.signalled("web", "KILL", PARTIAL, Duration.ZERO)),
                new CommandTimeoutException("web", Duration.ofSeconds(1), PARTIAL),
                ConnectionLostException.beforeSending("web", "lost", CAUSE),
                ConnectionLostException.afterSending("web", "lost", PARTIAL, CAUSE),
                new HostKeyException("web", "changed", CAUSE),
                new LeaseClosedException("web", "closed"),
                new OutputLimitException("web", 7, PARTIAL),
                new PoolClosedException("web"),
                new SshAuthenticationException("web", "rejected", CAUSE),
                new SudoException("web"),
                CommandCancelledException.underWay("web", "too late"),
                connect(Kind.UNREACHABLE),
                new SshInterruptedException("web", "interrupted", new InterruptedException()),
                new TargetUnavailableException("web", Duration.ofMillis(5), connect(Kind.UNREACHABLE)));
    }

    @ParameterizedTest
    @MethodSource("onWeb")
    void eachNamesItsTargetAndShowsNoOutput(SshException exception) {
        assertThat(exception.target()).isEqualTo("web");
        assertThat(exception.toString()).doesNotContain("hunter2");
    }

    @ParameterizedTest
    @MethodSource("onWeb")
    void eachSurvivesSerialization(SshException exception) throws IOException, ClassNotFoundException {
        SshException copy = throughBytes(exception);
        assertThat(copy).hasSameClassAs(exception).hasMessage(exception.getMessage());
        assertThat(copy.target()).isEqualTo("web");
        assertThat(copy.isRetryable()).isEqualTo(exception.isRetryable());
    }

    @Test
    void whatRanOrMayHaveRunIsNotRetryable() {
        assertThat(onWeb().filter(SshException::isRetryable)
                        .map(SshException::getClass)
                        .toList())
                .containsExactly(
                        AcquireTimeoutException.class,
                        ChannelRefusedException.class,
                        ConnectionLostException.class,
                        SshConnectException.class,
                        TargetUnavailableException.class);
        assertThat(ConnectionLostException.beforeSending("web", "lost", CAUSE).isRetryable())
                .isTrue();
        assertThat(CommandCancelledException.notStarted("web", "too late").isRetryable())
                .isTrue();
        assertThat(ConnectionLostException.afterSending("web", "lost", PARTIAL, CAUSE)
                        .isRetryable())
                .isFalse();
        assertThat(new ChannelRefusedException("web", ChannelRefusedException.Stage.REQUEST, "no", CAUSE).isRetryable())
                .isFalse();
    }

    @ParameterizedTest
    @CsvSource({"TRANSIENT,true", "UNREACHABLE,true", "INCOMPATIBLE,false", "REJECTED,false"})
    void aConnectIsRetryableWhenTimeAloneMayMendIt(Kind kind, boolean retryable) {
        assertThat(connect(kind).isRetryable()).isEqualTo(retryable);
    }

    @Test
    void anotherCallerGetsTheSameFactsInAnExceptionOfItsOwn() {
        for (SshConnectException first : List.of(
                connect(Kind.TRANSIENT),
                new SshAuthenticationException("web", "rejected", CAUSE),
                new HostKeyException("web", "changed", CAUSE))) {
            SshConnectException again = first.again();
            assertThat(again)
                    .isNotSameAs(first)
                    .hasSameClassAs(first)
                    .hasMessage(first.getMessage())
                    .hasCause(first);
            assertThat(again.phase()).isEqualTo(first.phase());
            assertThat(again.kind()).isEqualTo(first.kind());
        }
    }

    @Test
    void partialOutputIsKept() throws IOException, ClassNotFoundException {
        assertThat(new CommandTimeoutException("web", Duration.ofSeconds(1), PARTIAL).partialOutput())
                .isSameAs(PARTIAL);
        assertThat(new OutputLimitException("web", 7, PARTIAL).partialOutput()).isSameAs(PARTIAL);
        ConnectionLostException lost = ConnectionLostException.afterSending("web", "lost", PARTIAL, CAUSE);
        assertThat(throughBytes(lost).partialOutput().stdout()).isEqualTo("hunter2");
        assertThat(ConnectionLostException.beforeSending("web", "lost", CAUSE).partialOutput())
                .isSameAs(Output.EMPTY);
    }

    @Test
    void messagesNameTheBoundAndWhatToDo() {
        assertThat(new CommandTimeoutException("web", Duration.ofSeconds(2), PARTIAL))
                .hasMessageContainingAll("web", "2000 ms", "command-timeout");
        assertThat(new OutputLimitException("web", 7, PARTIAL)).hasMessageContainingAll("web", "7 bytes", "max-output");
        TargetUnavailableException unavailable =
                new TargetUnavailableException("web", Duration.ofMillis(5), connect(Kind.UNREACHABLE));
        assertThat(unavailable).hasMessageContainingAll("web", "5 ms", "connection refused");
        assertThat(unavailable.retryAfter()).isEqualTo(Duration.ofMillis(5));
        assertThat(new PoolClosedException("")).hasMessage("the SSH pool is closed");
    }

    @Test
    void oneProblemIsTheMessageSeveralAreAList() {
        assertThat(new SshConfigException("sshpool.x is wrong")).hasMessage("sshpool.x is wrong");
        SshConfigException two = new SshConfigException(List.of("a is wrong", "b is missing"));
        assertThat(two).hasMessage("2 problems in the configuration of sshpool:\n  - a is wrong\n  - b is missing");
        assertThat(two.problems()).containsExactly("a is wrong", "b is missing");
        assertThat(two.target()).isEmpty();
    }

    private static SshConnectException connect(Kind kind) {
        return new SshConnectException("web", Phase.TCP, kind, "connection refused", CAUSE);
    }

    @SuppressWarnings("unchecked")
    private static <T> T throughBytes(T object) throws IOException, ClassNotFoundException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
            out.writeObject(object);
        }
        try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
            return (T) in.readObject();
        }
    }
}
