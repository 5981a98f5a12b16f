package io.sshpool.demo.browser;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Clicks through the page of the built demo. */
class BrowserIT {

    private static final String TAB = "\uE004";
    private static final String SHIFT = "\uE008";
    private static final String RIGHT = "\uE014";

    private static DemoProcess demo;

    @TempDir
    Path profile;

    private Browser browser;

    @BeforeAll
    static void start() throws Exception {
        demo = DemoProcess.start();
    }

    @AfterAll
    static void theDemoStopsWithoutAComplaint() throws Exception {
        try (DemoProcess stopping = demo) {
            assertThat(stopping.stop())
                    .as("what the demo printed")
                    .noneMatch(line -> line.contains("Exception: ") && !line.contains("SSHP-"))
                    .noneMatch(line -> line.startsWith("\tat "));
        }
    }

    @BeforeEach
    void open() throws IOException {
        browser = Browser.start(profile);
        browser.look(1280, 900, "light");
        browser.open(demo.page());
        until(() -> count("#hosts .host") == 4 && count("#connections tr") > 0);
    }

    @AfterEach
    void close() throws InterruptedException {
        browser.quit();
    }

    @Test
    void aVisitorRunsCommandsAndBreaksAHost() throws IOException {
        run("*", "hostname; echo '<img src=x>'");
        until(() -> count(".card") == 4);
        for (String host : List.of("web1", "web2", "db1", "build")) {
            String card = ".card[data-host=" + host + "]";
            assertThat(browser.text(card + " pre.out")).isEqualTo(host + "\n<img src=x>\n");
            assertThat(browser.text(card + " .badge")).isEqualTo("exit 0");
        }
        assertThat(count(".card img")).isZero();

        run("web2", "nginx -t");
        until(() -> count(".card") == 5);
        assertThat(browser.text(".card .badge")).isEqualTo("exit 1");
        assertThat(browser.text(".card pre.err")).contains("unexpected \"}\"");
        until(() -> browser.texts("#connections td:nth-child(2)").contains("web2"));

        browser.click("[aria-label='Stop web2']");
        until(() -> browser.text("#hosts [data-host=web2] h3").contains("stopped"));
        run("web2", "uptime");
        until(() -> count(".card") == 6);
        assertThat(browser.text(".card .badge")).isEqualTo("SshConnectException");
        assertThat(browser.text(".card .problem")).contains("web2", "Retryable");
        until(() -> browser.text("#hosts [data-host=web2] .health").contains("down"));
        screenshots("stopped");

        browser.click("[aria-label='Start web2']");
        until(() -> browser.text("#hosts [data-host=web2] h3").contains("running"));
        until(() -> {
            int cards = count(".card");
            run("web2", "uptime");
            until(() -> count(".card") > cards);
            return browser.text(".card .badge").equals("exit 0");
        });
        until(() -> browser.text("#hosts [data-host=web2] .health").contains("up"));
        assertThat(browser.console()).isEmpty();
    }

    @Test
    void aVisitorPutsLoadOnThePool() throws IOException {
        browser.click("#burst");
        until(() -> browser.texts("#tiles .tile:nth-child(3) dd").get(0).matches("[1-9]\\d*"));
        screenshots("load");
        until(() -> browser.text("#pool-note").equals("Load: 200 commands succeeded."));
        browser.click("#health");
        until(() -> browser.text("#pool-note").contains("healthy, 0 failed"));
        browser.click("#releases");
        until(() -> browser.text("#hosts-note").contains("web2 should be updated"));
        browser.click("[aria-label='Evict build']");
        until(() -> browser.text("#pool-note").startsWith("Retired"));
        assertThat(browser.console()).isEmpty();
    }

    @Test
    void aVisitorSeesWhereTheTimeGoesAndWhatTheProbeSays() throws IOException {
        until(() -> browser.text("#readiness .badge").equals("200 UP"));
        run("*", "slow 2");
        until(() -> count("#spans rect.acquire") > 0 && count("#spans rect.exec") > 0);
        assertThat(browser.text("#spans-note")).matches("The last 20 seconds: .*[1-9]\\d* commands?, .*");

        browser.click("[aria-label='Stop build']");
        until(() -> browser.text("#readiness .badge").equals("503 DOWN"));
        until(() -> browser.text("#readiness").contains("SshConnectException"));
        until(() -> count("#spans rect.connect.failed") > 0);
        screenshots("unready");

        browser.click("[aria-label='Start build']");
        until(() -> browser.text("#readiness .badge").equals("200 UP"));
        // what the page asked for and did not get is what the probe is for
        assertThat(browser.console()).allMatch(line -> line.toString().contains("503"));
        assertThat(browser.texts("footer .links a")).hasSize(2);
    }

    @Test
    void theKeyboardIsEnough() {
        browser.fill("#command", "echo from the keyboard" + Browser.ENTER);
        until(() -> count(".card") == 4);
        assertThat(browser.text(".card pre")).isEqualTo("from the keyboard\n");
        browser.press(TAB, SHIFT);
        assertThat(focus("name")).isEqualTo("host");
        browser.press(RIGHT);
        assertThat(focus("value")).isEqualTo("web1");
        assertThat(browser.script("return document.activeElement.checked").asBoolean())
                .isTrue();
    }

    @Test
    void nothingIsWiderThanAPhone() {
        browser.look(360, 900, "dark");
        run("*", "df -h");
        until(() -> count(".card") == 4);
        assertThat(browser.script("return document.documentElement.scrollWidth").asInt())
                .isEqualTo(360);
    }

    private void run(String host, String command) {
        browser.click("#picker label:has(input[value='" + host + "'])");
        browser.fill("#command", command);
        until(() -> count("#run [type=submit]:enabled") == 1);
        browser.click("#run [type=submit]");
    }

    private int count(String selector) {
        return browser.texts(selector).size();
    }

    private String focus(String attribute) {
        return browser.script("return document.activeElement.getAttribute(arguments[0])", attribute)
                .asText();
    }

    private static void until(Callable<Boolean> condition) {
        await().atMost(30, SECONDS).until(condition);
    }

    private void screenshots(String name) throws IOException {
        for (String scheme : List.of("light", "dark")) {
            for (int width : new int[] {1280, 400}) {
                browser.look(width, 900, scheme);
                browser.look(
                        width,
                        browser.script("return document.documentElement.scrollHeight")
                                .asInt(),
                        scheme);
                // drawn anew for that width, a frame later
                until(() -> browser.script("const chart = document.getElementById('spans');"
                                + " return chart.viewBox.baseVal.width === chart.clientWidth")
                        .asBoolean());
                browser.screenshot(
                        Path.of(System.getProperty("screenshots"), name + "-" + width + "-" + scheme + ".png"));
            }
        }
        browser.look(1280, 900, "light");
    }
}
