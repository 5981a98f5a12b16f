package io.sshpool.impl.mina;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sshpool.FileTransferException;
import io.sshpool.FileTransferException.Reason;
import io.sshpool.FileTransferException.Side;
import io.sshpool.Transfer;
import io.sshpool.impl.mina.LyingSftp.Entry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Downloads from a server that lies. */
@Timeout(120)
final class HostileNamesTest {

    private static final int NAMES = 500;

    @TempDir
    Path folder;

    private Path outside;
    private Path target;

    @BeforeEach
    void make() throws IOException {
        outside = Files.createDirectory(folder.resolve("outside"));
        Files.writeString(outside.resolve("kept"), "kept");
        target = folder.resolve("a/b/target");
    }

    private static List<Entry> hostile() {
        Random random = new Random(5);
        String[] parts = {"..", ".", "", "x", "outside", "kept", "\0", "a\0b", "/", "//", "etc", "~", "\\..", "…"};
        List<Entry> all = new ArrayList<>(List.of(
                Entry.file("../x"),
                Entry.file("/tmp/x"),
                Entry.file(""),
                Entry.file("x\0"),
                Entry.file("x/../../../outside/kept"),
                Entry.file("y".repeat(5000)),
                new Entry("../", LyingSftp.DIRECTORY, ""),
                new Entry("l", LyingSftp.LINK, "/etc"),
                new Entry("l", LyingSftp.LINK, "../../../outside"),
                new Entry("l", LyingSftp.LINK, "x/.."),
                new Entry("l", LyingSftp.LINK, "")));
        while (all.size() < NAMES) {
            StringBuilder name = new StringBuilder(random.nextBoolean() ? "../" : "/");
            for (int n = random.nextInt(5); n >= 0; n--) {
                name.append(parts[random.nextInt(parts.length)]).append(random.nextBoolean() ? "/" : "");
            }
            int mode = random.nextBoolean() ? LyingSftp.FILE : LyingSftp.DIRECTORY;
            boolean link = random.nextInt(3) == 0;
            all.add(
                    link
                            ? new Entry("l" + all.size(), LyingSftp.LINK, name.toString())
                            : new Entry(name.toString(), mode, ""));
        }
        return all;
    }

    @Test
    void noneOfFiveHundredNamesLeavesTheTargetDirectory() {
        List<String> before = LyingSftp.tree(folder.resolve("outside"));
        LyingSftp server = new LyingSftp(List.of());
        try (SftpRig rig = SftpRig.serving(server)) {
            for (Entry entry : hostile()) {
                server.nowHas(entry);
                assertThatThrownBy(() -> rig.files.downloadTree("top", target, Transfer.defaults()))
                        .as(entry.toString())
                        .isInstanceOfSatisfying(FileTransferException.class, e -> {
                            assertThat(e.reason()).isEqualTo(Reason.UNSAFE_NAME);
                            assertThat(e.getMessage()).doesNotContain("\0");
                        });
            }
        }
        assertThat(LyingSftp.tree(outside)).isEqualTo(before);
        assertThat(outside.resolve("kept")).hasContent("kept");
        assertThat(LyingSftp.tree(folder))
                .allMatch(path -> path.isEmpty() || path.startsWith("outside") || "a/b/target".startsWith(path));
    }

    @Test
    void aLinkThatIsADirectoryTooLeadsNowhere() throws IOException {
        Files.createDirectories(target);
        Files.createSymbolicLink(target.resolve("d"), outside);
        Entry directory = new Entry("d", LyingSftp.DIRECTORY, "");
        try (SftpRig rig = SftpRig.serving(new LyingSftp(List.of(directory)))) {
            assertThatThrownBy(() -> rig.files.downloadTree("top", target, Transfer.defaults()))
                    .isInstanceOfSatisfying(
                            FileTransferException.class,
                            e -> assertThat(e.reason()).isEqualTo(Reason.UNSAFE_NAME));
        }
        assertThat(LyingSftp.tree(outside)).containsExactly("", "kept");
    }

    @Test
    void aFileReplacesALinkAndDoesNotFollowIt() throws IOException {
        Files.createDirectories(target);
        Files.createSymbolicLink(target.resolve("f"), outside.resolve("kept"));
        try (SftpRig rig = SftpRig.serving(new LyingSftp(List.of(Entry.file("f"))))) {
            rig.files.downloadTree("top", target, Transfer.defaults());
        }
        assertThat(target.resolve("f")).hasContent("evil").isRegularFile();
        assertThat(outside.resolve("kept")).hasContent("kept");
    }

    @Test
    void aDirectoryThatIsReadWithoutEndEnds() {
        List<Entry> nobody = Collections.nCopies(10_000, Entry.file("."));
        try (SftpRig rig = SftpRig.serving(LyingSftp.endless(nobody))) {
            assertThatThrownBy(() -> rig.files.list("top")).isInstanceOf(FileTransferException.class);
            assertThat(rig.lease.isConnected()).isTrue();
        }
    }

    @Test
    void aFileThatIsAnotherWhenItIsReadOnceMoreIsNotPutInPlace() throws IOException {
        Path f = Files.writeString(folder.resolve("f"), "old");
        try (SftpRig rig = SftpRig.serving(LyingSftp.changing(Entry.file("f")))) {
            assertThatThrownBy(() ->
                            rig.files.download("top/f", f, Transfer.defaults().sha256()))
                    .isInstanceOfSatisfying(FileTransferException.class, e -> {
                        assertThat(e.reason()).isEqualTo(Reason.DIFFERENT);
                        assertThat(e.side()).isEqualTo(Side.REMOTE);
                        assertThat(e.path()).isEqualTo("top/f");
                    });
        }
        assertThat(f).hasContent("old");
        assertThat(LyingSftp.tree(folder)).containsExactly("", "f", "outside", "outside/kept");
    }

    @Test
    void aServerThatCannotDoItIsSaidNotTo() {
        try (SftpRig rig = SftpRig.serving(LyingSftp.incapable())) {
            assertThatThrownBy(() -> rig.files.createLink("link", "file"))
                    .isInstanceOfSatisfying(
                            FileTransferException.class,
                            e -> assertThat(e.reason()).isEqualTo(Reason.UNSUPPORTED));
            assertThat(rig.lease.isConnected()).isTrue();
        }
    }

    @Test
    void aFileThatEndsTooSoonIsNotPutInPlace() {
        try (SftpRig rig = SftpRig.serving(new LyingSftp(List.of(Entry.file("f")), 5000))) {
            assertThatThrownBy(() -> rig.files.download("top/f", folder.resolve("f")))
                    .isInstanceOfSatisfying(
                            FileTransferException.class,
                            e -> assertThat(e.reason()).isEqualTo(Reason.TRUNCATED));
        }
        assertThat(LyingSftp.tree(folder)).containsExactly("", "outside", "outside/kept");
    }
}
