package io.sshpool.it.openssh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.sshpool.Command;
import io.sshpool.ConnectionLostException;
import io.sshpool.RemoteProcess;
import io.sshpool.SshLease;
import io.sshpool.SshPool;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Iterator;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Commands that are talked with while they run, all on one connection. */
@ExtendWith(NothingLeft.class)
class StreamIT {

    private PrivateSshd sshd;
    private SshPool pool;

    @BeforeEach
    void open() {
        sshd = PrivateSshd.start();
        pool = Pools.open(sshd.target("build"), "sshpool.max-connections=1", "sshpool.max-channels-per-connection=10");
    }

    @AfterEach
    void close() {
        pool.close();
        sshd.close();
    }

    @Test
    @Timeout(value = 15, unit = TimeUnit.MINUTES) // ten of them in the campaign
    void a_gigabyte_and_many_floods_fit_a_heap_of_64_MB() {
        String gigabytes = System.getProperty("sshpool.stream.gigabytes", "1");
        String java = ProcessHandle.current().info().command().orElse("java");
        String report = Shell.run(
                java,
                "-Xmx64m",
                "-cp",
                System.getProperty("java.class.path"),
                SmallHeap.class.getName(),
                gigabytes,
                sshd.target("build"));
        System.out.println(report);
        assertThat(report).contains("read " + (Long.parseLong(gigabytes) << 30) + " bytes");
    }

    @Test
    @Timeout(value = 5, unit = TimeUnit.MINUTES) // a thousand commands
    void a_blocked_reader_holds_up_nobody_on_its_connection() throws IOException {
        try (SshLease lease = pool.acquire("build");
                RemoteProcess flood = lease.start("yes")) {
            await().until(() -> flood.stdout().available() > 1 << 20);
            for (int i = 0; i < 1000; i++) {
                assertThat(lease.execute("echo " + i).stdout()).isEqualTo(i + "\n");
            }
            assertThat(flood.lines().limit(2_000_000)).allMatch("y"::equals);
        }
        await().until(() -> pool.stats().channelsInUse() == 0);
        assertThat(sshd.accepted()).isEqualTo(1);
        assertThat(pool.execute("build", "echo on").stdout()).isEqualTo("on\n");
        assertThat(sshd.accepted()).isEqualTo(1);
    }

    @Test
    void a_background_child_that_keeps_the_output_open_does_not_hold_the_exit_code_back() throws Exception {
        try (SshLease lease = pool.acquire("build");
                RemoteProcess process = lease.start("sleep 5 & exit 3")) {
            long started = System.nanoTime();
            assertThat(process.exit()
                            .toCompletableFuture()
                            .get(4, TimeUnit.SECONDS)
                            .exitCode())
                    .isEqualTo(3);
            assertThat(Duration.ofNanos(System.nanoTime() - started)).isLessThan(Duration.ofSeconds(4));
        }
        // the slot does not wait for the child either
        await().atMost(Duration.ofSeconds(20)).until(() -> pool.stats().channelsInUse() == 0);
        assertThat(sshd.accepted()).isEqualTo(1);
    }

    @Test
    void a_conversation_goes_to_and_fro() throws IOException {
        try (SshLease lease = pool.acquire("build");
                RemoteProcess process = lease.start("while read line; do echo \"got $line\"; done")) {
            Iterator<String> answers = process.lines().iterator();
            for (int i = 0; i < 100; i++) {
                process.stdin().write((i + "\n").getBytes(StandardCharsets.UTF_8));
                assertThat(answers.next()).isEqualTo("got " + i);
            }
            process.stdin().close();
            assertThat(process.waitFor().isSuccess()).isTrue();
            assertThat(answers.hasNext()).isFalse();
        }
    }

    @Test
    void the_environment_goes_ahead_of_what_is_written() throws IOException {
        Command command = Command.shell("cat; echo $GREETING").env("GREETING", "hello");
        try (SshLease lease = pool.acquire("build");
                RemoteProcess process = lease.start(command)) {
            process.stdin().write("mine\n".getBytes(StandardCharsets.UTF_8));
            process.stdin().close();
            assertThat(process.lines()).containsExactly("mine", "hello");
        }
    }

    @Test
    void input_that_is_never_read_blocks_its_writer_until_the_close() throws Exception {
        try (SshLease lease = pool.acquire("build")) {
            RemoteProcess process = lease.start("exec sleep 60");
            CompletableFuture<Throwable> end = new CompletableFuture<>();
            Thread writer = new Thread(() -> {
                try {
                    process.stdin().write(new byte[16 << 20]);
                    end.complete(null);
                } catch (IOException e) {
                    end.complete(e);
                }
            });
            writer.start();
            await().until(() -> writer.getState() == Thread.State.WAITING && !end.isDone());
            assertThat(lease.execute("echo on").stdout()).isEqualTo("on\n");

            process.close();

            assertThat(end.get(1, TimeUnit.SECONDS)).isInstanceOf(IOException.class);
            writer.join();
            Shell.kill(Shell.withHome(sshd.home()));
        }
    }

    @Test
    void a_connection_killed_in_mid_stream_never_looks_like_the_end() {
        try (SshLease lease = pool.acquire("build")) {
            RemoteProcess process = lease.start("yes");
            byte[] chunk = new byte[64 * 1024];
            assertThatThrownBy(() -> {
                        for (int i = 0; process.stdout().read(chunk) > 0; i++) {
                            if (i == 10) {
                                sshd.killConnections();
                            }
                        }
                    })
                    .isInstanceOf(IOException.class)
                    .hasCauseInstanceOf(ConnectionLostException.class);
            assertThatThrownBy(process::waitFor).isInstanceOf(ConnectionLostException.class);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void a_publisher_takes_as_much_of_a_flood_as_is_asked_for(boolean error) {
        try (SshLease lease = pool.acquire("build");
                RemoteProcess flood = lease.start(error ? "yes >&2" : "yes")) {
            Subscriber subscriber = new Subscriber();
            (error ? flood.stderrLinePublisher() : flood.linePublisher()).subscribe(subscriber);
            for (int i = 1; i <= 3; i++) {
                int asked = i;
                subscriber.subscription.request(1);
                await().atMost(Duration.ofSeconds(30)).until(() -> subscriber.lines.size() >= asked);
                assertThat(lease.execute("echo on").stdout()).isEqualTo("on\n");
                assertThat(subscriber.lines).hasSize(asked).containsOnly("y");
            }
            subscriber.subscription.request(100_000);
            await().atMost(Duration.ofSeconds(30)).until(() -> subscriber.lines.size() >= 100_003);
            assertThat(subscriber.lines).hasSize(100_003).containsOnly("y");
            assertThat(subscriber.end).isNotDone();
        }
    }

    @Test
    void a_command_whose_line_is_too_long_for_its_subscriber_comes_to_its_end() throws Exception {
        Command command = Command.shell("head -c 20000000 /dev/zero; exit 6").maxOutput(1000);
        try (SshLease lease = pool.acquire("build");
                RemoteProcess process = lease.start(command)) {
            Subscriber subscriber = new Subscriber();
            process.linePublisher().subscribe(subscriber);
            subscriber.subscription.request(1);
            assertThat(process.exit()
                            .toCompletableFuture()
                            .get(30, TimeUnit.SECONDS)
                            .exitCode())
                    .isEqualTo(6);
            assertThat(subscriber.end).isCompletedExceptionally();
        }
    }

    /** Keeps what it gets. */
    private static final class Subscriber implements Flow.Subscriber<String> {
        private final Queue<String> lines = new ConcurrentLinkedQueue<>();
        private final CompletableFuture<Void> end = new CompletableFuture<>();
        private Flow.Subscription subscription;

        @Override
        public void onSubscribe(Flow.Subscription begun) {
            subscription = begun;
        }

        @Override
        public void onNext(String line) {
            lines.add(line);
        }

        @Override
        public void onError(Throwable failure) {
            end.completeExceptionally(failure);
        }

        @Override
        public void onComplete() {
            end.complete(null);
        }
    }

    @Test
    void a_terminal_has_its_size_and_its_interrupt_key() throws IOException {
        String text = "trap 'echo size; stty size' WINCH; trap 'echo bye; exit 7' INT; stty size;"
                + " while :; do sleep 0.05; done";
        try (SshLease lease = pool.acquire("build");
                RemoteProcess process = lease.start(Command.shell(text).pty("xterm", 132, 40))) {
            Iterator<String> lines = process.lines().iterator();
            assertThat(lines.next()).isEqualTo("40 132");
            process.resize(100, 30);
            assertThat(lines.next()).isEqualTo("size");
            assertThat(lines.next()).isEqualTo("30 100");
            process.stdin().write(3);
            assertThat(lines.next()).contains("bye");
            assertThat(process.waitFor().exitCode()).isEqualTo(7);
        }
    }

    @Test
    void a_command_without_a_terminal_has_none() {
        assertThat(pool.execute("build", "tty").stdout()).isEqualTo("not a tty\n");
        assertThat(pool.execute("build", Command.shell("tty").pty("xterm", 80, 24))
                        .stdout())
                .startsWith("/dev/pts/");
    }

    @Test
    void three_hundred_closed_processes_on_one_connection_leave_no_slot_behind() {
        try (SshLease lease = pool.acquire("build")) {
            for (int i = 0; i < 300; i++) {
                try (RemoteProcess process = lease.start("echo " + i + "; exec sleep 0.1")) {
                    assertThat(process.lines().findFirst()).hasValue(String.valueOf(i));
                }
            }
        }
        await().until(() -> pool.stats().channelsInUse() == 0);
        assertThat(sshd.accepted()).isEqualTo(1);
    }
}
