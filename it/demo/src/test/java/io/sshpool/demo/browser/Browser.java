package io.sshpool.demo.browser;

import static java.util.concurrent.TimeUnit.SECONDS;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A headless Chromium, driven through ChromeDriver by the few commands of the WebDriver protocol (W3C Recommendation) that are needed
 * here. Nothing is looked for on the network or downloaded.
 */
final class Browser {

    private static final Pattern STARTED = Pattern.compile("started successfully on port (\\d+)");
    private static final Duration BOUND = Duration.ofSeconds(60);
    private static final String ELEMENT = "element-6066-11e4-a52e-4f735466cecf";

    /** The protocol's code of the Enter key. */
    static final String ENTER = "\uE007";

    private final ObjectMapper json = new ObjectMapper();
    private final HttpClient http = HttpClient.newHttpClient();
    private final Process driver;
    private final String session;

    private Browser(Process driver, int port, Path profile) throws IOException {
        this.driver = driver;
        String sessions = "http://127.0.0.1:" + port + "/session";
        JsonNode made = send("POST", sessions, capabilities(profile));
        session = sessions + "/" + made.path("sessionId").asText();
    }

    static Browser start(Path profile) throws IOException {
        Process driver = new ProcessBuilder(System.getProperty("chromedriver"), "--port=0")
                .redirectErrorStream(true)
                .start();
        try {
            return new Browser(driver, port(driver), profile);
        } catch (IOException | RuntimeException failed) {
            driver.destroy();
            throw failed;
        }
    }

    /** ChromeDriver says it in one of its first lines, and little more after it: the pipe does not fill. */
    private static int port(Process driver) throws IOException {
        BufferedReader lines = driver.inputReader();
        List<String> seen = new ArrayList<>();
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            seen.add(line);
            Matcher started = STARTED.matcher(line);
            if (started.find()) {
                return Integer.parseInt(started.group(1));
            }
        }
        throw new IOException("ChromeDriver did not start: " + seen);
    }

    private static Map<String, Object> capabilities(Path profile) {
        List<String> arguments = List.of(
                "--headless=new",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-dev-shm-usage",
                "--disable-quic",
                "--no-first-run",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync",
                "--hide-scrollbars",
                "--user-data-dir=" + profile);
        return Map.of(
                "capabilities",
                Map.of(
                        "alwaysMatch",
                        Map.of(
                                "browserName",
                                "chrome",
                                "goog:loggingPrefs",
                                Map.of("browser", "ALL"),
                                "goog:chromeOptions",
                                Map.of("binary", System.getProperty("chromium"), "args", arguments))));
    }

    void open(URI page) {
        command("POST", "/url", Map.of("url", page.toString()));
    }

    /** Clicks as a user does: in the middle of what is seen. */
    void click(String selector) {
        command("POST", "/element/" + element(selector) + "/click", Map.of());
    }

    /** Types in place of what is in a field. */
    void fill(String selector, String text) {
        String field = "/element/" + element(selector);
        command("POST", field + "/clear", Map.of());
        command("POST", field + "/value", Map.of("text", text));
    }

    /** Presses a key where the focus is, with others held down. */
    void press(String key, String... held) {
        List<Map<String, String>> keys = new ArrayList<>();
        Arrays.stream(held).forEach(each -> keys.add(Map.of("type", "keyDown", "value", each)));
        keys.add(Map.of("type", "keyDown", "value", key));
        keys.add(Map.of("type", "keyUp", "value", key));
        Arrays.stream(held).forEach(each -> keys.add(Map.of("type", "keyUp", "value", each)));
        command("POST", "/actions", Map.of("actions", List.of(Map.of("type", "key", "id", "keys", "actions", keys))));
    }

    /** What a script returns. */
    JsonNode script(String script, Object... arguments) {
        return command("POST", "/execute/sync", Map.of("script", script, "args", List.of(arguments)));
    }

    /** The text of everything that matches, in one step, as the page replaces what it shows. */
    List<String> texts(String selector) {
        List<String> texts = new ArrayList<>();
        script("return Array.from(document.querySelectorAll(arguments[0]), each => each.textContent)", selector)
                .forEach(each -> texts.add(each.asText()));
        return texts;
    }

    /** The text of the first that matches. */
    String text(String selector) {
        return texts(selector).get(0);
    }

    /** What the page wrote to the console, errors of scripts and of loading included. */
    JsonNode console() {
        return command("POST", "/se/log", Map.of("type", "browser"));
    }

    /** Pretends to be a device. */
    void look(int width, int height, String colourScheme) {
        cdp(
                "Emulation.setDeviceMetricsOverride",
                Map.of("width", width, "height", height, "deviceScaleFactor", 1, "mobile", false));
        cdp(
                "Emulation.setEmulatedMedia",
                Map.of(
                        "features",
                        List.of(
                                Map.of("name", "prefers-color-scheme", "value", colourScheme),
                                Map.of("name", "prefers-reduced-motion", "value", "reduce"))));
    }

    void screenshot(Path file) throws IOException {
        Files.createDirectories(file.getParent());
        Files.write(
                file,
                Base64.getDecoder()
                        .decode(command("GET", "/screenshot", Map.of()).asText()));
    }

    private void cdp(String name, Map<String, Object> parameters) {
        command("POST", "/goog/cdp/execute", Map.of("cmd", name, "params", parameters));
    }

    private String element(String selector) {
        return command("POST", "/element", Map.of("using", "css selector", "value", selector))
                .path(ELEMENT)
                .asText();
    }

    private JsonNode command(String method, String path, Map<String, Object> body) {
        try {
            return send(method, session + path, body);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    private JsonNode send(String method, String address, Map<String, Object> body) throws IOException {
        HttpRequest request = HttpRequest.newBuilder(URI.create(address))
                .method(
                        method,
                        "POST".equals(method)
                                ? BodyPublishers.ofString(json.writeValueAsString(body))
                                : BodyPublishers.noBody())
                .timeout(BOUND)
                .build();
        try {
            HttpResponse<String> response = http.send(request, BodyHandlers.ofString());
            JsonNode value = json.readTree(response.body()).path("value");
            if (response.statusCode() != 200) {
                throw new IOException(method + " " + address + " " + body + ": "
                        + value.path("message").asText());
            }
            return value;
        } catch (InterruptedException ended) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", ended);
        }
    }

    void quit() throws InterruptedException {
        try {
            command("DELETE", "", Map.of());
        } finally {
            driver.destroy();
            driver.waitFor(10, SECONDS);
        }
    }
}
