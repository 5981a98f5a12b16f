package io.sshpool.it.openssh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sshpool.Command;
import io.sshpool.CommandTimeoutException;
import io.sshpool.ExecResult;
import io.sshpool.OutputLimitException;
import io.sshpool.RemoteFile;
import io.sshpool.RemoteProcess;
import io.sshpool.SshLease;
import io.sshpool.SshPool;
import io.sshpool.Sudo;
import io.sshpool.Transfer;
import io.sshpool.Tunnel;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Proxy;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Iterator;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** What a pool does on dropbear, the server of small machines. The first word of a test's name is its feature in README's table. */
@ExtendWith(NothingLeft.class)
class DropbearIT {

    private static final String PASSWORD = "hush it's $HOME";

    private static Dropbear dropbear;

    private long before;
    private SshPool pool;

    @BeforeAll
    static void startServer() {
        dropbear = Dropbear.start(PASSWORD);
        dropbear.user().maySudo("ALL=(ALL) ALL");
    }

    @AfterAll
    static void stopServer() {
        dropbear.close();
    }

    @BeforeEach
    void open() {
        before = dropbear.accepted();
        // One command at a time: of several that end at once on one connection, this dropbear loses exit code and
        // output of some.
        pool = Pools.open(
                dropbear.target("build"), "sshpool.max-connections=1", "sshpool.max-channels-per-connection=1");
    }

    @AfterEach
    void closeAndCountTheLogIns() {
        pool.close();
        assertThat(dropbear.accepted() - before).as("log-ins of a test").isEqualTo(1);
    }

    private ExecResult run(Command command) {
        return pool.execute("build", command.timeout(Duration.ofMinutes(1)));
    }

    private static byte[] random(int size) {
        byte[] bytes = new byte[size];
        new Random(size).nextBytes(bytes);
        return bytes;
    }

    @Test
    void commands_have_their_exit_code_their_signal_and_each_stream_by_itself() {
        for (int code : new int[] {0, 1, 127, 255}) {
            assertThat(run(Command.shell("exit " + code)).exitCode()).isEqualTo(code);
        }
        assertThat(run(Command.shell("kill -KILL $$")).signal()).contains("KILL");
        ExecResult bytes = run(Command.shell("printf 'a\\000\\377\\r\\n'; printf '\\001e' >&2"));
        assertThat(bytes.stdoutBytes()).isEqualTo(new byte[] {'a', 0, (byte) 0xff, '\r', '\n'});
        assertThat(bytes.stderrBytes()).isEqualTo(new byte[] {1, 'e'});
    }

    @Test
    void commands_get_their_input_environment_and_directory() {
        byte[] input = random(1 << 20);
        assertThat(run(Command.of("cat").stdin(input)).stdoutBytes()).isEqualTo(input);
        assertThat(run(Command.shell("exit 4").stdin(input)).exitCode()).isEqualTo(4);

        Command command = Command.shell("printf '%s|%s|' \"$TOKEN\" \"$PWD\"; cat")
                .env("TOKEN", "ü\n'x'")
                .workingDirectory("/etc")
                .stdin("input");
        assertThat(run(command).stdout()).isEqualTo("ü\n'x'|/etc|input");
        String hostile = "'\"$(id) `id` \\ \n*;&|";
        assertThat(run(Command.of("printf", "%s", hostile)).stdout()).isEqualTo(hostile);
    }

    @Test
    void commands_share_one_connection() {
        Crowd.succeed(8, caller -> () -> {
            for (int i = 0; i < 10; i++) {
                assertThat(pool.execute("build", "echo " + caller + i).stdout()).isEqualTo("" + caller + i + "\n");
            }
            return caller;
        });
        assertThat(pool.stats().created()).isEqualTo(1);
    }

    @Test
    void commands_end_at_their_limits_and_leave_the_connection_usable() {
        assertThatThrownBy(() -> run(Command.shell("yes").maxOutput(100_000))).isInstanceOf(OutputLimitException.class);
        assertThatThrownBy(() ->
                        pool.execute("build", Command.shell("exec sleep 60").timeout(Duration.ofMillis(200))))
                .isInstanceOf(CommandTimeoutException.class);
        assertThat(run(Command.shell("echo on")).stdout()).isEqualTo("on\n");
    }

    @Test
    void streams_go_to_and_fro_and_end_with_a_signal() throws IOException {
        try (SshLease lease = pool.acquire("build");
                RemoteProcess process = lease.start("while read line; do echo \"got $line\"; done")) {
            Iterator<String> answers = process.lines().iterator();
            for (int i = 0; i < 20; i++) {
                process.stdin().write((i + "\n").getBytes(StandardCharsets.UTF_8));
                assertThat(answers.next()).isEqualTo("got " + i);
            }
            process.stdin().close();
            assertThat(process.waitFor().isSuccess()).isTrue();
        }
        try (SshLease lease = pool.acquire("build");
                RemoteProcess flood = lease.start("exec yes")) {
            assertThat(flood.lines().limit(500_000)).allMatch("y"::equals);
        }
        try (SshLease lease = pool.acquire("build");
                RemoteProcess process = lease.start("echo begun; exec sleep 60")) {
            assertThat(process.lines().findFirst()).hasValue("begun");
            process.signal("TERM");
            assertThat(process.waitFor().signal()).contains("TERM");
        }
    }

    @Test
    void streams_of_a_terminal_have_its_size_and_its_interrupt_key() throws IOException {
        String text = "trap 'stty size' WINCH; trap 'echo bye; exit 7' INT; stty size; while :; do sleep 0.05; done";
        try (SshLease lease = pool.acquire("build");
                RemoteProcess process = lease.start(Command.shell(text).pty("xterm", 132, 40))) {
            Iterator<String> lines = process.lines().iterator();
            assertThat(lines.next()).isEqualTo("40 132");
            process.resize(100, 30);
            assertThat(lines.next()).isEqualTo("30 100");
            process.stdin().write(3);
            assertThat(lines.next()).contains("bye");
            assertThat(process.waitFor().exitCode()).isEqualTo(7);
        }
    }

    @Test
    void files_come_up_and_down_exactly(@TempDir Path folder) throws IOException {
        try (SshLease lease = pool.acquire("build")) {
            for (int size : new int[] {0, 1, 4 << 20}) {
                Path here = Files.write(folder.resolve("here"), random(size));
                lease.files().upload(here, "there", Transfer.defaults().sha256());
                lease.files()
                        .download(
                                "there",
                                folder.resolve("back"),
                                Transfer.defaults().sha256());
                assertThat(Files.mismatch(here, folder.resolve("back"))).isEqualTo(-1);
            }
            assertThat(lease.files().list(".")).extracting(RemoteFile::name).contains("there");
        }
    }

    // ---- tunnels

    @Test
    void tunnels_lead_there_and_back() throws IOException {
        try (ServerSocket far = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
                SshLease lease = pool.acquire("build");
                Tunnel local = lease.forwardLocal(0, "127.0.0.1", far.getLocalPort());
                Tunnel socks = lease.forwardDynamic(0);
                Socket throughSocks = new Socket(new Proxy(Proxy.Type.SOCKS, socks.address()))) {
            Tunnel remote = lease.forwardRemote(0, "127.0.0.1", far.getLocalPort());
            assertTalk(far, new Socket("127.0.0.1", local.port()));
            assertTalk(far, new Socket("127.0.0.1", remote.port()));
            throughSocks.connect(far.getLocalSocketAddress());
            assertTalk(far, throughSocks);
            remote.close();
            assertThat(lease.execute("echo on").stdout()).isEqualTo("on\n");
        }
    }

    @Test
    void tunnels_to_nowhere_close_the_client_and_nothing_else() throws IOException {
        try (SshLease lease = pool.acquire("build");
                Tunnel tunnel = lease.forwardLocal(0, "127.0.0.1", FreePort.find());
                Socket client = new Socket("127.0.0.1", tunnel.port())) {
            client.setSoTimeout(60_000);
            assertThat(client.getInputStream().read()).isEqualTo(-1);
            assertThat(lease.execute("echo on").stdout()).isEqualTo("on\n");
        }
    }

    private static void assertTalk(ServerSocket far, Socket client) throws IOException {
        far.setSoTimeout(60_000);
        try (client;
                Socket there = far.accept()) {
            client.setSoTimeout(60_000);
            there.setSoTimeout(60_000);
            client.getOutputStream().write("ask".getBytes(StandardCharsets.UTF_8));
            assertThat(there.getInputStream().readNBytes(3)).asString().isEqualTo("ask");
            there.getOutputStream().write("answer".getBytes(StandardCharsets.UTF_8));
            there.shutdownOutput();
            assertThat(client.getInputStream().readAllBytes()).asString().isEqualTo("answer");
        }
    }

    @Test
    void jumps_lead_through_dropbear_and_to_it() {
        try (PrivateSshd sshd = PrivateSshd.start();
                SshPool hops = Pools.open(
                        dropbear.target("jump"),
                        sshd.target("behind"),
                        dropbear.target("last"),
                        "sshpool.target.behind.proxy-jump=jump",
                        "sshpool.target.last.proxy-jump=behind")) {
            assertThat(hops.execute("behind", "echo $HOME").stdout()).isEqualTo(sshd.home() + "\n");
            assertThat(hops.execute("last", "echo $HOME").stdout())
                    .isEqualTo(dropbear.user().home() + "\n");
            before += 2;
        }
        // the one log-in that is counted
        run(Command.shell("true"));
    }

    // ---- as somebody else

    @Test
    void sudo_is_given_the_password_and_the_command_its_input() {
        Sudo sudo = Sudo.root().password(PASSWORD);

        ExecResult result = run(Command.shell("id -un; cat").sudo(sudo).stdin("input"));

        assertThat(result.stdout()).isEqualTo("root\ninput");
        assertThat(run(Command.of("id", "-un").sudo(sudo)).stdout()).isEqualTo("root\n");
    }

    @Test
    void scripts_run_with_their_arguments() {
        Command script = Command.script("id -un\nprintf '%s.' \"$@\"\n", "it's", "-n", "", "ü\n");

        assertThat(run(script).stdout()).isEqualTo(dropbear.user().name() + "\nit's.-n..ü\n.");
    }
}
