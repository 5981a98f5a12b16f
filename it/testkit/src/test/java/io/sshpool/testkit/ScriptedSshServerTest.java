package io.sshpool.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sshpool.Command;
import io.sshpool.CommandTimeoutException;
import io.sshpool.ConnectionLostException;
import io.sshpool.ExecResult;
import io.sshpool.SshAuthenticationException;
import io.sshpool.SshConnectException;
import io.sshpool.SshPool;
import io.sshpool.Sudo;
import jakarta.enterprise.inject.se.SeContainer;
import jakarta.enterprise.inject.se.SeContainerInitializer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The kit and the pool together: that the kit understands what the pool sends cannot be told otherwise. */
class ScriptedSshServerTest {

    @RegisterExtension
    static final ScriptedSshServer ssh = ScriptedSshServer.builder()
            .target("build", "ci")
            .target("legacy", "admin", "a password")
            .on("uptime", Reply.stdout("up 3 days\n"))
            .start();

    private static SeContainer weld;
    private static SshPool pool;

    @BeforeAll
    static void application() {
        weld = SeContainerInitializer.newInstance()
                .addProperty("org.jboss.weld.se.shutdownHook", false)
                .initialize();
        pool = weld.select(SshPool.class).get();
    }

    @AfterAll
    static void end() {
        weld.close();
    }

    @BeforeEach
    void forgetFaults() {
        pool.evict("build");
        pool.evict("legacy");
    }

    @Test
    void aScriptedCommandAnswersAndIsRecorded() {
        ssh.on("df -h", Reply.stdout("full").withStderr("warning").withExit(3));

        ExecResult result = pool.execute("build", "df -h");

        assertThat(result.stdout()).isEqualTo("full");
        assertThat(result.stderr()).isEqualTo("warning");
        assertThat(result.exitCode()).isEqualTo(3);
        assertThat(pool.execute("legacy", "uptime").stdout()).isEqualTo("up 3 days\n");
        assertThat(ssh.commands()).containsExactly("df -h", "uptime");
        assertThat(ssh.received().get(1).login()).isEqualTo("admin");
    }

    @Test
    void whatIsNotScriptedIsNotFound() {
        ExecResult result = pool.execute("build", "reboot");

        assertThat(result.exitCode()).isEqualTo(127);
        assertThat(result.stderr()).contains("reboot");
    }

    @Test
    void theLastScriptCounts() {
        ssh.on(Pattern.compile("up.*"), command -> Reply.stdout("pattern " + command.text()));
        assertThat(pool.execute("build", "uptime").stdout()).isEqualTo("pattern uptime");
        ssh.on("uptime", "exact");
        assertThat(pool.execute("build", "uptime").stdout()).isEqualTo("exact");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void whatATestScriptsAndRecordsEndsWithIt(int run) {
        assertThat(ssh.commands()).isEmpty();
        assertThat(pool.execute("build", "only here").exitCode()).isEqualTo(127);
        ssh.on("only here", "x");
        assertThat(pool.execute("build", "only here").isSuccess()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "plain", "it's", "a\nb\n", "ü '漢' \uD83D\uDE80\n", " && B='2'", "$HOME \\0101"})
    void environmentDirectoryAndInputArriveAsTheApplicationMeantThem(String value) {
        ssh.on(Pattern.compile("make 'a b'"), command -> Reply.stdout(command.stdin()));
        Command command = Command.of("make", "a b")
                .env("A", value)
                .env("B", "b")
                .workingDirectory("src dir")
                .stdin("input\n");

        for (Command each : new Command[] {
            command, command.sudo(), command.sudo(Sudo.user("postgres").password("se'cret ü"))
        }) {
            assertThat(pool.execute("build", each).stdout()).isEqualTo("input\n");
        }

        assertThat(ssh.received()).hasSize(3).allSatisfy(received -> {
            assertThat(received.environment()).isEqualTo(Map.of("A", value, "B", "b"));
            assertThat(received.workingDirectory()).contains("src dir");
            assertThat(received.stdin()).isEqualTo("input\n");
        });
        assertThat(ssh.received())
                .extracting(received -> received.sudoUser().orElse(""))
                .containsExactly("", "root", "postgres");
    }

    @Test
    void sudoOfOneProgramIsThatProgram() {
        ssh.on("id -un", "root\n");
        assertThat(pool.execute(
                                "build",
                                Command.of("id", "-un").sudo(Sudo.root().password("x")))
                        .stdout())
                .isEqualTo("root\n");
        assertThat(ssh.received().get(0).sudoUser()).contains("root");
    }

    @Test
    void aScriptsTextIsItsInput() {
        ssh.on("sh -s -- x", "done");
        ssh.on(Pattern.compile("sh -s -- y"), command -> Reply.stdout(command.stdin()));
        assertThat(pool.execute("build", Command.script("echo $1", "x")).stdout())
                .isEqualTo("done");
        assertThat(pool.execute("build", Command.script("echo $1", "y")).stdout())
                .isEqualTo("echo $1");
    }

    @Test
    void aSlowCommandTimesOut() {
        ssh.on("slow", Reply.stdout("late").after(Duration.ofSeconds(30)));
        assertThatThrownBy(() -> pool.execute("build", Command.shell("slow").timeout(Duration.ofMillis(200))))
                .isInstanceOf(CommandTimeoutException.class);
    }

    @Test
    void aDroppedConnectionLosesTheCommandAndTheNextOneWorks() {
        ssh.on("crash", Reply.dropConnection());
        assertThatThrownBy(() -> pool.execute("build", "crash")).isInstanceOf(ConnectionLostException.class);
        assertThat(pool.execute("build", "uptime").isSuccess()).isTrue();
        ssh.dropConnections();
        assertThat(pool.execute("build", "uptime").isSuccess()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void aHostThatIsDownRefusesUntilItIsUpOrTheTestEnds(int run) {
        int port = ssh.port();
        assertThat(pool.execute("build", "uptime").isSuccess()).isTrue();
        ssh.down();
        assertThatThrownBy(() -> pool.execute("build", "uptime")).isInstanceOf(SshConnectException.class);
        if (run == 1) {
            ssh.up();
            pool.evict("build");
            assertThat(pool.execute("build", "uptime").isSuccess()).isTrue();
        }
        assertThat(ssh.port()).isEqualTo(port);
    }

    @Test
    void rejectedLoginsAreAuthenticationFailures() {
        pool.evict("build");
        ssh.dropConnections();
        ssh.rejectLogins();
        assertThatThrownBy(() -> pool.execute("build", "uptime")).isInstanceOf(SshAuthenticationException.class);
    }

    @Test
    void itServesFiles() throws IOException {
        Files.writeString(ssh.files().resolve("notes"), "hello");
        Path copy = Files.createTempDirectory("kit").resolve("copy");
        try (var lease = pool.acquire("build")) {
            lease.files().download("/notes", copy);
        }
        assertThat(copy).hasContent("hello");
        Files.delete(copy);
        Files.delete(copy.getParent());
    }

    @Test
    void aTargetHasOneServerAndASecondSaysWhatToDo() {
        assertThatThrownBy(() -> ScriptedSshServer.serving("build"))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("shared()");
    }

    @Test
    void nothingIsLeftOfAClosedServer() {
        ScriptedSshServer other = ScriptedSshServer.serving("other");
        Path files = other.files();
        assertThat(System.getProperty("sshpool.target.other.port")).isEqualTo(String.valueOf(other.port()));
        other.close();
        other.close();
        assertThat(System.getProperties().stringPropertyNames())
                .noneMatch(name -> name.startsWith("sshpool.target.other"));
        assertThat(files).doesNotExist();
        other.up();
        assertThat(other.connections()).isZero();
    }
}
