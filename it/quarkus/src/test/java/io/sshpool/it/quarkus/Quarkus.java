package io.sshpool.it.quarkus;

import io.sshpool.it.suite.Deployment;
import io.sshpool.it.suite.Launcher;
import io.sshpool.it.suite.ServerProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** The packaged application. Its beans are fixed when it is built, so a deployment cannot add classes. */
final class Quarkus implements Launcher {

    private static final Path APPLICATION = Path.of(System.getProperty("application"));
    private static final Pattern FAILURE = Pattern.compile("Failed to start application");

    @Override
    public ServerProcess start(Deployment deployment) {
        if (!deployment.classes().isEmpty()) {
            throw new IllegalArgumentException("built already, without " + deployment.classes());
        }
        int port = ServerProcess.freePort();
        List<String> line = new ArrayList<>();
        line.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        deployment.properties().forEach((name, value) -> line.add("-D" + name + "=" + value));
        line.addAll(List.of("-Dquarkus.http.port=" + port, "-jar", APPLICATION.toString()));
        ProcessBuilder command = new ProcessBuilder(line);
        command.environment().putAll(deployment.environment());
        try {
            Path log = Files.createTempFile(APPLICATION.getParent().getParent(), "console", ".txt");
            return ServerProcess.start(command, log, URI.create("http://127.0.0.1:" + port + "/"), FAILURE);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
