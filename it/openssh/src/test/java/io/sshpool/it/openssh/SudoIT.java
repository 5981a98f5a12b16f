package io.sshpool.it.openssh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.sshpool.Command;
import io.sshpool.CommandTimeoutException;
import io.sshpool.ExecResult;
import io.sshpool.RemoteProcess;
import io.sshpool.SshLease;
import io.sshpool.SshPool;
import io.sshpool.Sudo;
import io.sshpool.SudoException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** sudo as it is, for a user that the test makes: run it as root. */
@ExtendWith(NothingLeft.class)
class SudoIT {

    private static final String PASSWORD = "häsh it's $HOME \\n%s";

    private LoginUser user;
    private PrivateSshd sshd;
    private SshPool pool;

    @BeforeEach
    void open() {
        user = LoginUser.make(PASSWORD);
        user.maySudo("ALL=(ALL) ALL");
        sshd = PrivateSshd.startFor(user);
        pool = Pools.open(
                sshd.target("build"), "sshpool.target.build.user=" + user.name(), "sshpool.max-connections=1");
    }

    @AfterEach
    void close() {
        pool.close();
        sshd.close();
        user.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"root", "nobody"})
    void a_command_runs_as_another_user_and_has_its_input_to_itself(String other) {
        Sudo sudo = Sudo.user(other).password(PASSWORD);

        ExecResult result = run(Command.shell("id -un; cat; exit 5").sudo(sudo).stdin("in\nput"));

        assertThat(result.stderr()).isEmpty();
        assertThat(result.stdout()).isEqualTo(other + "\nin\nput");
        assertThat(result.exitCode()).isEqualTo(5);
        assertThat(run(Command.of("id", "-un").sudo(sudo)).stdout()).isEqualTo(other + "\n");
        assertThat(leftInTmp()).isEmpty();
    }

    @Test
    void no_process_shows_the_password_while_sudo_runs() {
        try (ProcessWatch watch = new ProcessWatch(PASSWORD, "sshpool-here")) {
            for (int i = 0; i < 10; i++) {
                assertThat(run(Command.shell(": sshpool-here; sleep 0.1; id -un")
                                        .sudo(root()))
                                .stdout())
                        .isEqualTo("root\n");
            }
            assertThatThrownBy(() -> run(Command.of("id").sudo(Sudo.root().password(PASSWORD + "?"))))
                    .isInstanceOf(SudoException.class);

            assertThat(watch.showing()).isEmpty();
            assertThat(watch.seen()).hasSizeGreaterThan(10);
            assertThat(watch.rounds()).isGreaterThan(10);
        }
    }

    @Test
    void a_wrong_password_is_one_attempt_and_an_exception_without_it() throws IOException {
        Path log = sshd.path("sudo.log");
        user.maySudo("Defaults:" + user.name() + " logfile=" + log, "ALL=(ALL) ALL");
        Command wrong =
                Command.shell("touch ran").sudo(Sudo.root().password("hunter2")).stdin("hunter3\n" + PASSWORD);

        assertThatThrownBy(() -> run(wrong)).isInstanceOfSatisfying(SudoException.class, e -> {
            assertThat(e.target()).isEqualTo("build");
            assertThat(e.isRetryable()).isFalse();
            assertThat(e).hasMessageNotContaining("hunter");
        });
        assertThat(Files.readString(log).replaceAll("\\s+", " ")).containsOnlyOnce("1 incorrect password attempt");
        assertThat(user.home().resolve("ran")).doesNotExist();
        assertThat(leftInTmp()).isEmpty();
    }

    @Test
    void a_command_that_is_cut_leaves_nothing() {
        Command endless = Command.shell("sleep 5").sudo(root()).timeout(Duration.ofMillis(500));

        assertThatThrownBy(() -> pool.execute("build", endless)).isInstanceOf(CommandTimeoutException.class);

        await().until(() -> leftInTmp().isEmpty());
    }

    @Test
    void a_process_that_is_talked_with_is_told_of_a_wrong_password_too() {
        Command wrong = Command.of("cat").sudo(Sudo.root().password("hunter2"));
        try (SshLease lease = pool.acquire("build");
                RemoteProcess process = lease.start(wrong)) {
            assertThatThrownBy(process::waitFor)
                    .isInstanceOf(SudoException.class)
                    .hasMessageNotContaining("hunter");
            assertThat(process.stderrLines()).last().asString().endsWith("sudo did not take the password");
        }
        try (SshLease lease = pool.acquire("build");
                RemoteProcess process = lease.start(Command.of("id", "-un").sudo(root()))) {
            assertThat(process.waitFor().isSuccess()).isTrue();
            assertThat(process.lines()).containsExactly("root");
        }
        // what a rejected password ends with, too
        try (SshLease lease = pool.acquire("build");
                RemoteProcess process = lease.start(Command.shell("exit 126").sudo(root()))) {
            assertThat(process.waitFor().exitCode()).isEqualTo(126);
        }
        assertThat(leftInTmp()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"right", "wrong"})
    void a_password_that_sudo_does_not_ask_for_is_not_used(String which) {
        user.maySudo("ALL=(ALL) NOPASSWD: ALL");
        Sudo sudo = Sudo.root().password(which.equals("right") ? PASSWORD : "hunter2");

        ExecResult result = run(Command.of("cat").sudo(sudo).stdin("input"));

        assertThat(result.stdout()).isEqualTo("input");
        assertThat(result.stderr()).isEmpty();
        assertThat(leftInTmp()).isEmpty();
    }

    @Test
    void without_a_password_sudo_that_asks_says_so_and_sudo_that_does_not_runs() {
        ExecResult asks = run(Command.of("id", "-un").sudo());
        assertThat(asks.exitCode()).isEqualTo(1);
        assertThat(asks.stderr()).contains("password");

        user.maySudo("ALL=(ALL) NOPASSWD: /usr/bin/id");
        assertThat(run(Command.of("id", "-un").sudo()).stdout()).isEqualTo("root\n");
        assertThat(run(Command.shell("id -un").sudo()).exitCode()).isEqualTo(1);
    }

    @Test
    void a_user_that_may_not_is_told_so_by_sudo() {
        user.maySudo("ALL=(nobody) ALL");

        ExecResult result = run(Command.of("id").sudo(root()));

        assertThat(result.exitCode()).isEqualTo(1);
        assertThat(result.stderr()).contains("not allowed");
    }

    @Test
    void a_remembered_ticket_does_not_leave_the_password_to_the_command() {
        user.maySudo("Defaults:" + user.name() + " timestamp_type=global", "ALL=(ALL) ALL");
        for (int i = 0; i < 2; i++) {
            assertThat(run(Command.of("cat").sudo(root()).stdin("input")).stdout())
                    .isEqualTo("input");
        }
    }

    @Test
    void environment_and_directory_are_those_of_the_other_user() {
        Command command = Command.shell("printf '%s|%s|' \"$TOKEN\" \"$PWD\"; cat")
                .env("TOKEN", "ü\n'x'")
                .workingDirectory("/root")
                .stdin("input")
                .sudo(root());

        assertThat(run(command).stdout()).isEqualTo("ü\n'x'|/root|input");
    }

    @Test
    void a_script_runs_under_sudo_with_its_arguments() {
        Command script = Command.script("id -un\nprintf '%s.' \"$@\"\n", "it's", "-n", "", "ü\n");

        assertThat(run(script.sudo(root())).stdout()).isEqualTo("root\nit's.-n..ü\n.");
        assertThat(run(script).stdout()).isEqualTo(user.name() + "\nit's.-n..ü\n.");
    }

    private static Sudo root() {
        return Sudo.root().password(PASSWORD);
    }

    private ExecResult run(Command command) {
        return pool.execute("build", command.timeout(Duration.ofSeconds(20)));
    }

    private static List<Path> leftInTmp() {
        try (Stream<Path> all = Files.list(Path.of("/tmp"))) {
            return all.filter(path -> path.getFileName().toString().matches("sshpool-[0-9a-f]{8}-.*"))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
