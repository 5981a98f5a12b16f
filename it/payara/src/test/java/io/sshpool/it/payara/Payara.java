package io.sshpool.it.payara;

import io.sshpool.it.suite.Deployment;
import io.sshpool.it.suite.Launcher;
import io.sshpool.it.suite.ServerProcess;
import io.sshpool.it.suite.War;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.regex.Pattern;

/** Payara Micro; each start has a root directory of its own. */
final class Payara implements Launcher {

    private static final Path JAR = Path.of(System.getProperty("server"));
    private static final Path WAR = Path.of(System.getProperty("war"));
    private static final Pattern FAILURE =
            Pattern.compile("Exception while loading the app|Failed to deploy|Deployment failed|deployment failed");

    private final List<String> program;

    Payara() {
        this(List.of("-jar", JAR.toString()));
    }

    private Payara(List<String> program) {
        this.program = program;
    }

    /** A server that deploys its application anew on demand. */
    static Payara redeploying() {
        List<String> program = new ArrayList<>();
        try (JarFile jar = new JarFile(JAR.toFile())) {
            Attributes manifest = jar.getManifest().getMainAttributes();
            // What "java -jar" takes from the manifest.
            for (String name : List.of("Add-Exports", "Add-Opens")) {
                for (String value : manifest.getValue(name).split(" ")) {
                    program.add("--" + name.toLowerCase(Locale.ROOT) + "=" + value + "=ALL-UNNAMED");
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        String classes = Redeploying.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .getPath();
        program.addAll(List.of("-cp", JAR + File.pathSeparator + classes, Redeploying.class.getName()));
        return new Payara(program);
    }

    /** With all that OpenTelemetry has sent to a collector, a few times a second. */
    static Deployment exporting(Deployment deployment, URI endpoint) {
        return deployment
                .property("otel.sdk.disabled", "false")
                .property("otel.exporter.otlp.endpoint", endpoint.toString())
                .property("otel.exporter.otlp.protocol", "http/protobuf")
                .property("otel.bsp.schedule.delay", "200");
    }

    @Override
    public ServerProcess start(Deployment deployment) {
        int port = ServerProcess.freePort();
        try {
            Path folder = Files.createTempDirectory(JAR.getParent(), "micro");
            Path war = folder.resolve("app.war");
            War.write(WAR, war, deployment);
            List<String> line = new ArrayList<>();
            line.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
            deployment.properties().forEach((name, value) -> line.add("-D" + name + "=" + value));
            line.addAll(program);
            line.addAll(List.of("--nocluster", "--rootdir", folder.toString()));
            line.addAll(List.of("--prebootcommandfile", loopback(folder).toString()));
            line.addAll(List.of("--disablephonehome", "--port", String.valueOf(port)));
            line.addAll(List.of("--contextroot", "/", "--deploy", war.toString()));
            ProcessBuilder command = new ProcessBuilder(line).directory(folder.toFile());
            command.environment().putAll(deployment.environment());
            return ServerProcess.start(
                    command, folder.resolve("console.txt"), URI.create("http://127.0.0.1:" + port + "/"), FAILURE);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** No option says where to listen, and Hazelcast would listen everywhere although there is no cluster. */
    private static Path loopback(Path folder) throws IOException {
        String config = "set configs.config.server-config.";
        return Files.write(
                folder.resolve("preboot.asadmin"),
                List.of(
                        config + "network-config.network-listeners.network-listener.http-listener.address=127.0.0.1",
                        config + "hazelcast-config-specific-configuration.enabled=false"));
    }
}
