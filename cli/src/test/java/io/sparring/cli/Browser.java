package io.sparring.cli;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.logging.Level;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Assumptions;
import org.openqa.selenium.By;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.logging.LogEntry;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.logging.LoggingPreferences;

/** This machine's Chromium, without a window. Nothing is fetched: browser and driver are Debian's, or whoever's are on the PATH. */
final class Browser implements AutoCloseable {

    /** Given by .ci/run, where a browser has to be. */
    private static final String REQUIRED = "browser.required";
    private static final String MISSING = "a test in a browser needs chromium and chromedriver on the PATH: apt-get install chromium "
            + "chromium-driver";

    private final ChromeDriver driver;

    private Browser(ChromeDriver driver) {
        this.driver = driver;
    }

    /** A browser; where there is none the test is skipped with a message, or fails if one is required. */
    static Browser start() {
        Optional<File> browser = program("chromium").or(() -> program("chromium-browser")).or(() -> program("google-chrome"));
        Optional<File> driver = program("chromedriver");
        if (browser.isEmpty() || driver.isEmpty()) {
            if (Boolean.getBoolean(REQUIRED)) {
                Assertions.fail(MISSING);
            }
            System.err.println("SKIPPED: " + MISSING);
            Assumptions.abort(MISSING);
        }
        LoggingPreferences logs = new LoggingPreferences();
        logs.enable(LogType.BROWSER, Level.ALL);
        ChromeOptions options = new ChromeOptions();
        options.setBinary(browser.get());
        options.addArguments("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage",
                "--disable-background-networking", "--disable-sync", "--disable-component-update", "--hide-scrollbars",
                "--no-first-run", "--lang=en");
        options.setCapability("goog:loggingPrefs", logs);
        return new Browser(new ChromeDriver(new ChromeDriverService.Builder().usingDriverExecutable(driver.get())
                .usingAnyFreePort().build(), options));
    }

    private static Optional<File> program(String name) {
        return Stream.of(System.getenv("PATH").split(File.pathSeparator)).map(folder -> new File(folder, name))
                .filter(File::canExecute).findFirst();
    }

    /** From now on the page is so wide, in pixels of CSS, and of that color scheme: light or dark. */
    void view(int width, int height, String scheme) {
        driver.executeCdpCommand("Emulation.setDeviceMetricsOverride", Map.of("width", width, "height", height,
                "deviceScaleFactor", 1, "mobile", false));
        driver.executeCdpCommand("Emulation.setEmulatedMedia", Map.of("features",
                List.of(Map.of("name", "prefers-color-scheme", "value", scheme))));
    }

    void open(String address) {
        driver.get(address);
    }

    WebElement element(String selector) {
        return driver.findElement(By.cssSelector(selector));
    }

    List<WebElement> elements(String selector) {
        return driver.findElements(By.cssSelector(selector));
    }

    /** What a user sees there, the first if there are several; empty if there is none. */
    String text(String selector) {
        Object text = run("return document.querySelector(arguments[0])?.innerText ?? ''", selector);
        return text.toString().strip();
    }

    /** The cells of a table's body, as text, whether it is in sight or not. */
    @SuppressWarnings("unchecked")
    List<List<String>> rows(String selector) {
        return (List<List<String>>) run("return [...document.querySelectorAll(arguments[0] + ' tbody tr')].map((row) => "
                + "[...row.cells].map((cell) => cell.textContent))", selector);
    }

    Object run(String script, Object... arguments) {
        return driver.executeScript(script, arguments);
    }

    /** Errors of scripts, of loading and of the page's policy since this was last asked. */
    List<String> errors() {
        List<String> errors = new ArrayList<>();
        for (LogEntry entry : driver.manage().logs().get(LogType.BROWSER)) {
            if (entry.getLevel().equals(Level.SEVERE)) {
                errors.add(entry.getMessage());
            }
        }
        return errors;
    }

    /** Writes the whole page as it is now: a picture of pixels in an SVG file, which is text. */
    void photograph(Path file) throws IOException {
        long width = ((Number) run("return document.documentElement.clientWidth")).longValue();
        long height = ((Number) run("return document.documentElement.scrollHeight")).longValue();
        Object png = driver.executeCdpCommand("Page.captureScreenshot", Map.of("format", "png", "captureBeyondViewport", true,
                "clip", Map.of("x", 0, "y", 0, "width", width, "height", height, "scale", 1))).get("data");
        BufferedImage image = ImageIO.read(new ByteArrayInputStream(Base64.getDecoder().decode(png.toString())));
        String pixels = Base64.getEncoder().encodeToString(SmallPng.of(image));
        Files.writeString(file, String.format(Locale.ROOT, "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%1$d\" height=\"%2$d\" "
                + "viewBox=\"0 0 %1$d %2$d\"><image width=\"%1$d\" height=\"%2$d\" href=\"data:image/png;base64,%3$s\"/></svg>%n",
                width, height, pixels));
    }

    @Override
    public void close() {
        driver.quit();
    }
}
