package io.sshpool.it.wildfly;

import io.sshpool.it.suite.Deployment;
import io.sshpool.it.suite.Launcher;
import io.sshpool.it.suite.ServerProcess;
import io.sshpool.it.suite.War;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** WildFly with its example of a MicroProfile configuration; each start has a base directory of its own. */
final class WildFly implements Launcher {

    private static final Path HOME = Path.of(System.getProperty("server"));
    private static final Path WAR = Path.of(System.getProperty("war"));
    private static final Pattern FAILURE = Pattern.compile("WFLYCTL0013|WFLYCTL0180|WFLYSRV0026");

    private static boolean configured;

    private final UnaryOperator<String> configuration;
    private int managementPort;

    WildFly() {
        this(UnaryOperator.identity());
    }

    private WildFly(UnaryOperator<String> configuration) {
        this.configuration = configuration;
    }

    /** A server that lacks the subsystems with that word in their names. */
    static WildFly without(String word) {
        return new WildFly(xml -> xml.replaceAll("<(extension|subsystem) [^>]*" + word + "[^>]*/>", ""));
    }

    /** Where the server last started tells of its readiness. */
    String readiness() {
        return "http://127.0.0.1:" + managementPort + "/health/ready";
    }

    /** With all that OpenTelemetry has sent to a collector, a few times a second. */
    static Deployment exporting(Deployment deployment, URI endpoint) {
        return deployment
                .property("otel.sdk.disabled", "false")
                .property("otel.exporter.otlp.endpoint", endpoint.toString())
                .property("otel.exporter.otlp.protocol", "http/protobuf")
                .property("otel.bsp.schedule.delay", "200")
                .property("otel.metric.export.interval", "200");
    }

    @Override
    public ServerProcess start(Deployment deployment) {
        int port = ServerProcess.freePort();
        try {
            configure();
            managementPort = ServerProcess.freePort();
            Path base = Files.createTempDirectory(HOME.getParent(), "base");
            copy(HOME.resolve("standalone/configuration"), base.resolve("configuration"));
            Path xml = base.resolve("configuration/standalone.xml");
            Files.writeString(xml, configuration.apply(Files.readString(xml)));
            War.write(WAR, base.resolve("deployments/ROOT.war"), deployment);
            List<String> line = new ArrayList<>();
            line.add(HOME.resolve("bin/standalone.sh").toString());
            line.add("-Djboss.server.base.dir=" + base);
            line.add("-Djboss.http.port=" + port);
            line.add("-Djboss.https.port=" + ServerProcess.freePort());
            line.add("-Djboss.management.http.port=" + managementPort);
            deployment.properties().forEach((name, value) -> line.add("-D" + name + "=" + value));
            ProcessBuilder command = inOurJvm(line);
            command.environment().putAll(deployment.environment());
            return ServerProcess.start(
                    command, base.resolve("console.txt"), URI.create("http://127.0.0.1:" + port + "/"), FAILURE);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Once for all starts, as the script changes what was unpacked. */
    private static synchronized void configure() throws IOException {
        if (configured) {
            return;
        }
        Path log = HOME.resolveSibling("configure.txt");
        Process cli = inOurJvm(List.of(
                        HOME.resolve("bin/jboss-cli.sh").toString(),
                        "--file=" + HOME.resolve("docs/examples/enable-microprofile.cli")))
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        try {
            if (cli.waitFor() != 0) {
                throw new IOException("not configured: " + Files.readString(log));
            }
        } catch (InterruptedException e) {
            cli.destroyForcibly();
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
        configured = true;
    }

    private static ProcessBuilder inOurJvm(List<String> line) {
        ProcessBuilder command = new ProcessBuilder(line);
        command.environment().put("JAVA_HOME", System.getProperty("java.home"));
        command.environment().put("LAUNCH_JBOSS_IN_BACKGROUND", "true");
        return command;
    }

    private static void copy(Path from, Path to) throws IOException {
        Files.createDirectories(to);
        try (Stream<Path> files = Files.list(from)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Files.copy(file, to.resolve(file.getFileName()));
            }
        }
    }
}
