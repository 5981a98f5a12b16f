package io.sshpool.impl.mina;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import io.sshpool.ConnectionLostException;
import io.sshpool.FileTransferException;
import io.sshpool.FileTransferException.Reason;
import io.sshpool.FileTransferException.Side;
import io.sshpool.LeaseClosedException;
import io.sshpool.RemoteFile;
import io.sshpool.RemoteFiles;
import io.sshpool.SshInterruptedException;
import io.sshpool.SshLease;
import io.sshpool.Transfer;
import io.sshpool.spi.PoolListener;
import io.sshpool.spi.Target;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.CopyOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.sshd.server.session.ServerSession;
import org.apache.sshd.sftp.SftpModuleProperties;
import org.apache.sshd.sftp.server.Handle;
import org.apache.sshd.sftp.server.SftpEventListener;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Files over a pool, on MINA's SFTP server. */
@Timeout(30)
final class FilesTest {

    @TempDir
    Path folder;

    private Path there;
    private Path here;
    private final List<String> heard = Collections.synchronizedList(new ArrayList<>());
    private SftpRig rig;
    private RemoteFiles files;

    @BeforeEach
    void open() throws IOException {
        there = Files.createDirectory(folder.resolve("there"));
        here = Files.createDirectory(folder.resolve("here"));
        rig = SftpRig.serving(there, new Hearing(), SftpRig.config());
        files = rig.files;
    }

    @AfterEach
    void close() {
        rig.close();
    }

    private final class Hearing implements PoolListener {
        @Override
        public PoolListener.Files usingFiles(Target target, String operation) {
            return new PoolListener.Files() {
                @Override
                public void completed() {
                    heard.add(operation);
                }

                @Override
                public void failed(Throwable failure) {
                    heard.add(operation + " failed");
                }
            };
        }
    }

    private Path local(String name, byte[] content) throws IOException {
        return Files.write(here.resolve(name), content);
    }

    private static byte[] random(int size) {
        byte[] bytes = new byte[size];
        new Random(size).nextBytes(bytes);
        return bytes;
    }

    // ---- transfers

    @Test
    void filesOfAnySizeComeUpAndDownExactly() throws IOException {
        for (int size : new int[] {0, 1, 32 * 1024 - 1, 32 * 1024, 32 * 1024 + 1, 5_000_000}) {
            byte[] content = random(size);
            files.upload(local("a", content), "b", Transfer.defaults().sha256());
            files.download("b", here.resolve("c"), Transfer.defaults().sha256());

            assertThat(there.resolve("b")).hasBinaryContent(content);
            assertThat(here.resolve("c")).hasBinaryContent(content);
        }
        assertThat(LyingSftp.tree(there)).containsExactly("", "b");
        assertThat(LyingSftp.tree(here)).containsExactly("", "a", "c");
    }

    @Test
    void streamsComeUpAndDownExactly() {
        byte[] content = random(300_000);
        ByteArrayOutputStream out = new ByteArrayOutputStream();

        files.upload(new ByteArrayInputStream(content), "s", Transfer.defaults().sha256());
        files.download("s", out, Transfer.defaults().sha256());

        assertThat(out.toByteArray()).isEqualTo(content);
    }

    @Test
    void whatNeedsAFileIsRefusedForAStream() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> files.upload(
                        InputStream.nullInputStream(), "s", Transfer.defaults().resume()));
    }

    @Test
    void progressRisesToTheSize() throws IOException {
        List<Long> seen = new ArrayList<>();

        files.upload(
                local("a", random(8_000_000)),
                "b",
                Transfer.defaults().progress((path, bytes, size) -> seen.add(bytes)));

        assertThat(seen).isSorted().hasSizeGreaterThan(2).endsWith(8_000_000L);
    }

    @Test
    void permissionsAndTimesAreKeptOnRequest() throws IOException {
        Path a = local("a", random(10));
        Files.setPosixFilePermissions(a, PosixFilePermissions.fromString("rwxr-x--x"));
        Files.setLastModifiedTime(a, FileTime.from(Instant.ofEpochSecond(1_000_000_000)));
        Transfer keeping = Transfer.defaults().preservePermissions().preserveTimes();

        files.upload(a, "b", keeping);
        files.download("b", here.resolve("c"), keeping);

        for (Path copy : List.of(there.resolve("b"), here.resolve("c"))) {
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(copy)))
                    .isEqualTo("rwxr-x--x");
            assertThat(Files.getLastModifiedTime(copy).toInstant()).isEqualTo(Instant.ofEpochSecond(1_000_000_000));
        }
    }

    @Test
    void aFileThatIsReplacedKeepsItsPermissions() throws IOException {
        Path old = Files.writeString(there.resolve("secret"), "old");
        Files.setPosixFilePermissions(old, PosixFilePermissions.fromString("rw-------"));

        files.upload(local("a", random(10)), "secret");

        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(old)))
                .isEqualTo("rw-------");
    }

    @Test
    void aServerWithoutPosixRenameReplacesTooAndLeavesNothing() throws IOException {
        SftpModuleProperties.OPENSSH_EXTENSIONS.set(rig.server.mina(), "none@example.com=1");
        Files.writeString(there.resolve("b"), "old");

        files.upload(local("a", random(10)), "b");

        assertThat(there.resolve("b")).hasBinaryContent(random(10));
        assertThat(LyingSftp.tree(there)).containsExactly("", "b");
    }

    @Test
    void aSourceThatFailsLeavesWhatWasThere() throws IOException {
        Files.writeString(there.resolve("b"), "old");
        InputStream failing = new InputStream() {
            private int left = 200_000;

            @Override
            public int read() throws IOException {
                if (left-- <= 0) {
                    throw new IOException("no more");
                }
                return 1;
            }
        };

        assertThatThrownBy(() -> files.upload(failing, "b"))
                .isInstanceOfSatisfying(
                        FileTransferException.class, e -> assertThat(e.side()).isEqualTo(Side.LOCAL));

        assertThat(there.resolve("b")).hasContent("old");
        assertThat(LyingSftp.tree(there)).containsExactly("", "b");
    }

    @Test
    void aSourceThatTimesOutIsNoInterrupt() {
        InputStream silent = new InputStream() {
            @Override
            public int read() throws IOException {
                throw new SocketTimeoutException("Read timed out");
            }
        };

        assertThatThrownBy(() -> files.upload(silent, "b"))
                .isInstanceOfSatisfying(
                        FileTransferException.class, e -> assertThat(e.side()).isEqualTo(Side.LOCAL));

        assertThat(Thread.interrupted()).isFalse();
    }

    @Test
    void aSourceThatIsCutMeanwhileIsNotPutInPlace() throws IOException {
        Files.writeString(there.resolve("b"), "old");
        Path a = local("a", random(3_000_000));
        Transfer cutting = Transfer.defaults().progress((path, bytes, size) -> cut(a));

        assertThatThrownBy(() -> files.upload(a, "b", cutting))
                .isInstanceOfSatisfying(
                        FileTransferException.class,
                        e -> assertThat(e.reason()).isEqualTo(FileTransferException.Reason.TRUNCATED));

        assertThat(there.resolve("b")).hasContent("old");
        assertThat(LyingSftp.tree(there)).containsExactly("", "b");
    }

    private static void cut(Path file) {
        try {
            Files.write(file, new byte[10]);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void namesThatBeginAlikeAreNotTakenForEachOtherWhenATransferGoesOn() throws IOException {
        String name = "a".repeat(59) + "\ud83d\ude00";
        FileTime time = FileTime.from(Instant.ofEpochSecond(1_700_000_000));
        for (String end : List.of("a", "b")) {
            Files.write(there.resolve(name + end), end.repeat(3_000_000).getBytes(StandardCharsets.US_ASCII));
            Files.setLastModifiedTime(there.resolve(name + end), time);
        }
        Transfer resuming = Transfer.defaults().resume();
        Transfer cut = resuming.progress((path, bytes, size) -> {
            if (bytes > 1_000_000) {
                throw new IllegalStateException("cut");
            }
        });
        assertThatThrownBy(() -> files.download(name + "a", here.resolve(name + "a"), cut))
                .hasMessage("cut");

        files.download(name + "b", here.resolve(name + "b"), resuming);
        files.download(name + "a", here.resolve(name + "a"), resuming);

        assertThat(here.resolve(name + "a")).hasSameBinaryContentAs(there.resolve(name + "a"));
        assertThat(here.resolve(name + "b")).hasSameBinaryContentAs(there.resolve(name + "b"));
    }

    @Test
    void aSecondDownloadThatWouldGoOnInTheSameFileFails() throws IOException {
        Files.write(there.resolve("b"), random(3_000_000));
        Path c = here.resolve("c");
        Transfer resuming = Transfer.defaults().resume();
        List<Throwable> second = new ArrayList<>();

        files.download("b", c, resuming.progress((path, bytes, size) -> {
            if (bytes > 1_000_000 && second.isEmpty()) {
                second.add(catchThrowable(() -> files.download("b", c, resuming)));
            }
        }));

        assertThat(second)
                .singleElement()
                .asInstanceOf(InstanceOfAssertFactories.THROWABLE)
                .isInstanceOf(FileTransferException.class)
                .hasMessageContaining("another transfer writes it");
        assertThat(c).hasBinaryContent(random(3_000_000));
    }

    @Test
    void anInterruptWhileTheOldFileIsMovedAsideMovesItBack() throws Exception {
        SftpModuleProperties.OPENSSH_EXTENSIONS.set(rig.server.mina(), "none@example.com=1");
        Files.writeString(there.resolve("b"), "old");
        Path a = local("a", random(10));
        Thread caller = Thread.currentThread();
        CountDownLatch told = new CountDownLatch(1);
        rig.listen(new SftpEventListener() {
            @Override
            public void moving(ServerSession session, Path from, Path to, Collection<CopyOption> options) {
                if (from.endsWith("b")) {
                    caller.interrupt();
                    awaitOnServer(told);
                }
            }
        });

        assertThatThrownBy(() -> files.upload(a, "b")).isInstanceOf(SshInterruptedException.class);
        told.countDown();

        assertThat(Thread.interrupted()).isTrue();
        await().until(() -> LyingSftp.tree(there).equals(List.of("", "b")));
        assertThat(there.resolve("b")).hasContent("old");
    }

    @Test
    void anInterruptWhileAFileIsOpenedLeavesNoHandle() throws Exception {
        Files.writeString(there.resolve("b"), "content");
        AtomicInteger open = new AtomicInteger();
        Thread caller = Thread.currentThread();
        CountDownLatch told = new CountDownLatch(1);
        rig.listen(new SftpEventListener() {
            @Override
            public void opening(ServerSession session, String remote, Handle handle) {
                open.incrementAndGet();
                caller.interrupt();
                awaitOnServer(told);
            }

            @Override
            public void closed(ServerSession session, String remote, Handle handle, Throwable failure) {
                open.decrementAndGet();
            }
        });

        assertThatThrownBy(() -> files.read("b")).isInstanceOf(SshInterruptedException.class);
        told.countDown();

        assertThat(Thread.interrupted()).isTrue();
        await().until(() -> open.get() == 0);
    }

    /** Keeps the answer back until the caller has been told of the interrupt. */
    private static void awaitOnServer(CountDownLatch told) {
        try {
            told.await(5, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void aCutUploadGoesOnWhereItWas() throws IOException {
        Path a = local("a", random(8_000_000));
        Transfer resuming = Transfer.defaults().resume().sha256();
        assertThatThrownBy(() -> files.upload(a, "b", resuming.progress((path, bytes, size) -> {
                    if (bytes > 5_000_000) {
                        throw new IllegalStateException("cut");
                    }
                })))
                .hasMessage("cut");
        assertThat(there.resolve("b")).doesNotExist();
        List<Long> seen = new ArrayList<>();

        files.upload(a, "b", resuming.progress((path, bytes, size) -> seen.add(bytes)));

        assertThat(seen.get(0)).isGreaterThan(2_500_000);
        assertThat(there.resolve("b")).hasBinaryContent(random(8_000_000));
        assertThat(LyingSftp.tree(there)).containsExactly("", "b");
    }

    @Test
    void aCutDownloadGoesOnWhereItWasUnlessTheSourceHasChanged() throws IOException {
        Files.write(there.resolve("b"), random(8_000_000));
        Transfer resuming = Transfer.defaults().resume().sha256();
        Path c = here.resolve("c");
        Transfer cut = resuming.progress((path, bytes, size) -> {
            if (bytes > 5_000_000) {
                throw new IllegalStateException("cut");
            }
        });
        assertThatThrownBy(() -> files.download("b", c, cut)).hasMessage("cut");
        assertThat(c).doesNotExist();
        List<Long> seen = new ArrayList<>();

        files.download("b", c, resuming.progress((path, bytes, size) -> seen.add(bytes)));

        assertThat(seen.get(0)).isGreaterThan(5_000_000);
        assertThat(c).hasBinaryContent(random(8_000_000));

        assertThatThrownBy(() -> files.download("b", c, cut)).hasMessage("cut");
        Files.write(there.resolve("b"), random(8_000_001));
        files.download("b", c, resuming);
        assertThat(c).hasBinaryContent(random(8_000_001));
    }

    @Test
    void anInterruptEndsATransferAndTheChannelServesOn() throws Exception {
        Path a = local("a", random(1_000_000));
        CountDownLatch begun = new CountDownLatch(1);
        CompletableFuture<Throwable> outcome = new CompletableFuture<>();
        InputStream slow = new InputStream() {
            @Override
            public int read() {
                begun.countDown();
                return 1;
            }
        };
        Thread thread = new Thread(() -> {
            try {
                files.upload(slow, "endless");
            } catch (Throwable e) {
                outcome.complete(Thread.currentThread().isInterrupted() ? e : new AssertionError("no flag", e));
            }
        });
        thread.start();
        begun.await();

        long start = System.nanoTime();
        thread.interrupt();
        Throwable failure = outcome.get(5, TimeUnit.SECONDS);

        assertThat(failure).isInstanceOf(SshInterruptedException.class);
        assertThat((System.nanoTime() - start) / 1_000_000).isLessThan(3000);
        files.upload(a, "b");
        assertThat(LyingSftp.tree(there)).containsExactly("", "b");
    }

    // ---- the rest

    @Test
    void treesComeUpAndDown() throws IOException {
        Path tree = Files.createDirectories(here.resolve("tree/x/y"));
        Files.writeString(tree.resolve("deep"), "deep");
        Files.writeString(here.resolve("tree/top"), "top");
        Files.createSymbolicLink(here.resolve("tree/x/link"), Path.of("y/deep"));

        files.uploadTree(here.resolve("tree"), "a/b", Transfer.defaults().preservePermissions());
        files.downloadTree("a/b", here.resolve("back"), Transfer.defaults());

        assertThat(LyingSftp.tree(here.resolve("back")))
                .isEqualTo(LyingSftp.tree(here.resolve("tree")))
                .hasSize(6);
        assertThat(here.resolve("back/x/y/deep")).hasContent("deep");
        assertThat(Files.readSymbolicLink(here.resolve("back/x/link"))).hasToString("y/deep");
        assertThat(files.walk("a").map(RemoteFile::path))
                .containsExactlyInAnyOrder("a/b", "a/b/top", "a/b/x", "a/b/x/link", "a/b/x/y", "a/b/x/y/deep");

        files.deleteTree("a");
        assertThat(files.exists("a")).isFalse();
    }

    @Test
    void filesCanBeLookedAtMovedAndDeleted() throws IOException {
        Files.writeString(there.resolve("a"), "four");
        Files.createDirectory(there.resolve("d"));

        files.move("a", "d/b");
        assertThat(files.stat("d/b").size()).isEqualTo(4);
        assertThat(files.list("d")).singleElement().satisfies(file -> {
            assertThat(file.name()).isEqualTo("b");
            assertThat(file.isFile()).isTrue();
        });
        files.setPermissions("d/b", PosixFilePermissions.fromString("r--r--r--"));
        files.setModified("d/b", Instant.ofEpochSecond(1));
        assertThat(files.stat("d/b").permissions()).hasSize(3);
        assertThat(files.stat("d/b").modified()).isEqualTo(Instant.ofEpochSecond(1));
        assertThatThrownBy(() -> files.delete("d")).isInstanceOf(FileTransferException.class);
        files.delete("d/b");
        files.delete("d");
        assertThatThrownBy(() -> files.stat("d/b")).isInstanceOfSatisfying(FileTransferException.class, e -> {
            assertThat(e.reason()).isEqualTo(Reason.NOT_FOUND);
            assertThat(e.side()).isEqualTo(Side.REMOTE);
            assertThat(e.path()).isEqualTo("d/b");
            assertThat(e.target()).isEqualTo("build");
        });
        assertThat(heard).contains("move", "stat", "list", "delete failed", "delete");
    }

    @Test
    void openFilesAreReadAndWrittenAsStreams() throws IOException {
        byte[] content = random(1_000_000);
        try (OutputStream out = files.write("w")) {
            out.write(content, 0, 500_000);
            out.write(content, 500_000, 500_000);
        }
        try (InputStream in = files.read("w")) {
            assertThat(in.readAllBytes()).isEqualTo(content);
        }
        assertThat(heard).containsExactly("write", "read");
    }

    @Test
    void aStreamThatThrewIsToldAsFailedHoweverItsCloseEnds() throws IOException {
        Files.write(there.resolve("r"), random(4_000_000));
        try (InputStream in = files.read("r")) {
            rig.server.killConnections();
            assertThatThrownBy(in::readAllBytes).hasCauseInstanceOf(ConnectionLostException.class);
        }
        OutputStream out = files.write("w");
        rig.server.killConnections();
        assertThatThrownBy(() -> out.write(random(4_000_000))).hasCauseInstanceOf(ConnectionLostException.class);
        assertThatThrownBy(out::close).isInstanceOf(IOException.class);
        assertThat(heard).containsExactly("read failed", "write failed");
    }

    @Test
    void linksAreMadeAndRead() throws IOException {
        Files.writeString(there.resolve("a"), "four");

        files.createLink("l", "a");

        assertThat(files.readLink("l")).isEqualTo("a");
        assertThat(files.lstat("l").type()).isEqualTo(RemoteFile.Type.LINK);
        assertThat(files.stat("l").size()).isEqualTo(4);
    }

    // ---- the channel

    @Test
    void anIdleChannelGivesItsSlotToWhoeverWaits() {
        rig.close();
        rig = SftpRig.serving(there, new PoolListener() {}, SftpRig.config().withMaxChannelsPerConnection(1));
        rig.server.refuseChannelsAbove(1);

        for (int i = 0; i < 5; i++) {
            rig.files.mkdirs("d" + i);
            assertThat(rig.lease.execute("echo " + i).stdout()).isEqualTo(i + "\n");
        }
        rig.files.list(".");
        rig.lease.close();
        try (SshLease other = rig.pool.acquire("build")) {
            assertThat(other.files().list(".")).hasSize(5);
        }
    }

    @Test
    void aRetiredConnectionIsLeftByTheNextOperationHoweverSoonThatComes() throws IOException {
        Files.writeString(there.resolve("a"), "a");
        try (InputStream open = files.read("a")) {
            assertThat(rig.pool.evict("build")).isEqualTo(1);
            assertThat(files.exists("a")).isTrue();
            assertThat(open.readAllBytes()).hasSize(1);
        }
        assertThat(rig.pool.stats().created()).isEqualTo(1);

        assertThat(files.exists("a")).isTrue();

        assertThat(rig.pool.stats().created()).isEqualTo(2);
    }

    @Test
    void aDeadConnectionIsReplacedByTheNextOperation() {
        files.mkdirs("d");
        rig.server.killConnections();
        await().until(() -> !rig.lease.isConnected());

        assertThat(files.list(".")).hasSize(1);
    }

    @Test
    void aConnectionThatDiesInATransferIsSaidToBeLost() throws IOException {
        Path a = local("a", random(3_000_000));

        assertThatThrownBy(() -> files.upload(
                        a, "b", Transfer.defaults().progress((path, bytes, size) -> rig.server.killConnections())))
                .isInstanceOf(ConnectionLostException.class);

        assertThat(there.resolve("b")).doesNotExist();
    }

    @Test
    void closingTheLeaseEndsATransferAndRemovesItsTemporaryFile() throws Exception {
        Path a = local("a", random(3_000_000));

        assertThatThrownBy(() ->
                        files.upload(a, "b", Transfer.defaults().progress((path, bytes, size) -> rig.lease.close())))
                .isInstanceOf(LeaseClosedException.class);
        assertThatThrownBy(() -> files.list(".")).isInstanceOf(LeaseClosedException.class);

        await().untilAsserted(() -> assertThat(LyingSftp.tree(there)).containsExactly(""));
    }
}
