package io.sshpool;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class ExecResultTest {

    private static final Output OUTPUT = Output.of("out ü\r\n".getBytes(UTF_8), "hunter2\n".getBytes(UTF_8));

    @Test
    void aCommandThatEndedByItselfHasItsExitCodeAndNoSignal() {
        ExecResult result = ExecResult.exited("web", 3, OUTPUT, Duration.ofMillis(7));
        assertThat(result.target()).isEqualTo("web");
        assertThat(result.exitCode()).isEqualTo(3);
        assertThat(result.signal()).isEmpty();
        assertThat(result.isSuccess()).isFalse();
        assertThat(result.stdout()).isEqualTo("out ü\r\n");
        assertThat(result.stderr()).isEqualTo("hunter2\n");
        assertThat(result.stdoutBytes()).isEqualTo("out ü\r\n".getBytes(UTF_8));
        assertThat(result.stderrBytes()).isEqualTo("hunter2\n".getBytes(UTF_8));
        assertThat(result.duration()).isEqualTo(Duration.ofMillis(7));
    }

    @Test
    void aSignalIsNeverSuccess() {
        ExecResult result = ExecResult.signalled("web", "KILL", OUTPUT, Duration.ZERO);
        assertThat(result.exitCode()).isEqualTo(-1);
        assertThat(result.signal()).contains("KILL");
        assertThat(result.isSuccess()).isFalse();
    }

    @Test
    void insistingOnSuccessReturnsItOrThrowsWithTheResult() {
        ExecResult success = ExecResult.exited("web", 0, OUTPUT, Duration.ZERO);
        assertThat(success.orThrow()).isSameAs(success);
        CommandFailedException exit = catchThrowableOfType(
                CommandFailedException.class,
                () -> ExecResult.exited("web", 3, OUTPUT, Duration.ofSeconds(1)).orThrow());
        assertThat(exit).hasMessage("the command on web exited with 3; result().stderr() has what it said (8 bytes)");
        assertThat(exit.target()).isEqualTo("web");
        assertThat(exit.isRetryable()).isFalse();
        assertThat(exit.result().exitCode()).isEqualTo(3);
        assertThat(exit.result().stderr()).isEqualTo("hunter2\n");
        assertThat(exit.result().duration()).isEqualTo(Duration.ofSeconds(1));
        CommandFailedException signal = catchThrowableOfType(
                CommandFailedException.class,
                () -> ExecResult.signalled("web", "SEGV", OUTPUT, Duration.ZERO).orThrow());
        assertThat(signal).hasMessageStartingWith("the command on web was ended by signal SEGV");
        assertThat(signal.result().signal()).contains("SEGV");
    }

    @Test
    void nobodyCanChangeWhatWasWritten() {
        byte[] bytes = {1, 2};
        Output output = Output.of(bytes, bytes);
        bytes[0] = 9;
        output.stdoutBytes()[1] = 9;
        output.stderrBytes()[1] = 9;
        assertThat(output.stdoutBytes()).containsExactly(1, 2);
        assertThat(output.stderrBytes()).containsExactly(1, 2);
    }

    @Test
    void bytesThatAreNoTextDoNotFail() {
        Output output = Output.of(new byte[] {'a', (byte) 0xff}, new byte[] {(byte) 0xc3});
        assertThat(output.stdout()).isEqualTo("a\ufffd");
        assertThat(output.stderr()).isEqualTo("\ufffd");
        assertThat(Output.EMPTY.stdout()).isEmpty();
    }

    @Test
    void itsDescriptionShowsNoOutput() {
        assertThat(ExecResult.exited("web", 3, OUTPUT, Duration.ZERO))
                .hasToString(
                        "ExecResult[target=web, exitCode=3, Output[stdout=8 bytes, stderr=8 bytes], duration=PT0S]");
        assertThat(ExecResult.signalled("web", "KILL", OUTPUT, Duration.ZERO).toString())
                .contains("signal=KILL")
                .doesNotContain("hunter2");
    }
}
