package io.sshpool;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CommandTest {

    @Test
    void shellTextIsPassedThrough() {
        assertThat(Command.shell("tail -n 5 *.log | sort").text()).isEqualTo("tail -n 5 *.log | sort");
    }

    @Test
    void argumentsAreQuotedWhereAShellWouldReadMoreThanText() {
        assertThat(Command.of("rm", "--", "a b.txt", "it's", "plain-1.txt").text())
                .isEqualTo("rm -- 'a b.txt' 'it'\\''s' plain-1.txt");
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '"',
            value = {
                "\"\",''",
                "~,'~'",
                "*,'*'",
                "$HOME,'$HOME'",
                "a=b,'a=b'",
                "#,'#'",
                "!,'!'",
                "{a},'{a}'",
                "\\,'\\'",
                "ü,'ü'",
                "/usr/bin/id,/usr/bin/id",
                "user@host:22,user@host:22",
                "-n,-n",
                "50%,50%"
            })
    void aWordIsQuotedUnlessEveryShellTakesItLiterally(String word, String quoted) {
        assertThat(Command.quote(word)).isEqualTo(quoted);
    }

    @ParameterizedTest
    @ValueSource(strings = {"if", "for", "time", "function", "done", "esac"})
    void aProgramThatIsNamedLikeAWordOfTheShellIsQuoted(String word) {
        assertThat(Command.of(word, word).text()).startsWith("'" + word + "' ");
    }

    @Test
    void aNulIsRefusedEverywhereSinceNoShellWouldSeeIt() {
        Command command = Command.shell("true");
        assertThatIllegalArgumentException().isThrownBy(() -> Command.shell("a\0b"));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Command.of("echo", "hunter2\0"))
                .withMessageNotContaining("hunter2");
        assertThatIllegalArgumentException().isThrownBy(() -> Command.quote("\0"));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> command.env("A", "hunter2\0"))
                .withMessageNotContaining("hunter2");
        assertThatIllegalArgumentException().isThrownBy(() -> command.workingDirectory("/\0"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "1A", "A-B", "A=B", "A B", "Ä", "A\n", "A;id"})
    void onlyIdentifiersAreNamesOfVariables(String name) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Command.shell("true").env(name, "x"));
    }

    @Test
    void eachOptionReturnsACopy() {
        Command plain = Command.shell("true");
        Command full = plain.env("B", "2")
                .env("A", "1")
                .workingDirectory("/srv")
                .timeout(Duration.ofSeconds(3))
                .maxOutput(0)
                .stdin("in");
        assertThat(plain.environment()).isEmpty();
        assertThat(plain.workingDirectory()).isEmpty();
        assertThat(plain.timeout()).isEmpty();
        assertThat(plain.maxOutput()).isEmpty();
        assertThat(plain.stdin()).isEmpty();
        assertThat(full.text()).isEqualTo("true");
        assertThat(full.environment()).containsExactly(Map.entry("B", "2"), Map.entry("A", "1"));
        assertThat(full.workingDirectory()).contains("/srv");
        assertThat(full.timeout()).contains(Duration.ofSeconds(3));
        assertThat(full.maxOutput()).hasValue(0);
        assertThat(full.stdin()).isPresent();
    }

    @Test
    void standardInputOfBytesCanBeReadAgainAndBelongsToTheCommand() throws IOException {
        byte[] bytes = {1, 2, 3};
        Command command = Command.shell("cat").stdin(bytes);
        bytes[0] = 9;
        assertThat(command.stdin().orElseThrow().readAllBytes()).containsExactly(1, 2, 3);
        assertThat(command.stdin().orElseThrow().readAllBytes()).containsExactly(1, 2, 3);
    }

    @Test
    void theLastStandardInputCounts() throws IOException {
        InputStream stream = new ByteArrayInputStream(new byte[] {7});
        assertThat(Command.shell("cat").stdin("text").stdin(stream).stdin().orElseThrow())
                .isSameAs(stream);
        assertThat(Command.shell("cat")
                        .stdin(stream)
                        .stdin("ü")
                        .stdin()
                        .orElseThrow()
                        .readAllBytes())
                .isEqualTo("ü".getBytes(UTF_8));
    }

    @Test
    void boundsThatMakeNoSenseAreRefused() {
        Command command = Command.shell("true");
        assertThatIllegalArgumentException().isThrownBy(() -> command.timeout(Duration.ZERO));
        assertThatIllegalArgumentException().isThrownBy(() -> command.timeout(Duration.ofMillis(-1)));
        assertThatIllegalArgumentException().isThrownBy(() -> command.maxOutput(-1));
        assertThatIllegalArgumentException().isThrownBy(() -> command.workingDirectory(""));
    }

    @Test
    void itsDescriptionShowsNeitherTextNorValues() {
        assertThat(Command.shell("echo hunter2").env("TOKEN", "hunter3").stdin("hunter4"))
                .hasToString("Command[12 characters, environment=[TOKEN]]");
    }

    @Test
    void aScriptIsStandardInputAndItsArgumentsAreQuoted() throws IOException {
        Command script = Command.script("echo \"$1\"\n", "it's", "-n");
        assertThat(script.text()).isEqualTo("sh -s -- 'it'\\''s' -n");
        assertThat(script.stdin().orElseThrow().readAllBytes()).isEqualTo("echo \"$1\"\n".getBytes(UTF_8));
        assertThat(Command.script(List.of("python3", "-"), "print(1)", "a b").text())
                .isEqualTo("python3 - 'a b'");
    }

    @Test
    void aScriptTakesNoOtherStandardInput() {
        Command script = Command.script("true");
        assertThatIllegalStateException().isThrownBy(() -> script.stdin("x"));
        assertThatIllegalStateException().isThrownBy(() -> script.env("A", "1").stdin(InputStream.nullInputStream()));
        assertThatIllegalArgumentException().isThrownBy(() -> Command.script(List.of(), "true"));
    }

    @Test
    void onlyQuotedWordsAreAProgram() {
        assertThat(Command.of("id").isProgram()).isTrue();
        assertThat(Command.script("id").env("A", "1").isProgram()).isTrue();
        assertThat(Command.shell("id").isProgram()).isFalse();
    }

    @Test
    void sudoHasAUserAndShowsNoPassword() {
        Command command = Command.of("id").sudo(Sudo.user("postgres").password("hunter2"));
        assertThat(command.runAs().orElseThrow()).hasToString("Sudo[postgres, with a password]");
        assertThat(command.runAs().orElseThrow().password()).contains("hunter2");
        assertThat(command.toString()).doesNotContain("hunter2");
        assertThat(Command.of("id").sudo().runAs().orElseThrow()).hasToString("Sudo[root]");
        assertThat(Command.of("id").runAs()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"hunter2\n", "hunter2\r", "hunter2\0"})
    void aPasswordThatIsNoLineIsRefused(String secret) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Sudo.root().password(secret))
                .withMessageNotContaining("hunter2");
    }

    @Test
    void aTerminalHasASizeAndNoEnvironment() {
        Command top = Command.shell("top").pty("xterm", 120, 40);
        assertThat(top.timeout(Duration.ofSeconds(1)).pty()).hasValue(new Pty("xterm", 120, 40));
        assertThat(Command.shell("top").pty()).isEmpty();
        assertThatThrownBy(() -> top.env("A", "b")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> top.sudo(Sudo.root().password("hunter2")))
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(top.sudo().runAs()).isPresent();
        assertThatThrownBy(() -> Command.shell("top").pty("xterm", 0, 40)).isInstanceOf(IllegalArgumentException.class);
    }
}
