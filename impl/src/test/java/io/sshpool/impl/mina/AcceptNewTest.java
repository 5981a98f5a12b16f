package io.sshpool.impl.mina;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sshpool.HostKeyException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AcceptNewTest {

    @TempDir
    static Path keyFolder;

    static String first;
    static String second;
    static String rsa;

    @TempDir
    Path folder;

    private final KnownHostsPolicy policy = new KnownHostsPolicy();
    private Path file;

    @BeforeAll
    static void makeKeys() {
        HostKeys keys = new HostKeys(keyFolder);
        first = keys.make("first", "ed25519");
        second = keys.make("second", "ed25519");
        rsa = keys.make("rsa", "rsa");
    }

    @BeforeEach
    void nameFile() {
        file = folder.resolve("known_hosts");
    }

    @ParameterizedTest
    @CsvSource({"web,22,web", "web,2222,[web]:2222", "2001:db8::1,22,2001:db8::1", "::1,2222,[::1]:2222"})
    void a_new_host_is_added_so_that_openssh_finds_it(String host, int port, String name) throws IOException {
        verify(host, port, first);

        assertThat(Files.readString(file)).isEqualTo(name + " " + first + "\n");
        assertThat(Shell.run(folder, "ssh-keygen", "-F", name, "-f", "known_hosts"))
                .contains(first);
        policy.verify(HostKeys.strict(host, port, file), HostKeys.ADDRESS, HostKeys.parse(first));
    }

    @Test
    void the_same_host_is_added_once_and_then_held_to_its_key() throws IOException {
        verify("web", 22, first);
        verify("web", 22, first);

        assertThatThrownBy(() -> verify("web", 22, second)).hasMessageContaining("has changed");
        assertThatThrownBy(() -> verify("web", 22, rsa)).hasMessageContaining("has changed");
        assertThat(Files.readAllLines(file)).containsExactly("web " + first);
    }

    @Test
    void a_missing_file_is_made_for_its_owner_only_with_its_folders() throws IOException {
        file = folder.resolve("a/b/known_hosts");

        verify("web", 22, first);

        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file.getParent())))
                .isEqualTo("rwx------");
    }

    @Test
    void a_missing_file_is_made_in_a_folder_that_is_a_link() throws IOException {
        Files.createDirectory(folder.resolve("releases"));
        Files.createSymbolicLink(folder.resolve("current"), folder.resolve("releases"));
        file = folder.resolve("current/known_hosts");

        verify("web", 22, first);

        assertThat(folder.resolve("releases/known_hosts")).exists();
    }

    @Test
    void what_is_there_stays_as_it_is() throws IOException {
        String before = "# mine\r\n\n@revoked * " + rsa
                + " old\n|1|F1E1KeoE/eEWhi10WpGv4OdiO6Y=|3988QV0VE8wmZL7suNrYQLITLCg= " + second;
        Files.writeString(file, before);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));

        verify("web", 22, first);
        verify("db", 22, second);

        assertThat(Files.readString(file)).isEqualTo(before + "\nweb " + first + "\ndb " + second + "\n");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-r--r--");
    }

    @Test
    void a_link_is_followed_and_stays_a_link() throws IOException {
        Path real = Files.writeString(folder.resolve("real"), "db " + second + "\n");
        Files.createSymbolicLink(file, real);
        Path linkedFolder =
                Files.createSymbolicLink(folder.resolve("link"), Files.createDirectory(folder.resolve("d")));

        verify("web", 22, first);
        file = linkedFolder.resolve("known_hosts");
        verify("web", 22, first);

        assertThat(folder.resolve("known_hosts")).isSymbolicLink();
        assertThat(Files.readAllLines(real)).containsExactly("db " + second, "web " + first);
        assertThat(folder.resolve("d/known_hosts")).hasContent("web " + first);
    }

    @Test
    void nothing_is_new_while_a_line_cannot_be_understood() throws IOException {
        String before = "db " + second + "\nweb ssh-ed25519 AAAA\n<<<<<<<\n";
        Files.writeString(file, before);

        assertThatThrownBy(() -> verify("web", 22, first))
                .isInstanceOf(HostKeyException.class)
                .hasMessageContaining("line 2 (and 1 more) cannot be understood")
                .hasMessageContaining(file.toString());
        verify("db", 22, second);
        assertThat(Files.readString(file)).isEqualTo(before);
    }

    @ParameterizedTest
    @ValueSource(strings = {"*", "web?", "a,b", "!web", "web\nevil", "web evil", "|1|x", "@revoked", "#", "[web]", ""})
    void a_host_name_that_would_be_something_else_in_the_file_is_not_added(String host) {
        assertThatThrownBy(() -> verify(host, 22, first))
                .isInstanceOf(HostKeyException.class)
                .hasMessageContaining("cannot hold");
        assertThat(file).doesNotExist();
    }

    @Test
    void a_file_that_cannot_be_written_fails_closed() throws IOException {
        Files.writeString(file, "db " + second + "\n");
        // In place of the lock: not even root writes a folder.
        Files.createDirectory(folder.resolve("known_hosts.lock"));

        assertThatThrownBy(() -> verify("web", 22, first))
                .isInstanceOf(HostKeyException.class)
                .hasMessageContaining("cannot be read or written");
        assertThat(Files.readString(file)).isEqualTo("db " + second + "\n");
    }

    @Test
    void a_file_that_another_process_keeps_locked_holds_nobody_up_and_fails_closed() throws IOException {
        Files.writeString(file, "db " + second + "\n");
        long start = System.nanoTime();
        try (FileChannel channel = FileChannel.open(
                        folder.resolve("known_hosts.lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                FileLock foreign = channel.lock()) {
            assertThat(foreign.isValid()).isTrue();

            assertThatThrownBy(() -> verify("web", 22, first))
                    .isInstanceOf(HostKeyException.class)
                    .hasMessageContaining("is unknown")
                    .hasMessageContaining("known_hosts.lock, waited 250 ms")
                    .hasMessageContaining("connect again");
        }

        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(3));
        assertThat(Files.readString(file)).isEqualTo("db " + second + "\n");
    }

    private void verify(String host, int port, String key) {
        policy.verify(HostKeys.acceptNew(host, port, file), HostKeys.ADDRESS, HostKeys.parse(key));
    }
}
