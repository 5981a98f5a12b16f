package io.sshpool.it.openssh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sshpool.Command;
import io.sshpool.ExecResult;
import io.sshpool.OutputLimitException;
import io.sshpool.SshPool;
import java.io.ByteArrayInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@ExtendWith(NothingLeft.class)
class CommandIT {

    private static final int MEBIBYTE = 1024 * 1024;

    /** Of each shell; the profile campaign has 100,000. */
    private static final int ARGUMENTS = Integer.getInteger("sshpool.arguments", 10_000);

    private static final int ARGUMENTS_A_COMMAND = 1_000;

    private PrivateSshd sshd;
    private SshPool pool;

    @BeforeEach
    void open() {
        sshd = PrivateSshd.start();
        pool = Pools.open(sshd.target("build"), "sshpool.max-connections=1");
    }

    @AfterEach
    void close() {
        pool.close();
        sshd.close();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 126, 127, 128, 255})
    void exit_codes_are_passed_on(int code) {
        ExecResult result = run(Command.shell("exit " + code));

        assertThat(result.exitCode()).isEqualTo(code);
        assertThat(result.isSuccess()).isEqualTo(code == 0);
        assertThat(result.signal()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"SEGV", "KILL", "TERM"})
    void death_by_a_signal_is_told_from_an_exit(String signal) {
        ExecResult result = run(Command.shell("echo before; kill -" + signal + " $$; echo after"));

        assertThat(result.signal()).contains(signal);
        assertThat(result.isSuccess()).isFalse();
        assertThat(result.stdout()).isEqualTo("before\n");
    }

    @Test
    void output_is_byte_for_byte_and_each_stream_by_itself() {
        ExecResult result = run(Command.shell("printf 'a\\0\\377\\r\\n'; printf '\\001e' >&2"));

        assertThat(result.stdoutBytes()).isEqualTo(new byte[] {'a', 0, (byte) 0xff, '\r', '\n'});
        assertThat(result.stderrBytes()).isEqualTo(new byte[] {1, 'e'});
    }

    @Test
    void a_child_that_keeps_standard_output_open_is_waited_for() {
        ExecResult result = run(Command.shell("(sleep 1; echo late) & echo early; exit 3"));

        assertThat(result.stdout()).isEqualTo("early\nlate\n");
        assertThat(result.exitCode()).isEqualTo(3);
        assertThat(result.duration()).isGreaterThanOrEqualTo(Duration.ofSeconds(1));
    }

    @Test
    void a_child_that_lets_go_of_its_streams_is_not_waited_for() {
        ExecResult result = run(Command.shell("sleep 30 >/dev/null 2>&1 </dev/null & echo early"));

        assertThat(result.stdout()).isEqualTo("early\n");
        assertThat(result.duration()).isLessThan(Duration.ofSeconds(10));
    }

    // ---- standard input

    @Test
    void eight_mebibytes_of_standard_input_arrive_as_they_are() {
        byte[] input = random(8 * MEBIBYTE);
        Command hash = Command.shell("cat | sha256sum");

        assertThat(run(hash.stdin(input)).stdout()).startsWith(sha256(input));
        assertThat(run(hash.stdin(new ByteArrayInputStream(input))).stdout()).startsWith(sha256(input));
    }

    @Test
    void standard_input_that_is_not_read_holds_nothing_up() {
        for (int i = 0; i < 12; i++) {
            assertThat(run(Command.shell("exit 4").stdin(random(8 * MEBIBYTE))).exitCode())
                    .isEqualTo(4);
        }
        assertThat(sshd.accepted()).isEqualTo(1);
    }

    @Test
    void standard_input_is_empty_when_there_is_none() {
        assertThat(run(Command.shell("cat; echo end")).stdout()).isEqualTo("end\n");
    }

    // ---- environment and directory

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "plain",
                "two words",
                "\n",
                "ends in newlines\n\n\n",
                "\nline one\nline 'two'\n\"three\"",
                "$HOME `id` $(id) \\ \\n \\\\ %s %% ! # ~ *",
                "'; touch $HOME/broken; '",
                "ünï 漢字 \uD83D\uDE80",
                "\t\r\u0001\u0081\u007f-",
                "-n",
            })
    void environment_values_arrive_as_they_are_and_leave_standard_input_alone(String value) {
        Command print = Command.shell("printf %s \"$FIRST\"; printf '|%s|' \"$SECOND\"; cat")
                .env("FIRST", value)
                .env("SECOND", value + value)
                .stdin("input\n");

        assertThat(run(print).stdout()).isEqualTo(value + "|" + value + value + "|input\n");
        assertThat(sshd.home().resolve("broken")).doesNotExist();
    }

    @Test
    void the_environment_is_seen_by_children_and_by_no_process_list() {
        Command list = Command.shell("sh -c 'printf %s \"$TOKEN\"'; ps axww 2>/dev/null || cat /proc/*/cmdline")
                .env("TOKEN", "hush-" + sshd.port());

        assertThat(run(list).stdout())
                .startsWith("hush-" + sshd.port())
                .satisfies(all -> assertThat(all.substring(10)).doesNotContain("hush-"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"plain", "two words", "it's", "-", "-P", "$HOME", "ünï"})
    void a_command_runs_in_its_directory(String name) {
        run(Command.of("mkdir", "--", name).workingDirectory(sshd.home().toString()));
        String absolute = sshd.home().resolve(name).toString();

        assertThat(run(Command.shell("cd $HOME; pwd").workingDirectory(absolute))
                        .stdout())
                .isEqualTo(sshd.home() + "\n");
        assertThat(run(Command.shell("pwd").workingDirectory(absolute)).stdout())
                .isEqualTo(absolute + "\n");
    }

    @Test
    void in_a_missing_directory_a_command_does_not_run() {
        ExecResult result = run(Command.shell("touch " + sshd.home() + "/ran").workingDirectory("/no such place"));

        assertThat(result.isSuccess()).isFalse();
        assertThat(result.stderr()).contains("/no such place");
        assertThat(sshd.home().resolve("ran")).doesNotExist();
    }

    // ---- quoting

    /** Each text is read by the login shell, and what comes of it by a second shell. */
    @ParameterizedTest
    @ValueSource(strings = {"sh", "dash", "bash"})
    void hostile_arguments_arrive_as_they_are(String shell) {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        for (int done = 0; done < ARGUMENTS; done += ARGUMENTS_A_COMMAND) {
            List<String> arguments = new ArrayList<>(List.of("%s\\0"));
            for (int i = 0; i < ARGUMENTS_A_COMMAND; i++) {
                arguments.add(hostile(random));
            }
            Command print = Command.of("printf", arguments.toArray(String[]::new));

            ExecResult result = run(Command.of(shell, "-c", print.text()));

            assertThat(List.of(result.stdout().split("\0", -1)))
                    .as("seed %d", seed)
                    .containsExactlyElementsOf(expected(arguments));
        }
    }

    private static List<String> expected(List<String> arguments) {
        List<String> expected = new ArrayList<>(arguments.subList(1, arguments.size()));
        expected.add("");
        return expected;
    }

    private static String hostile(Random random) {
        String alphabet = "'\"\\$`\n\t\r *?[]{}()<>|&;#~!^%=-+,.:/@aZ09é漢\uFFFD\u0001\u0081\u007f";
        StringBuilder text = new StringBuilder();
        for (int length = random.nextInt(20); length > 0; length--) {
            int any = 1 + random.nextInt(Character.MAX_CODE_POINT);
            boolean half = Character.getType(any) == Character.SURROGATE;
            text.appendCodePoint(
                    half || random.nextBoolean() ? alphabet.charAt(random.nextInt(alphabet.length())) : any);
        }
        return text.toString();
    }

    // ---- the output limit

    @ParameterizedTest
    @ValueSource(strings = {"yes", "yes >&2", "yes & yes >&2"})
    void a_flood_of_output_ends_at_the_limit_and_leaves_the_connection_usable(String flood) {
        for (int i = 0; i < 12; i++) {
            assertThatThrownBy(() -> run(Command.shell(flood).maxOutput(100_000)))
                    .isInstanceOfSatisfying(OutputLimitException.class, e -> {
                        int kept = e.partialOutput().stdoutBytes().length
                                + e.partialOutput().stderrBytes().length;
                        assertThat(kept).isBetween(1, 100_000);
                        assertThat(e.partialOutput().stdout()
                                        + e.partialOutput().stderr())
                                .startsWith("y\ny\n");
                    });
        }
        assertThat(run(Command.shell("head -c 100000 /dev/zero").maxOutput(100_000))
                        .stdoutBytes())
                .hasSize(100_000);
        assertThat(sshd.accepted()).isEqualTo(1);
    }

    private ExecResult run(Command command) {
        return pool.execute("build", command.timeout(Duration.ofSeconds(20)));
    }

    private static byte[] random(int size) {
        byte[] bytes = new byte[size];
        new Random(size).nextBytes(bytes);
        return bytes;
    }

    private static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
