package io.sshpool.demo.web;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

@QuarkusTest
class DemoTest {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final HttpClient http = HttpClient.newHttpClient();

    @TestHTTPResource("/")
    URI page;

    @Test
    void aCommandRunsOnOneHost() throws Exception {
        JsonNode outcome = run("web1", "hostname; echo '<b>&amp;\"' >&2; fail 3 2>/dev/null");
        assertThat(outcome.path("host").asText()).isEqualTo("web1");
        assertThat(outcome.path("exitCode").asInt()).isEqualTo(3);
        assertThat(outcome.path("stdout").asText()).isEqualTo("web1\n");
        assertThat(outcome.path("stderr").asText()).isEqualTo("<b>&amp;\"\n");
        assertThat(outcome.path("millis").asDouble()).isPositive();
        assertThat(outcome.has("error")).isFalse();
    }

    @Test
    void aCommandRunsOnAllHosts() throws Exception {
        JsonNode outcomes = post("api/run", Map.of("command", "hostname"));
        assertThat(outcomes).hasSize(4);
        assertThat(outcomes)
                .allSatisfy(outcome -> assertThat(outcome.path("stdout").asText())
                        .isEqualTo(outcome.path("host").asText() + "\n"));
    }

    @Test
    void aFloodOfOutputIsCutOffAndShown() throws Exception {
        JsonNode outcome = run("web1", "yes");
        assertThat(outcome.at("/error/type").asText()).isEqualTo("OutputLimitException");
        assertThat(outcome.at("/error/retryable").asBoolean()).isFalse();
        assertThat(outcome.path("stdout").asText()).startsWith("y\ny\n");
        assertThat(run("web1", "true").path("exitCode").asInt(-1)).isZero();
    }

    @Test
    void aStoppedHostFailsAndIsFoundAgain() throws Exception {
        assertThat(run("db1", "true").path("exitCode").asInt(-1)).isZero();
        assertThat(post("api/hosts/db1/stop", Map.of()).path("running").asBoolean())
                .isFalse();
        JsonNode error = run("db1", "true").path("error");
        assertThat(error.path("type").asText()).isEqualTo("SshConnectException");
        assertThat(error.path("message").asText()).contains("db1");
        assertThat(error.path("retryable").asBoolean()).isTrue();
        assertThat(run("db1", "true").at("/error/type").asText()).isEqualTo("TargetUnavailableException");
        assertThat(run("web1", "true").path("exitCode").asInt(-1)).isZero();
        assertThat(post("api/pool/health", Map.of()).at("/targets/db1/state").asText())
                .isEqualTo("DOWN");
        post("api/hosts/db1/start", Map.of());
        await().atMost(10, SECONDS)
                .until(() -> run("db1", "true").path("exitCode").asInt(-1) == 0);
    }

    @Test
    void aConnectionIsUsedAgainUntilItIsEvicted() throws Exception {
        run("build", "true");
        JsonNode before = get("api/pool");
        run("build", "true");
        JsonNode after = get("api/pool");
        assertThat(after.path("created")).isEqualTo(before.path("created"));
        assertThat(after.path("reused").asLong())
                .isGreaterThan(before.path("reused").asLong());
        assertThat(after.path("connections").findValuesAsText("target")).contains("build");
        assertThat(post("api/hosts/build/evict", Map.of()).path("evicted").asInt())
                .isPositive();
        run("build", "true");
        assertThat(get("api/pool").path("created").asLong())
                .isGreaterThan(after.path("created").asLong());
    }

    @Test
    void aRequiredHostThatStopsMakesTheDemoUnreadyUntilItIsBack() throws Exception {
        await().atMost(10, SECONDS)
                .until(() -> send("GET", "q/health/ready", "").statusCode() == 200);
        post("api/hosts/build/stop", Map.of());
        await().atMost(6, SECONDS).until(() -> send("GET", "q/health/ready", "").statusCode() == 503);
        assertThat(send("GET", "q/health/ready", "").body()).contains("\"build\": \"SshConnectException\"");
        post("api/hosts/build/start", Map.of());
        await().atMost(10, SECONDS)
                .until(() -> send("GET", "q/health/ready", "").statusCode() == 200);
    }

    @Test
    void whatTookTimeIsOnTheTimeLine() throws Exception {
        run("web2", "true");
        JsonNode drawing = get("api/timeline");
        assertThat(drawing.path("spans").findValuesAsText("kind")).contains("acquire", "exec");
        assertThat(drawing.path("spans"))
                .allSatisfy(span -> assertThat(span.path("start").asLong())
                        .isBetween(0L, drawing.path("now").asLong()));
        assertThat(drawing.toString()).contains("exit 0");
    }

    @Test
    void theMetricsAreOneClickAway() throws Exception {
        run("web1", "true");
        await().atMost(10, SECONDS)
                .untilAsserted(() -> assertThat(send("GET", "api/metrics", "").body())
                        .containsPattern("ssh_client_connection_count\\{.*\"web1\",state=\"idle\"\\} [1-9]")
                        .containsPattern("ssh_client_connection_max\\{.*\\} 8")
                        .containsPattern("ssh_client_connection_wait_time_seconds_count\\{.*\"web1\"\\} [1-9]")
                        .containsPattern("ssh_client_operation_duration_seconds_count\\{.*\"web1\"\\} [1-9]"));
    }

    @Test
    void handlesOfOneRequestAskSeveralHosts() throws Exception {
        assertThat(get("api/release"))
                .isEqualTo(JSON.valueToTree(Map.of("build", "2.4.1", "web1", "2.4.1", "web2", "2.4.0")));
    }

    @Test
    void aBurstKeepsToTheLimits() throws Exception {
        assertThat(send("POST", "api/pool/burst?commands=100", "").statusCode()).isEqualTo(202);
        assertThat(send("POST", "api/pool/burst?commands=100", "").statusCode()).isEqualTo(409);
        int[] mostWaiting = {0};
        await().atMost(30, SECONDS).pollInterval(Duration.ofMillis(50)).until(() -> {
            JsonNode pool = get("api/pool");
            assertThat(pool.path("connections").size()).isLessThanOrEqualTo(8);
            assertThat(pool.path("channels").asInt()).isLessThanOrEqualTo(32);
            mostWaiting[0] = Math.max(mostWaiting[0], pool.path("waiting").asInt());
            return !pool.at("/burst/running").asBoolean();
        });
        assertThat(mostWaiting[0]).isPositive();
        assertThat(get("api/pool").at("/burst/succeeded").asInt()).isEqualTo(100);
    }

    @Test
    void whatMakesNoSenseIsRefused() throws Exception {
        assertThat(send("POST", "api/run/nobody", "{\"command\":\"true\"}").statusCode())
                .isEqualTo(404);
        assertThat(send("POST", "api/run/web1", "{\"command\":\" \"}").statusCode())
                .isEqualTo(400);
        assertThat(send("POST", "api/hosts/nobody/stop", "").statusCode()).isEqualTo(404);
        assertThat(send("POST", "api/pool/burst?commands=1000000", "").statusCode())
                .isEqualTo(400);
    }

    @Test
    void thePageBringsAllThatItNeeds() throws Exception {
        HttpResponse<String> answer = send("GET", "", "");
        assertThat(answer.headers().firstValue("Content-Security-Policy").orElse(""))
                .contains("default-src 'none'");
        assertThat(answer.body()).contains("<title>sshpool demo</title>").doesNotContain("http:", "https:");
        for (String file : new String[] {"style.css", "demo.js", "icon.svg"}) {
            assertThat(answer.body()).contains('"' + file + '"');
            assertThat(send("GET", file, "").statusCode()).as(file).isEqualTo(200);
        }
    }

    private JsonNode run(String host, String command) throws IOException, InterruptedException {
        return post("api/run/" + host, Map.of("command", command));
    }

    private JsonNode get(String path) throws IOException, InterruptedException {
        return answer(send("GET", path, ""));
    }

    private JsonNode post(String path, Map<String, String> body) throws IOException, InterruptedException {
        return answer(send("POST", path, body.isEmpty() ? "" : JSON.writeValueAsString(body)));
    }

    private static JsonNode answer(HttpResponse<String> response) throws IOException {
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        return JSON.readTree(response.body());
    }

    private HttpResponse<String> send(String method, String path, String body)
            throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(page.resolve(path))
                .method(method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body))
                .header("Content-Type", "application/json")
                .header("Accept", "*/*")
                .timeout(Duration.ofSeconds(30))
                .build();
        return http.send(request, BodyHandlers.ofString());
    }
}
