package io.sshpool.it.suite;

import java.io.IOException;
import java.net.URI;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The compiled form of the tests' own classes. */
public final class ClassFiles {

    private ClassFiles() {}

    /**
     * Copies classes, and what is nested in them.
     *
     * @param classes top-level ones of one code source each: a folder or a jar
     * @param root where a class path or a WAR's classes begin
     */
    public static void copy(List<Class<?>> classes, Path root) throws IOException {
        for (Class<?> type : classes) {
            Path source = Path.of(URI.create(
                    type.getProtectionDomain().getCodeSource().getLocation().toString()));
            if (Files.isDirectory(source)) {
                copy(type, source, root);
            } else {
                try (FileSystem jar = FileSystems.newFileSystem(source)) {
                    copy(type, jar.getPath("/"), root);
                }
            }
        }
    }

    private static void copy(Class<?> type, Path source, Path root) throws IOException {
        String folder = type.getPackageName().replace('.', '/');
        Path to = Files.createDirectories(root.resolve(folder));
        try (DirectoryStream<Path> files = Files.newDirectoryStream(
                source.resolve(folder), "{" + type.getSimpleName() + "," + type.getSimpleName() + "$*}.class")) {
            for (Path file : files) {
                Files.copy(file, to.resolve(file.getFileName().toString()));
            }
        }
    }
}
