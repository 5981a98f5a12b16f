package io.sshpool.it.helidon;

import io.sshpool.it.suite.ClassFiles;
import io.sshpool.it.suite.Deployment;
import io.sshpool.it.suite.Launcher;
import io.sshpool.it.suite.ServerProcess;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Helidon MP, which finds the application on its class path. */
final class Helidon implements Launcher {

    private static final Path JARS = Path.of(System.getProperty("server"));
    private static final Pattern FAILURE = Pattern.compile("Exception in thread \"main\"");
    /** It listens before the application's start-up observers run, one of which may still stop it. */
    private static final Pattern UP = Pattern.compile("Helidon MP \\S+ features");

    private final Predicate<String> jar;

    Helidon() {
        this(name -> true);
    }

    private Helidon(Predicate<String> jar) {
        this.jar = jar;
    }

    /** A class path without the jars that have that word in their names. */
    static Helidon without(String word) {
        return new Helidon(name -> !name.contains(word));
    }

    @Override
    public ServerProcess start(Deployment deployment) {
        int port = ServerProcess.freePort();
        try {
            Path folder = Files.createTempDirectory(JARS.getParent(), "helidon");
            List<String> line = new ArrayList<>();
            line.add(Jdk25.java().toString());
            deployment.properties().forEach((name, value) -> line.add("-D" + name + "=" + value));
            line.addAll(List.of("-Dserver.host=127.0.0.1", "-Dserver.port=" + port));
            // Its response filter would refuse answers from threads that are not Helidon's.
            line.add("-Dsecurity.jersey.enabled=false");
            line.addAll(List.of("-cp", classes(folder, deployment) + File.pathSeparator + jars()));
            line.add("io.helidon.Main");
            ProcessBuilder command = new ProcessBuilder(line).directory(folder.toFile());
            command.environment().putAll(deployment.environment());
            return ServerProcess.start(
                    command, folder.resolve("console.txt"), URI.create("http://127.0.0.1:" + port + "/"), FAILURE, UP);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private String jars() throws IOException {
        try (Stream<Path> jars = Files.list(JARS)) {
            return jars.filter(path -> jar.test(path.getFileName().toString()))
                    .map(Path::toString)
                    .sorted()
                    .collect(Collectors.joining(File.pathSeparator));
        }
    }

    /** A bean archive beside the sample application. */
    private static Path classes(Path folder, Deployment deployment) throws IOException {
        Path classes = Files.createDirectories(folder.resolve("classes"));
        if (!deployment.classes().isEmpty()) {
            Files.createFile(
                    Files.createDirectories(classes.resolve("META-INF")).resolve("beans.xml"));
            ClassFiles.copy(deployment.classes(), classes);
        }
        return classes;
    }
}
