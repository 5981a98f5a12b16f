package io.sshpool.demo.hosts;

import static java.nio.file.attribute.PosixFilePermissions.asFileAttribute;
import static java.nio.file.attribute.PosixFilePermissions.fromString;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.util.List;
import java.util.stream.Stream;
import org.apache.sshd.common.config.keys.writer.openssh.OpenSSHKeyPairResourceWriter;

/** A temporary folder with what the pool needs to log in to the fake hosts. */
final class Workspace implements AutoCloseable {

    private final Path folder;

    Workspace() throws IOException {
        folder = Files.createTempDirectory("sshpool-demo-"); // on POSIX, for its owner only
    }

    Path folder() {
        return folder;
    }

    void write(String name, List<String> lines) throws IOException {
        Files.write(create(name), lines);
    }

    void writeKey(String name, KeyPair key) throws IOException, GeneralSecurityException {
        try (OutputStream file = Files.newOutputStream(create(name))) {
            OpenSSHKeyPairResourceWriter.INSTANCE.writePrivateKey(key, "demo", null, file);
        }
    }

    private Path create(String name) throws IOException {
        boolean posix = FileSystems.getDefault().supportedFileAttributeViews().contains("posix");
        FileAttribute<?>[] ownerOnly =
                posix ? new FileAttribute<?>[] {asFileAttribute(fromString("rw-------"))} : new FileAttribute<?>[0];
        return Files.createFile(folder.resolve(name), ownerOnly);
    }

    @Override
    public void close() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
        Files.delete(folder);
    }
}
