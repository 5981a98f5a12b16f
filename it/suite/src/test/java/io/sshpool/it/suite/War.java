package io.sshpool.it.suite;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** A deployment as a WAR. */
public final class War {

    private War() {}

    /**
     * Writes what is to be deployed.
     *
     * @param sample the sample application
     * @param war where to
     */
    public static void write(Path sample, Path war, Deployment deployment) {
        try {
            Files.createDirectories(war.getParent());
            if (deployment.sample()) {
                Files.copy(sample, war);
            }
            if (!deployment.classes().isEmpty()) {
                add(war, deployment.classes());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void add(Path war, List<Class<?>> classes) throws IOException {
        try (FileSystem files = FileSystems.newFileSystem(war, Map.of("create", "true"))) {
            ClassFiles.copy(classes, files.getPath("WEB-INF/classes"));
        }
    }
}
