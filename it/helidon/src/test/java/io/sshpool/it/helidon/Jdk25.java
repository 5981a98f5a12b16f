package io.sshpool.it.helidon;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;

/** The JDK 25 that runs the server, as this build may run on an older one. */
final class Jdk25 {

    private static final String HOME = "JAVA_25_HOME";
    private static final Path INSTALLED = Path.of("/usr/lib/jvm");

    private Jdk25() {}

    /**
     * Its {@code java}: below the system property or variable JAVA_25_HOME, our own, else one that the system has installed.
     *
     * @throws IllegalStateException when there is none
     */
    static Path java() {
        return Optional.ofNullable(System.getProperty(HOME))
                .or(() -> Optional.ofNullable(System.getenv(HOME)))
                .map(Path::of)
                .or(Jdk25::own)
                .or(Jdk25::installed)
                .map(home -> home.resolve("bin/java"))
                .filter(Files::isExecutable)
                .orElseThrow(() -> new IllegalStateException(
                        "Helidon needs a JDK 25: none is in " + INSTALLED + "; set " + HOME + " to its folder"));
    }

    private static Optional<Path> own() {
        return Runtime.version().feature() == 25
                ? Optional.of(Path.of(System.getProperty("java.home")))
                : Optional.empty();
    }

    private static Optional<Path> installed() {
        if (!Files.isDirectory(INSTALLED)) {
            return Optional.empty();
        }
        try (Stream<Path> homes = Files.list(INSTALLED)) {
            return homes.filter(Jdk25::isVersion25).sorted().findFirst();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean isVersion25(Path home) {
        try {
            Path release = home.resolve("release");
            return Files.exists(release) && Files.readString(release).contains("JAVA_VERSION=\"25");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
