package io.sshpool.it.liberty;

import static org.assertj.core.api.Assertions.assertThat;

import io.sshpool.it.suite.Deployment;
import io.sshpool.it.suite.ServerProcess;
import io.sshpool.it.suite.TestSshServer;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.Test;

class WithoutHealthIT {

    @Test
    void theApplicationStartsWithoutAWarningAndWorks() throws Exception {
        try (TestSshServer ssh = new TestSshServer();
                ServerProcess server = OpenLiberty.without("mpHealth")
                        .start(Deployment.with(ssh.targets("default", "build", "web")))) {
            assertThat(get(server, "api/ping/ssh").body()).endsWith(":uptime");
            assertThat(server.log().lines().filter(line -> line.startsWith("[WARNING") || line.startsWith("[ERROR")))
                    .isEmpty();
            // afterwards, as the server warns of it
            assertThat(get(server, "health/ready").statusCode()).isEqualTo(404);
        }
    }

    private static HttpResponse<String> get(ServerProcess server, String path) throws Exception {
        URI uri = server.base().resolve(path);
        return HttpClient.newHttpClient()
                .send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString());
    }
}
