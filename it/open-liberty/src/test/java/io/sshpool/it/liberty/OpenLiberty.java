package io.sshpool.it.liberty;

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

/** Open Liberty in the foreground; each start has a server directory of its own. */
final class OpenLiberty implements Launcher {

    private static final Path HOME = Path.of(System.getProperty("server"));
    private static final Path WAR = Path.of(System.getProperty("war"));
    private static final Path SERVER_XML = Path.of("src/main/liberty/config/server.xml");
    private static final Pattern FAILURE =
            Pattern.compile("CWWKZ\\d{4}E|CWWKZ001(2I|4W)|CWWKF0001E|CWWKO0221E|SRVE0283E");

    private final UnaryOperator<String> configuration;

    OpenLiberty() {
        this(UnaryOperator.identity());
    }

    private OpenLiberty(UnaryOperator<String> configuration) {
        this.configuration = configuration;
    }

    /** A server that lacks a feature. */
    static OpenLiberty without(String feature) {
        return new OpenLiberty(xml -> xml.replaceAll("<feature>" + feature + ".*</feature>", ""));
    }

    /** A server with OpenTelemetry, which its application may see. */
    static OpenLiberty withTelemetry(String version) {
        String feature = "<feature>mpTelemetry-" + version + "</feature>";
        return new OpenLiberty(xml -> xml.replace("</featureManager>", feature + "</featureManager>")
                .replaceAll(
                        "(<webApplication .*)/>",
                        "$1><classloader apiTypeVisibility=\"+third-party\"/></webApplication>"));
    }

    /** With all that OpenTelemetry has sent to a collector, a few times a second. */
    static Deployment exporting(Deployment deployment, URI endpoint) {
        return deployment
                .variable("OTEL_SDK_DISABLED", "false")
                .variable("OTEL_EXPORTER_OTLP_ENDPOINT", endpoint.toString())
                .variable("OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf")
                .variable("OTEL_BSP_SCHEDULE_DELAY", "200")
                .variable("OTEL_METRIC_EXPORT_INTERVAL", "200");
    }

    @Override
    public ServerProcess start(Deployment deployment) {
        int port = ServerProcess.freePort();
        try {
            Path user = Files.createTempDirectory(HOME.getParent(), "usr");
            Path server = user.resolve("servers/suite");
            War.write(WAR, server.resolve("apps/app.war"), deployment);
            Files.writeString(server.resolve("server.xml"), configuration.apply(Files.readString(SERVER_XML)));
            Files.write(server.resolve("jvm.options"), options(deployment));
            Files.writeString(server.resolve("bootstrap.properties"), "http.port=" + port + "\n");
            ProcessBuilder command =
                    new ProcessBuilder(HOME.resolve("bin/server").toString(), "run", "suite");
            command.environment().put("JAVA_HOME", System.getProperty("java.home"));
            command.environment().put("WLP_USER_DIR", user.toString());
            command.environment().putAll(deployment.environment());
            return ServerProcess.start(
                    command, user.resolve("console.txt"), URI.create("http://127.0.0.1:" + port + "/"), FAILURE);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<String> options(Deployment deployment) {
        List<String> options = new ArrayList<>();
        deployment.properties().forEach((name, value) -> options.add("-D" + name + "=" + value));
        return options;
    }
}
