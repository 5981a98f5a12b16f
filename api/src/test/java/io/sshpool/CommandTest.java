package io.sshpool;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.Stream;
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
    void aRealShellSeesTheArgumentsUnchanged() throws IOException, InterruptedException {
        long seed = Long.getLong("seed", 5);
        List<String> words = words(new Random(seed), 500);
        String[] arguments = Stream.concat(Stream.of("%s\\0"), words.stream()).toArray(String[]::new);
        Process shell = new ProcessBuilder(
                        "sh", "-c", Command.of("printf", arguments).text())
                .redirectErrorStream(true)
                .start();
        String printed;
        try (InputStream output = shell.getInputStream()) {
            printed = new String(output.readAllBytes(), UTF_8);
        }
        assertThat(shell.waitFor()).as("seed %d", seed).isZero();
        assertThat(printed)
                .as("seed %d", seed)
                .isEqualTo(words.stream().map(word -> word + "\0").collect(Collectors.joining()));
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

    private static List<String> words(Random random, int count) {
        String letters = " \t\n'\"\\`$!*?~#&|;<>(){}[]=%-aZ0ü😀";
        int[] codePoints = letters.codePoints().toArray();
        List<String> words = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            StringBuilder word = new StringBuilder();
            for (int j = random.nextInt(12); j > 0; j--) {
                word.appendCodePoint(codePoints[random.nextInt(codePoints.length)]);
            }
            words.add(word.toString());
        }
        return words;
    }

    @Test
    void aTerminalHasASizeAndNoEnvironment() {
        Command top = Command.shell("top").pty("xterm", 120, 40);
        assertThat(top.timeout(Duration.ofSeconds(1)).pty()).hasValue(new Pty("xterm", 120, 40));
        assertThat(Command.shell("top").pty()).isEmpty();
        assertThatThrownBy(() -> top.env("A", "b")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Command.shell("top").pty("xterm", 0, 40)).isInstanceOf(IllegalArgumentException.class);
    }
}
