package io.sshpool.it.suite;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The sample application as a WAR. */
public final class War {

    private War() {}

    /**
     * A copy with more classes in it.
     *
     * @param war the application
     * @param copy where to
     * @param classes in WEB-INF/classes
     */
    public static void copy(Path war, Path copy, List<Class<?>> classes) {
        try {
            Files.createDirectories(copy.getParent());
            Files.copy(war, copy);
            if (!classes.isEmpty()) {
                add(copy, classes);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void add(Path war, List<Class<?>> classes) throws IOException {
        try (FileSystem files = FileSystems.newFileSystem(war)) {
            ClassFiles.copy(classes, files.getPath("WEB-INF/classes"));
        }
    }
}
