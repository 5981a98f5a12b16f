package io.sshpool.it.openssh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sshpool.ConnectionLostException;
import io.sshpool.FileTransferException;
import io.sshpool.FileTransferException.Reason;
import io.sshpool.FileTransferException.Side;
import io.sshpool.RemoteFile;
import io.sshpool.RemoteFiles;
import io.sshpool.SshLease;
import io.sshpool.SshPool;
import io.sshpool.Transfer;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Files on a real sshd, with the SFTP server that it brings. */
@ExtendWith(NothingLeft.class)
class FilesIT {

    private static final int MEBIBYTE = 1024 * 1024;
    private static final String SUBSYSTEM = "Subsystem=sftp internal-sftp";

    /** Of the file that is resumed; the profile campaign has 1024. */
    private static final int RESUMED = Integer.getInteger("sshpool.resumed.mebibytes", 24);

    private Folder here;
    private Folder there;
    private PrivateSshd sshd;
    private SshPool pool;
    private SshLease lease;
    private RemoteFiles files;

    @BeforeEach
    void open() {
        here = Folder.temporary("here");
        there = Folder.temporary("there");
        start(SUBSYSTEM);
    }

    private void start(String... options) {
        sshd = PrivateSshd.start(options);
        pool = Pools.open(sshd.target("build"), "sshpool.max-connections=2");
        lease = pool.acquire("build");
        files = lease.files();
    }

    @AfterEach
    void close() {
        stop();
        here.close();
        there.close();
    }

    private void stop() {
        lease.close();
        pool.close();
        sshd.close();
    }

    private String remote(String name) {
        return there.path(name).toString();
    }

    private static byte[] random(int size) {
        byte[] bytes = new byte[size];
        new Random(size).nextBytes(bytes);
        return bytes;
    }

    private static List<String> tree(Path root) {
        try (Stream<Path> all = Files.walk(root)) {
            return all.map(path -> root.relativize(path).toString()).sorted().toList();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 32 * 1024 - 1, 32 * 1024 + 1, 20 * MEBIBYTE})
    void files_come_up_and_down_exactly(int size) throws IOException {
        byte[] content = random(size);
        Path a = Files.write(here.path("a"), content);

        files.upload(a, remote("b"), Transfer.defaults().sha256());
        files.download(remote("b"), here.path("c"), Transfer.defaults().sha256());

        assertThat(there.path("b")).hasBinaryContent(content);
        assertThat(here.path("c")).hasBinaryContent(content);
        assertThat(tree(there.root())).containsExactly("", "b");
        assertThat(tree(here.root())).containsExactly("", "a", "c");
    }

    @Test
    void a_tree_comes_up_and_down_with_its_links_and_permissions() throws IOException {
        Path tree = Files.createDirectories(here.path("tree/x/y"));
        Files.writeString(tree.resolve("deep ü \n"), "deep");
        Files.setPosixFilePermissions(tree, PosixFilePermissions.fromString("r-x------"));
        Files.writeString(here.path("tree/top"), "top");
        Files.createSymbolicLink(here.path("tree/x/link"), Path.of("../top"));
        Transfer keeping = Transfer.defaults().preservePermissions();

        files.uploadTree(here.path("tree"), remote("p/q"), keeping);
        files.downloadTree(remote("p/q"), here.path("back"), keeping);

        assertThat(tree(here.path("back"))).isEqualTo(tree(here.path("tree"))).hasSize(6);
        assertThat(here.path("back/x/link")).hasContent("top");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(here.path("back/x/y"))))
                .isEqualTo("r-x------");
        assertThat(files.walk(remote("p")).filter(RemoteFile::isDirectory)).hasSize(3);

        files.deleteTree(remote("p"));
        assertThat(tree(there.root())).containsExactly("");
    }

    @Test
    void the_rest_does_what_it_says() throws IOException {
        files.mkdirs(remote("a/b/c"));
        files.mkdirs(remote("a/b/c"));
        try (OutputStream out = files.write(remote("a/f"))) {
            out.write(random(MEBIBYTE));
        }
        try (InputStream in = files.read(remote("a/f"))) {
            assertThat(in.readAllBytes()).isEqualTo(random(MEBIBYTE));
        }
        files.upload(InputStream.nullInputStream(), remote("a/empty"));
        files.move(remote("a/f"), remote("a/empty"));
        assertThat(files.stat(remote("a/empty")).size()).isEqualTo(MEBIBYTE);
        files.createLink(remote("a/l"), "empty");
        assertThat(files.readLink(remote("a/l"))).isEqualTo("empty");
        assertThat(files.lstat(remote("a/l")).type()).isEqualTo(RemoteFile.Type.LINK);
        assertThat(files.exists(remote("a/f"))).isFalse();
        assertThat(files.list(remote("a"))).hasSize(3);
        assertThatThrownBy(() -> files.delete(remote("a"))).isInstanceOf(FileTransferException.class);
        files.delete(remote("a/b/c"));
        // what the kernel makes up has no size
        java.io.ByteArrayOutputStream version = new java.io.ByteArrayOutputStream();
        files.download("/proc/version", version);
        assertThat(version.toString()).startsWith("Linux");
        assertThat(sshd.accepted()).isEqualTo(1);
    }

    @Test
    void a_cut_transfer_goes_on_where_it_was() throws IOException {
        Path big = here.path("big");
        byte[] chunk = random(MEBIBYTE);
        try (OutputStream out = Files.newOutputStream(big)) {
            for (int i = 0; i < RESUMED; i++) {
                chunk[i % MEBIBYTE]++;
                out.write(chunk);
            }
        }
        long half = RESUMED * (long) MEBIBYTE / 2;
        Transfer resuming = Transfer.defaults().resume();
        Transfer cut = resuming.progress((path, bytes, size) -> {
            if (bytes > half) {
                sshd.killConnections();
            }
        });
        List<Long> up = new ArrayList<>();
        List<Long> down = new ArrayList<>();

        assertThatThrownBy(() -> files.upload(big, remote("big"), cut)).isInstanceOf(ConnectionLostException.class);
        assertThat(there.path("big")).doesNotExist();
        files.upload(big, remote("big"), resuming.progress((path, bytes, size) -> up.add(bytes)));
        assertThatThrownBy(() -> files.download(remote("big"), here.path("back"), cut))
                .isInstanceOf(ConnectionLostException.class);
        assertThat(here.path("back")).doesNotExist();
        files.download(remote("big"), here.path("back"), resuming.progress((path, bytes, size) -> down.add(bytes)));

        assertThat(up.get(0)).isGreaterThan(half / 2);
        assertThat(down.get(0)).isGreaterThan(half / 2);
        assertThat(sha256(there.path("big"))).isEqualTo(sha256(big));
        assertThat(sha256(here.path("back"))).isEqualTo(sha256(big));
        assertThat(tree(there.root())).containsExactly("", "big");
    }

    @Test
    void a_tree_that_was_cut_goes_on_in_the_file_in_which_it_was() throws IOException {
        Path tree = Files.createDirectories(here.path("tree/x"));
        Files.write(tree.resolve("big"), random(16 * MEBIBYTE));
        Files.writeString(here.path("tree/small"), "small");
        Transfer resuming = Transfer.defaults().resume().sha256();
        Transfer cut = resuming.progress((path, bytes, size) -> {
            if (bytes > 10 * MEBIBYTE) {
                throw new IllegalStateException("cut");
            }
        });
        List<Long> up = new ArrayList<>();
        List<Long> down = new ArrayList<>();

        assertThatThrownBy(() -> files.uploadTree(here.path("tree"), remote("p"), cut))
                .hasMessage("cut");
        assertThat(there.path("p/x/big")).doesNotExist();
        files.uploadTree(here.path("tree"), remote("p"), resuming.progress(of("big", up)));
        assertThatThrownBy(() -> files.downloadTree(remote("p"), here.path("back"), cut))
                .hasMessage("cut");
        assertThat(here.path("back/x/big")).doesNotExist();
        files.downloadTree(remote("p"), here.path("back"), resuming.progress(of("big", down)));

        assertThat(up.get(0)).isGreaterThan(5 * MEBIBYTE);
        assertThat(down.get(0)).isGreaterThan(5 * MEBIBYTE);
        for (Path copy : List.of(there.path("p"), here.path("back"))) {
            assertThat(tree(copy)).isEqualTo(tree(here.path("tree"))).hasSize(4);
            assertThat(copy.resolve("x/big")).hasSameBinaryContentAs(tree.resolve("big"));
        }
    }

    private static Transfer.Progress of(String name, List<Long> seen) {
        return (path, bytes, size) -> {
            if (path.endsWith(name)) {
                seen.add(bytes);
            }
        };
    }

    @Test
    void permissions_and_times_are_those_that_were_asked_for() throws IOException {
        Instant modified = Instant.ofEpochSecond(1_000_000_000);
        Path a = Files.write(here.path("a"), random(MEBIBYTE));
        Files.setLastModifiedTime(a, FileTime.from(modified));
        Set<String> meanwhile = new HashSet<>();
        Transfer secret = Transfer.defaults()
                .preserveTimes()
                .permissions(PosixFilePermissions.fromString("r--------"))
                .progress((path, bytes, size) -> meanwhile.add(permissions(part())));

        files.upload(a, remote("b"), secret);
        files.download(remote("b"), here.path("c"), secret.progress((path, bytes, size) -> {}));
        files.upload(
                new ByteArrayInputStream(random(10)),
                remote("s"),
                Transfer.defaults().permissions(PosixFilePermissions.fromString("rwx--x---")));

        assertThat(meanwhile).containsExactly("rw-------");
        for (Path copy : List.of(there.path("b"), here.path("c"))) {
            assertThat(permissions(copy)).isEqualTo("r--------");
            assertThat(Files.getLastModifiedTime(copy).toInstant()).isEqualTo(modified);
        }
        assertThat(permissions(there.path("s"))).isEqualTo("rwx--x---");

        files.setPermissions(remote("b"), PosixFilePermissions.fromString("rw-r---w-"));
        files.setModified(remote("b"), Instant.ofEpochSecond(1));
        assertThat(permissions(there.path("b"))).isEqualTo("rw-r---w-");
        assertThat(Files.getLastModifiedTime(there.path("b")).toInstant()).isEqualTo(Instant.ofEpochSecond(1));
        assertThat(files.stat(remote("b")).permissions()).isEqualTo(PosixFilePermissions.fromString("rw-r---w-"));
        assertThat(files.stat(remote("b")).modified()).isEqualTo(Instant.ofEpochSecond(1));
    }

    private static String permissions(Path file) {
        try {
            return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    /** The temporary file of the upload that is under way. */
    private Path part() {
        return there.path(tree(there.root()).stream()
                .filter(name -> name.endsWith(".part"))
                .findFirst()
                .orElseThrow());
    }

    @Test
    void streams_come_up_and_down_exactly_and_are_compared() {
        byte[] content = random(5 * MEBIBYTE + 1);
        ByteArrayOutputStream out = new ByteArrayOutputStream();

        files.upload(
                new ByteArrayInputStream(content),
                remote("s"),
                Transfer.defaults().sha256());
        files.download(remote("s"), out, Transfer.defaults().sha256());

        assertThat(there.path("s")).hasBinaryContent(content);
        assertThat(out.toByteArray()).isEqualTo(content);
    }

    @Test
    void what_somebody_changes_meanwhile_is_not_put_in_place() throws IOException {
        Path a = Files.write(here.path("a"), random(MEBIBYTE));
        Files.writeString(there.path("b"), "old");
        Transfer changedAtTheEnd = Transfer.defaults().sha256().progress((path, bytes, size) -> {
            if (bytes == MEBIBYTE) {
                overwrite(part());
            }
        });

        assertDifferent(() -> files.upload(a, remote("b"), changedAtTheEnd));
        assertDifferent(() -> files.upload(a, remote("b"), changedAtTheEnd.resume()));
        assertDifferent(() -> files.upload(Files.newInputStream(a), remote("b"), changedAtTheEnd));

        assertThat(there.path("b")).hasContent("old");
        assertThat(tree(there.root())).containsExactly("", "b");
    }

    private static void assertDifferent(ThrowingCallable transfer) {
        assertThatThrownBy(transfer)
                .isInstanceOfSatisfying(
                        FileTransferException.class, e -> assertThat(e.reason()).isEqualTo(Reason.DIFFERENT));
    }

    private static void overwrite(Path file) {
        try {
            Files.write(file, new byte[1], StandardOpenOption.WRITE);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static String sha256(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            byte[] chunk = new byte[MEBIBYTE];
            for (int n = in.read(chunk); n >= 0; n = in.read(chunk)) {
                digest.update(chunk, 0, n);
            }
            return HexFormat.of().formatHex(digest.digest());
        } catch (java.security.NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void a_server_without_posix_rename_replaces_a_file_and_leaves_nothing_else() throws IOException {
        stop();
        start("Subsystem=sftp internal-sftp -P posix-rename");
        Files.writeString(there.path("b"), "old");
        Path a = Files.writeString(here.path("a"), "new");

        files.upload(a, remote("b"));

        assertThat(there.path("b")).hasContent("new");
        assertThat(tree(there.root())).containsExactly("", "b");
    }

    @Test
    void a_full_disk_leaves_no_half_file_on_either_side() throws IOException {
        Shell.run("mount", "-t", "tmpfs", "-o", "size=2m", "none", there.root().toString());
        try {
            Files.writeString(there.path("b"), "old");
            Path big = Files.write(here.path("big"), random(4 * MEBIBYTE));

            assertThatThrownBy(() -> files.upload(big, remote("b")))
                    .isInstanceOfSatisfying(FileTransferException.class, e -> {
                        assertThat(e.side()).isEqualTo(Side.REMOTE);
                        assertThat(e.reason()).isEqualTo(Reason.FAILED);
                        assertThat(e).hasMessageContaining("full disk");
                    });
            assertThat(there.path("b")).hasContent("old");
            assertThat(tree(there.root())).containsExactly("", "b");

            // the same folder, as if it were here
            assertThatThrownBy(() -> files.download(big.toString(), there.path("b")))
                    .isInstanceOfSatisfying(FileTransferException.class, e -> {
                        assertThat(e.side()).isEqualTo(Side.LOCAL);
                        assertThat(e).hasMessageContaining("No space left");
                    });
            assertThat(there.path("b")).hasContent("old");
            assertThat(tree(there.root())).containsExactly("", "b");
        } finally {
            Shell.run("umount", there.root().toString());
        }
    }

    @Test
    void an_ordinary_user_is_told_what_is_denied() throws IOException {
        // he must get at the file that lets him in
        Files.setPosixFilePermissions(sshd.home().getParent(), PosixFilePermissions.fromString("rwxr-xr-x"));
        Files.setPosixFilePermissions(there.root(), PosixFilePermissions.fromString("rwxr-xr-x"));
        Path secret = Files.writeString(there.path("secret"), "root's");
        Files.setPosixFilePermissions(secret, PosixFilePermissions.fromString("rw-------"));
        try (SshPool ordinary = Pools.open(sshd.target("build"), "sshpool.target.build.user=nobody");
                SshLease his = ordinary.acquire("build")) {
            Path a = Files.writeString(here.path("a"), "new");

            assertThatThrownBy(() -> his.files().upload(a, remote("b")))
                    .isInstanceOfSatisfying(FileTransferException.class, e -> {
                        assertThat(e.reason()).isEqualTo(Reason.PERMISSION_DENIED);
                        assertThat(e.side()).isEqualTo(Side.REMOTE);
                    });
            assertThatThrownBy(() -> his.files().download(secret.toString(), here.path("c")))
                    .isInstanceOfSatisfying(
                            FileTransferException.class,
                            e -> assertThat(e.reason()).isEqualTo(Reason.PERMISSION_DENIED));
        }
        assertThat(tree(there.root())).containsExactly("", "secret");
        assertThat(tree(here.root())).containsExactly("", "a");
    }

    @Test
    void transfers_that_fail_leave_no_handle_open_on_the_server() throws IOException {
        Path a = Files.write(here.path("a"), random(10));
        // more than any server lets one open at a time, were they not closed
        for (int i = 0; i < 1500; i++) {
            assertThatThrownBy(() ->
                            files.upload(a, remote("b"), Transfer.defaults().progress((p, n, size) -> {
                                throw new IllegalStateException("enough");
                            })))
                    .hasMessage("enough");
        }
        files.upload(a, remote("b"));
        assertThat(tree(there.root())).containsExactly("", "b");
    }

    @Test
    void a_server_without_sftp_is_said_to_have_none() {
        stop();
        start();

        assertThatThrownBy(() -> files.list("."))
                .isInstanceOf(io.sshpool.ChannelRefusedException.class)
                .hasMessageContaining("Subsystem");
        assertThat(lease.execute("echo on").stdout()).isEqualTo("on\n");
    }
}
