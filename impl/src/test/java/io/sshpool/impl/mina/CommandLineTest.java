package io.sshpool.impl.mina;

import static org.assertj.core.api.Assertions.assertThat;

import io.sshpool.Command;
import io.sshpool.Sudo;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What is sent does in every POSIX shell of this machine what the command says. */
@Timeout(30)
final class CommandLineTest {

    @TempDir
    Path home;

    /** As login shells are called by sshd: the shell, and what makes it take a text. */
    static Stream<List<String>> shells() {
        return Stream.of(
                        List.of("/bin/sh", "-c"),
                        List.of("/bin/dash", "-c"),
                        List.of("/bin/bash", "-c"),
                        List.of("/usr/bin/zsh", "-c"),
                        List.of("/bin/ksh", "-c"),
                        List.of("/bin/mksh", "-c"),
                        List.of("/bin/busybox", "sh", "-c"))
                .filter(shell -> Files.isExecutable(Path.of(shell.get(0))));
    }

    @Test
    void aPlainCommandIsSentAsItIs() {
        CommandLine line = CommandLine.of(Command.shell("tail -n 5 *.log"));

        assertThat(line.text()).isEqualTo("tail -n 5 *.log");
        assertThat(line.ahead()).isEmpty();
    }

    @Test
    void valuesAreNotInTheText() {
        CommandLine line = CommandLine.of(Command.shell("true").env("TOKEN", "s3cret"));

        assertThat(line.text()).doesNotContain("s3cret");
        assertThat(line.toString()).doesNotContain("s3cret");
        assertThat(new String(line.ahead(), StandardCharsets.US_ASCII)).contains("s3cret");
    }

    @ParameterizedTest
    @MethodSource("shells")
    void anEmptyCommandSucceeds(List<String> shell) {
        assertThat(run(shell, Command.shell("")).code()).isZero();
    }

    @ParameterizedTest
    @MethodSource("shells")
    void everyValueArrivesExactly(List<String> shell) {
        for (String value : List.of(
                "plain",
                "",
                " two  spaces ",
                "it's \"quoted\" `id` $(id) $HOME \\ \\n \\0101 %s %% ! * ~",
                "first\nsecond",
                "\n",
                "ends with newlines\n\n",
                "\n\n starts so",
                "tab\tand\rreturn\u0001\u007f",
                "Grüße ā “quotes” 漢字 \ud83d\ude00",
                "Grüße\n",
                "-n",
                "x".repeat(100_000))) {
            Command command = Command.shell("printf '%s' \"$VALUE\"; printf '|%s' \"$OTHER\"")
                    .env("VALUE", value)
                    .env("OTHER", "o'ther");

            Ended ended = run(shell, command);

            assertThat(ended.out()).isEqualTo(value + "|o'ther");
            assertThat(ended.err()).isEmpty();
        }
    }

    @ParameterizedTest
    @MethodSource("shells")
    void valuesAreInheritedAndHelpersAreNot(List<String> shell) {
        String text = "sh -c 'echo $VALUE'; echo left: ${sshpool_environment+one} ${sshpool_newline+two}";

        Ended ended = run(shell, Command.shell(text).env("VALUE", "here"));

        assertThat(ended.out().trim()).isEqualTo("here\nleft:");
    }

    @ParameterizedTest
    @MethodSource("shells")
    void theCommandsOwnInputIsLeftToIt(List<String> shell) {
        String input = "line 1\nline 2 \\\n\n  no end";

        assertThat(run(shell, Command.shell("cat").env("A", "1\n2").stdin(input))
                        .out())
                .isEqualTo(input);
        assertThat(run(shell, Command.shell("cat").env("A", "1").env("B", "2")).out())
                .isEmpty();
    }

    @ParameterizedTest
    @MethodSource("shells")
    void withoutItsEnvironmentTheCommandDoesNotRun(List<String> shell) {
        CommandLine line = CommandLine.of(Command.shell("echo ran").env("A", "1"));

        Ended ended = run(shell, line.text(), new byte[0]);

        assertThat(ended.code()).isEqualTo(126);
        assertThat(ended.out()).isEmpty();
        assertThat(ended.err()).contains("sshpool: no environment");
    }

    @ParameterizedTest
    @MethodSource("shells")
    void halfAnEnvironmentIsNone(List<String> shell) {
        CommandLine line = CommandLine.of(Command.shell("echo ran").env("A", "1"));

        Ended ended = run(shell, line.text(), "export A='1'".getBytes(StandardCharsets.US_ASCII));

        assertThat(ended.code()).isEqualTo(126);
        assertThat(ended.out()).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("shells")
    void aDirectoryIsEnteredWhateverItsName(List<String> shell) throws IOException {
        for (String name : List.of("plain", "-x", "-", "--", "with space", "it's", "$HOME", "~", "~root", "+1", "*")) {
            Path directory = Files.createDirectories(home.resolve("d").resolve(name));

            Ended ended = run(shell, Command.shell("cd ..; ls -d -- */").workingDirectory("d/" + name));
            assertThat(ended.code()).as(name).isZero();
            assertThat(run(shell, Command.shell("pwd -P").workingDirectory(directory.toString()))
                            .out())
                    .isEqualTo(directory.toRealPath() + "\n");
        }
        Files.createDirectory(home.resolve("-x"));
        Ended dashed = run(shell, Command.shell("pwd -P").workingDirectory("-x"));
        assertThat(dashed.out()).isEqualTo(home.toRealPath().resolve("-x") + "\n");
    }

    @ParameterizedTest
    @MethodSource("shells")
    void aSearchPathForDirectoriesIsNotUsed(List<String> shell) throws IOException {
        Files.createDirectories(home.resolve("elsewhere").resolve("here"));
        Files.createDirectory(home.resolve("here"));

        Ended ended = run(
                shell,
                Command.shell("pwd -P")
                        .env("CDPATH", home.resolve("elsewhere").toString())
                        .workingDirectory("here"));

        assertThat(ended.out()).isEqualTo(home.toRealPath().resolve("here") + "\n");
    }

    @ParameterizedTest
    @MethodSource("shells")
    void withoutItsDirectoryTheCommandDoesNotRun(List<String> shell) {
        Ended ended = run(shell, Command.shell("echo ran").workingDirectory("missing"));

        assertThat(ended.code()).isNotZero();
        assertThat(ended.out()).isEmpty();
        assertThat(ended.err()).contains("missing");
    }

    @ParameterizedTest
    @MethodSource("shells")
    void theExitCodeIsTheCommands(List<String> shell) {
        assertThat(run(shell, Command.shell("exit 7").env("A", "1").workingDirectory("."))
                        .code())
                .isEqualTo(7);
        assertThat(run(shell, Command.shell("(exit 3) # comment").env("A", "1")).code())
                .isEqualTo(3);
        assertThat(run(shell, Command.shell("cat <<E\nhere\nE\n").env("A", "1")).out())
                .isEqualTo("here\n");
    }

    @Test
    void aShellWithoutItsOwnPrintfIsNotGivenAPasswordForSudo() throws IOException {
        Path called = home.resolve("called");
        Path printf = Files.writeString(home.resolve("printf"), "#!/bin/sh\necho \"$@\" >>" + called + "\n");
        Files.setPosixFilePermissions(printf, PosixFilePermissions.fromString("rwx------"));
        CommandLine line = CommandLine.of(Command.shell("true").sudo(Sudo.root().password("s\u00e4cret")));

        Ended ended = run(
                List.of("/bin/bash", "-c"), "enable -n printf\nPATH=" + home + ":$PATH\n" + line.text(), line.ahead());

        assertThat(called).doesNotExist();
        assertThat(ended.code()).isEqualTo(126);
        assertThat(ended.err()).contains("no printf of its own");
    }

    private record Ended(int code, String out, String err) {}

    private Ended run(List<String> shell, Command command) {
        CommandLine line = CommandLine.of(command);
        byte[] own = command.stdin().map(CommandLineTest::readAll).orElse(new byte[0]);
        byte[] all = new byte[line.ahead().length + own.length];
        System.arraycopy(line.ahead(), 0, all, 0, line.ahead().length);
        System.arraycopy(own, 0, all, line.ahead().length, own.length);
        return run(shell, line.text(), all);
    }

    private Ended run(List<String> shell, String text, byte[] input) {
        try {
            Path out = Files.createTempFile("out", "");
            Path err = Files.createTempFile("err", "");
            Process process = new ProcessBuilder(
                            Stream.concat(shell.stream(), Stream.of(text)).toList())
                    .directory(home.toFile())
                    .redirectOutput(out.toFile())
                    .redirectError(err.toFile())
                    .start();
            try (OutputStream in = process.getOutputStream()) {
                in.write(input);
            } catch (IOException e) {
                // It has ended without reading.
            }
            if (!process.waitFor(20, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new AssertionError("still running");
            }
            Ended ended = new Ended(process.exitValue(), Files.readString(out), Files.readString(err));
            Files.delete(out);
            Files.delete(err);
            return ended;
        } catch (IOException e) {
            throw new AssertionError(e);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static byte[] readAll(InputStream stream) {
        try {
            return stream.readAllBytes();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
