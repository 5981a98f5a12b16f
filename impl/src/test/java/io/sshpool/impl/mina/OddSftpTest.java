package io.sshpool.impl.mina;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sshpool.FileTransferException;
import io.sshpool.RemoteFiles;
import io.sshpool.Transfer;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Files on servers that are unlike OpenSSH's. */
@Timeout(30)
final class OddSftpTest {

    private final OddSftp server = new OddSftp();
    private final SftpRig rig = SftpRig.serving(server);
    private final RemoteFiles files = rig.files;

    @AfterEach
    void close() {
        rig.close();
    }

    private static InputStream content(String text) {
        return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void whereAFileIsThereOnlyWhenItIsClosedUploadsWorkAndReplace() {
        files.upload(content("one"), "b");
        files.upload(content("another"), "b");

        assertThat(server.files).containsOnlyKeys("b");
        assertThat(server.files.get("b")).asString().isEqualTo("another");
    }

    @Test
    void whatIsAskedForAndCannotBeSetFailsAndLeavesNothing() {
        Transfer secret = Transfer.defaults().permissions(Set.of(PosixFilePermission.OWNER_READ));

        assertThatThrownBy(() -> files.upload(content("one"), "b", secret))
                .isInstanceOfSatisfying(
                        FileTransferException.class,
                        e -> assertThat(e.reason()).isEqualTo(FileTransferException.Reason.UNSUPPORTED));

        assertThat(server.files).isEmpty();
    }

    @Test
    void aLinkThatAListingCallsADirectoryIsDeletedAndNotFollowed() {
        server.directories.add("top");
        server.links.add("top/link");

        files.deleteTree("top");

        assertThat(server.listed).containsExactly("top");
        assertThat(server.removed).containsExactly("top/link", "top");
    }

    @Test
    void aListOfNoNamesIsTheEnd() {
        server.directories.add("top");
        server.links.add("top/link");

        assertThat(files.list("top"))
                .singleElement()
                .satisfies(file -> assertThat(file.path()).isEqualTo("top/link"));
    }

    @Test
    void aFileOfWhichNothingIsSaidButItsSizeComesDown(@TempDir Path folder) throws IOException {
        server.tellsTypes = false;
        server.files.put("b", "content".getBytes(StandardCharsets.UTF_8));
        ByteArrayOutputStream there = new ByteArrayOutputStream();

        files.download("b", there);
        files.download("b", folder.resolve("c"), Transfer.defaults().preservePermissions());

        assertThat(there.toString(StandardCharsets.UTF_8)).isEqualTo("content");
        assertThat(Files.readString(folder.resolve("c"))).isEqualTo("content");
        try (InputStream in = files.read("b")) {
            assertThat(in.readAllBytes()).hasSize(7);
        }
    }
}
