package io.sshpool.demo.browser;

import static org.assertj.core.api.Assertions.assertThat;
import static org.openqa.selenium.support.ui.ExpectedConditions.elementToBeClickable;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;
import org.openqa.selenium.OutputType;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.logging.LoggingPreferences;
import org.openqa.selenium.support.ui.WebDriverWait;

/** Clicks through the page of the built demo. */
class BrowserIT {

    /** Kept from being collected, as it is told to be quiet: no part of Selenium that is used here needs to match the browser. */
    private static final Logger VERSIONS = Logger.getLogger("org.openqa.selenium.devtools.CdpVersionFinder");

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private static DemoProcess demo;

    @TempDir
    Path profile;

    private ChromeDriver browser;

    @BeforeAll
    static void start() throws Exception {
        VERSIONS.setLevel(Level.OFF);
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
    void open() {
        LoggingPreferences logs = new LoggingPreferences();
        logs.enable(LogType.BROWSER, Level.ALL);
        ChromeOptions options = new ChromeOptions();
        options.setBinary(System.getProperty("chromium"));
        options.setCapability(ChromeOptions.LOGGING_PREFS, logs);
        options.addArguments(
                "--headless=new",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-quic",
                "--no-first-run",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync",
                "--hide-scrollbars",
                "--user-data-dir=" + profile);
        // Named, so that nothing is looked for or downloaded.
        ChromeDriverService service = new ChromeDriverService.Builder()
                .usingDriverExecutable(new File(System.getProperty("chromedriver")))
                .build();
        browser = new ChromeDriver(service, options);
        look(1280, "light");
        browser.get(demo.page().toString());
        until(() -> all("#hosts .host").size() == 4 && !texts("#tiles dd").isEmpty());
    }

    @AfterEach
    void close() {
        browser.quit();
    }

    @Test
    void aVisitorRunsCommandsAndBreaksAHost() throws Exception {
        run("*", "hostname; echo '<img src=x>'");
        until(() -> all(".card").size() == 4);
        for (String host : List.of("web1", "web2", "db1", "build")) {
            WebElement card = one(".card[data-host=" + host + "]");
            assertThat(card.findElement(By.cssSelector("pre.out")).getText()).isEqualTo(host + "\n<img src=x>");
            assertThat(card.findElement(By.cssSelector(".badge")).getText()).isEqualTo("exit 0");
        }
        assertThat(all(".card img")).isEmpty();

        run("web2", "nginx -t");
        until(() -> all(".card").size() == 5);
        assertThat(one(".card .badge").getText()).isEqualTo("exit 1");
        assertThat(one(".card pre.err").getText()).contains("unexpected \"}\"");
        until(() -> texts("#connections td:nth-child(2)").contains("web2"));

        one("[data-host=web2] button[aria-label='Stop web2']").click();
        until(() -> one("[data-host=web2] h3").getText().contains("stopped"));
        run("web2", "uptime");
        until(() -> all(".card").size() == 6);
        assertThat(one(".card .badge").getText()).isEqualTo("SshConnectException");
        assertThat(one(".card .problem").getText()).contains("web2", "Retryable");
        until(() -> one("[data-host=web2] .health").getText().contains("down"));
        screenshots("stopped");

        one("[data-host=web2] button[aria-label='Start web2']").click();
        until(() -> {
            int cards = all(".card").size();
            run("web2", "uptime");
            until(() -> all(".card").size() > cards);
            return one(".card .badge").getText().equals("exit 0");
        });
        until(() -> one("[data-host=web2] .health").getText().contains("up"));
        assertNothingWasLogged();
    }

    @Test
    void aVisitorPutsLoadOnThePool() throws Exception {
        one("#burst").click();
        until(() -> texts("#tiles dd").get(4).matches("[1-9].*"));
        screenshots("load");
        until(() -> one("#pool-note").getText().equals("Load: 200 commands succeeded."));
        one("#health").click();
        until(() -> one("#pool-note").getText().contains("healthy, 0 failed"));
        one("#releases").click();
        until(() -> one("#hosts-note").getText().contains("web2 should be updated"));
        one("[data-host=build] button[aria-label='Evict build']").click();
        until(() -> one("#pool-note").getText().startsWith("Retired"));
        assertNothingWasLogged();
    }

    @Test
    void theKeyboardIsEnough() {
        WebElement command = one("#command");
        command.clear();
        command.sendKeys("echo from the keyboard", Keys.ENTER);
        until(() -> all(".card").size() == 4);
        assertThat(one(".card pre").getText()).isEqualTo("from the keyboard");
        command.sendKeys(Keys.chord(Keys.SHIFT, Keys.TAB));
        WebElement picker = browser.switchTo().activeElement();
        assertThat(picker.getDomAttribute("name")).isEqualTo("host");
        picker.sendKeys(Keys.ARROW_RIGHT);
        assertThat(browser.switchTo().activeElement().getDomProperty("value")).isEqualTo("web1");
        assertThat(one("input[value=web1]").isSelected()).isTrue();
    }

    @Test
    void nothingIsWiderThanAPhone() {
        look(360, "dark");
        run("*", "df -h");
        until(() -> all(".card").size() == 4);
        assertThat(browser.executeScript("return document.documentElement.scrollWidth"))
                .isEqualTo(360L);
    }

    private void run(String host, String command) {
        WebElement choice = one("input[name=host][value='" + host + "']");
        choice.findElement(By.xpath("..")).click();
        WebElement field = one("#command");
        field.clear();
        field.sendKeys(command);
        WebElement button = one("#run button[type=submit]");
        new WebDriverWait(browser, PATIENCE).until(elementToBeClickable(button)).click();
    }

    private void assertNothingWasLogged() {
        assertThat(browser.manage().logs().get(LogType.BROWSER)).isEmpty();
    }

    private WebElement one(String selector) {
        return browser.findElement(By.cssSelector(selector));
    }

    private List<WebElement> all(String selector) {
        return browser.findElements(By.cssSelector(selector));
    }

    /** In one step, as the page replaces what it shows. */
    @SuppressWarnings("unchecked")
    private List<String> texts(String selector) {
        return (List<String>) browser.executeScript(
                "return Array.from(document.querySelectorAll(arguments[0]), each => each.textContent)", selector);
    }

    private void until(Condition condition) {
        new WebDriverWait(browser, PATIENCE).until(any -> condition.holds());
    }

    private void screenshots(String name) throws IOException {
        for (String scheme : List.of("light", "dark")) {
            for (int width : new int[] {1280, 400}) {
                look(width, scheme);
                size(width, (Long) browser.executeScript("return document.documentElement.scrollHeight"));
                Path file = Path.of(System.getProperty("screenshots"), name + "-" + width + "-" + scheme + ".png");
                Files.createDirectories(file.getParent());
                Files.write(file, browser.getScreenshotAs(OutputType.BYTES));
            }
        }
        look(1280, "light");
    }

    private void look(int width, String scheme) {
        media(scheme);
        size(width, 900);
    }

    private void media(String scheme) {
        browser.executeCdpCommand(
                "Emulation.setEmulatedMedia",
                Map.of(
                        "features",
                        List.of(
                                Map.of("name", "prefers-color-scheme", "value", scheme),
                                Map.of("name", "prefers-reduced-motion", "value", "reduce"))));
    }

    private void size(int width, long height) {
        browser.executeCdpCommand(
                "Emulation.setDeviceMetricsOverride",
                Map.of("width", width, "height", height, "deviceScaleFactor", 1, "mobile", false));
    }

    /** Something that will be so. */
    @FunctionalInterface
    private interface Condition {
        boolean holds();
    }
}
