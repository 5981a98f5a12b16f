package io.sshpool.demo.shell;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ShellTest {

    private final List<String> out = new ArrayList<>();
    private final List<String> err = new ArrayList<>();
    private final List<Long> pauses = new ArrayList<>();

    @Test
    void quotesKeepWhatIsInThem() throws Exception {
        assertThat(run("echo 'a  |  $USER' \"b; $USER\" c\\ d")).isZero();
        assertThat(out).containsExactly("a  |  $USER b; demo c d");
    }

    @Test
    void aSecondCommandRunsOnlyIfItShall() throws Exception {
        run("false && echo no; true || echo no; false || echo yes; true && echo 'yes, too'");
        assertThat(out).containsExactly("yes", "yes, too");
    }

    @Test
    void theStatusIsThatOfTheCommandBefore() throws Exception {
        assertThat(run("fail 4; echo $?; exit 7; echo never")).isEqualTo(7);
        assertThat(out).containsExactly("4");
        assertThat(err).containsExactly("fail: as you wish");
    }

    @Test
    void anEndlessCommandEndsWithItsReader() throws Exception {
        assertThat(run("yes | head -n 2")).isZero();
        assertThat(out).containsExactly("y", "y");
    }

    @ParameterizedTest
    @CsvSource({
        "seq 12 | tail -n 2 | head -n 1, 11",
        "cat /etc/hostname | wc -l, 1",
        "grep 503 access.log | wc -l, 1",
        "wc -l access.log, 7",
        "echo x | uptime | wc -l, 1",
        "fail 2>&1 | grep wish, fail: as you wish",
        "ls nowhere 2>/dev/null || echo none, none",
        "cat ~/access.log | sort | grep -v GET | wc -l, 0",
    })
    void linesGoThroughPipes(String command, String printed) throws Exception {
        run(command);
        assertThat(out).containsExactly(printed);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"echo 'a", "| cat", "echo $(reboot)", "cat < /etc/passwd", "echo x > /tmp/y", "true && && true"})
    void whatItDoesNotUnderstandIsRefused(String command) throws Exception {
        assertThat(run(command)).isEqualTo(2);
        assertThat(err).hasSize(1).first().asString().startsWith("sh: ");
        assertThat(out).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"rm -rf /", "bash -c ls", "/bin/ls", "curl example.org"})
    void whatIsNotPretendedIsNotFound(String command) throws Exception {
        assertThat(run(command)).isEqualTo(127);
    }

    @ParameterizedTest
    @ValueSource(strings = {"cat /etc/passwd", "cat ../../../etc/passwd", "head /proc/self/environ"})
    void realFilesAreNotThere(String command) throws Exception {
        assertThat(run(command)).isEqualTo(1);
        assertThat(err).hasSize(1).first().asString().endsWith("No such file or directory");
    }

    @Test
    void aScriptPondersAndFails() throws Exception {
        Personality build = Personalities.all().get(3);
        assertThat(shell(build).run("make test")).isEqualTo(2);
        assertThat(pauses).containsExactly(250L, 250L, 250L);
        assertThat(err).hasSize(2);
    }

    @Test
    void aReaderThatIsGoneEndsTheCommand() {
        Sink gone = line -> {
            throw new IOException("gone");
        };
        Streams streams = new Streams(gone, err::add, pauses::add);
        assertThatThrownBy(() -> new Shell(web2(), 0, streams).run("yes")).hasMessage("gone");
    }

    @Test
    void everySuggestionIsKnown() throws Exception {
        for (Personality host : Personalities.all()) {
            for (String suggestion : host.suggestions()) {
                assertThat(shell(host).run(suggestion)).as(suggestion).isNotEqualTo(127);
            }
        }
    }

    private int run(String command) throws Exception {
        return shell(web2()).run(command);
    }

    private static Personality web2() {
        return Personalities.all().get(1);
    }

    private Shell shell(Personality host) {
        return new Shell(host, 0, new Streams(out::add, err::add, pauses::add));
    }
}
