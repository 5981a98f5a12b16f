package io.sshpool.it.openssh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.sshpool.ConnectionLostException;
import io.sshpool.FileTransferException;
import io.sshpool.FileTransferException.Reason;
import io.sshpool.RemoteFiles;
import io.sshpool.SshLease;
import io.sshpool.SshPool;
import io.sshpool.Transfer;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A host that freezes is found by the heartbeat; an SFTP server that hangs while sshd answers, by {@code command-timeout}. */
@ExtendWith(NothingLeft.class)
class FrozenFilesIT {

    /** Of the heartbeat: its interval, twice over. */
    private static final Duration SILENCE = Duration.ofSeconds(4);

    /** Far below what the defaults of the heartbeat would take. */
    private static final Duration BOUND = SILENCE.multipliedBy(6);

    private final Map<String, AtomicLong> steps = new ConcurrentHashMap<>();
    private final Map<String, Throwable> failures = new ConcurrentHashMap<>();

    @Test
    void an_upload_a_download_and_a_list_on_a_host_that_freezes_end_with_the_heartbeat() throws IOException {
        try (Folder there = Folder.temporary("there");
                PrivateSshd sshd = PrivateSshd.start("Subsystem=sftp internal-sftp");
                SshPool pool = Pools.open(
                        sshd.target("build"),
                        "sshpool.max-channels-per-connection=1",
                        "sshpool.target.build.keep-alive-interval=2s",
                        "sshpool.target.build.keep-alive-count-max=2")) {
            try (RandomAccessFile sparse =
                    new RandomAccessFile(there.path("large").toFile(), "rw")) {
                sparse.setLength(1L << 40);
            }
            String large = there.path("large").toString();
            String endless = there.path("endless").toString();
            start(pool, "upload", (files, step) -> files.upload(new Zeroes(), endless, reporting(step)));
            start(
                    pool,
                    "download",
                    (files, step) -> files.download(large, OutputStream.nullOutputStream(), reporting(step)));
            start(pool, "list", (files, step) -> {
                while (true) {
                    files.list(there.root().toString());
                    step.incrementAndGet();
                }
            });
            await().atMost(Duration.ofSeconds(30))
                    .until(() -> steps.values().stream().allMatch(step -> step.get() > 0) || !failures.isEmpty());
            assertThat(failures).isEmpty();

            sshd.freezeConnections();

            long frozen = System.nanoTime();
            await().atMost(BOUND).until(() -> failures.size() == steps.size());
            System.out.println("file operations on a frozen host ended after "
                    + (System.nanoTime() - frozen) / 1_000_000 + " ms, heartbeat " + SILENCE.toMillis() + " ms");
            assertThat(failures.values())
                    .allSatisfy(failure -> assertThat(failure).isInstanceOf(ConnectionLostException.class));
            assertThat(there.path("endless")).doesNotExist();
            assertThat(pool.execute("build", "echo again").stdout()).isEqualTo("again\n");
        }
    }

    @Test
    void an_sftp_server_that_hangs_behind_an_sshd_that_answers_ends_with_the_command_timeout() throws IOException {
        try (Folder there = Folder.temporary("there");
                PrivateSshd sshd = PrivateSshd.start("Subsystem=sftp /usr/lib/openssh/sftp-server");
                SshPool pool = Pools.open(sshd.target("build"), "sshpool.command-timeout=2s")) {
            String endless = there.path("endless").toString();
            start(pool, "upload", (files, step) -> files.upload(new Zeroes(), endless, reporting(step)));
            await().atMost(Duration.ofSeconds(30))
                    .until(() -> steps.get("upload").get() > 0 || !failures.isEmpty());
            assertThat(failures).isEmpty();
            List<ProcessHandle> hanging = sshd.programs("sftp-server");
            assertThat(hanging).hasSize(1);

            hanging.forEach(process -> Shell.signal("STOP", process));

            await().atMost(BOUND).until(() -> !failures.isEmpty());
            assertThat(failures.get("upload"))
                    .isInstanceOfSatisfying(
                            FileTransferException.class,
                            e -> assertThat(e.reason()).isEqualTo(Reason.TIMEOUT))
                    .hasMessageContaining("has not answered for 2000 ms (command-timeout)");
            try (SshLease lease = pool.acquire("build")) {
                assertThat(lease.files().exists(endless)).isFalse();
                assertThat(lease.execute("echo again").stdout()).isEqualTo("again\n");
            }
            assertThat(sshd.accepted()).as("all on one connection").isEqualTo(1);
            hanging.forEach(process -> Shell.signal("CONT", process));
            await().atMost(BOUND).until(() -> hanging.stream().noneMatch(ProcessHandle::isAlive));
        }
    }

    private void start(SshPool pool, String what, BiConsumer<RemoteFiles, AtomicLong> operation) {
        AtomicLong step = new AtomicLong();
        steps.put(what, step);
        Thread thread = new Thread(
                () -> {
                    try (SshLease lease = pool.acquire("build")) {
                        operation.accept(lease.files(), step);
                    } catch (RuntimeException e) {
                        failures.put(what, e);
                    }
                },
                what);
        thread.setDaemon(true);
        thread.start();
    }

    private static Transfer reporting(AtomicLong step) {
        return Transfer.defaults().progress((path, bytes, size) -> step.set(bytes));
    }

    /** Never ends. */
    private static final class Zeroes extends InputStream {
        @Override
        public int read() {
            return 0;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) {
            return length;
        }
    }
}
