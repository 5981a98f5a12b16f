package io.sshpool.it.suite;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** A server that has no MicroProfile Health, neither what answers nor its API. A server's module extends it. */
public abstract class WithoutHealthSuite {

    /** Of us or of what is not there: servers warn of other things, too. */
    private static final Pattern WARNING = Pattern.compile(
            "(?i)(WARN|ERROR|SEVERE|NoClassDef|ClassNotFound).*(SSHP-|io\\.sshpool|org\\.apache\\.sshd|health)|SLF4J\\(W\\)");

    /** The server to test. */
    protected abstract Launcher launcher();

    /** Where the started server would tell of its readiness, relative to the application. */
    protected abstract String readiness();

    @Test
    void theApplicationStartsWithoutAWarningAndWorks() {
        try (TestSshServer ssh = new TestSshServer();
                ServerProcess server = launcher()
                        .start(Deployment.with(ssh.targets("default", "build", "web"))
                                // the first connect of a loaded machine
                                .property("sshpool.connect-timeout", "60s")
                                .property("sshpool.acquire-timeout", "60s"))) {
            Client client = new Client(server.base());
            assertThat(client.get("api/ping/ssh")).endsWith(":uptime");
            assertThat(server.log().lines())
                    .noneMatch(line -> WARNING.matcher(line).find());
            // afterwards, as the server may warn of it
            assertThat(client.answer(readiness()).statusCode()).isEqualTo(404);
        }
    }
}
