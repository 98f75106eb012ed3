package io.sparring.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.awaitility.Awaitility.await;

import io.sparring.attacker.AttackerService;
import io.sparring.evaluator.EvaluatorService;
import io.sparring.learning.ExecutionSettings;
import io.sparring.pipeline.DeadLetters;
import io.sparring.pipeline.KafkaSettings;
import io.sparring.pipeline.RunFile;
import io.sparring.pipeline.RunSpecification;
import io.sparring.pipeline.RunTopics;
import io.sparring.producer.DataSetLoader;
import io.sparring.producer.DataSets;
import io.sparring.producer.ProducerService;
import io.sparring.schemas.Alarm;
import io.sparring.schemas.AlarmKind;
import io.sparring.schemas.AlarmState;
import io.sparring.schemas.Robustness;
import io.sparring.schemas.RunTopic;
import io.sparring.schemas.Sample;
import io.sparring.schemas.SampledImage;
import io.sparring.schemas.TrainingStep;
import io.sparring.schemas.WireFormat;
import io.sparring.trainer.Beginning;
import io.sparring.trainer.TrainerService;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.Keys;
import org.openqa.selenium.WebElement;

/**
 * The page of a run in a browser, from before its first batch on. With {@code -Ddashboard.screenshots=true} the run is one of
 * Fashion-MNIST that takes minutes, and the pictures in docs are made of it.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DashboardIT {

    @RegisterExtension
    static final SharedBroker BROKER = new SharedBroker();

    private static final boolean SCREENSHOTS = Boolean.getBoolean("dashboard.screenshots");
    private static final int BATCHES = SCREENSHOTS ? 200 : 40;
    private static final int HELD_OUT = SCREENSHOTS ? 1000 : 200;
    private static final Duration LIMIT = Duration.ofMinutes(SCREENSHOTS ? 15 : 3);
    private static final String MARKUP = "<img src=x onerror=\"window.injected=1\"><b>bold</b>";

    private final String name = SCREENSHOTS ? "fashion" : "dashboard-" + UUID.randomUUID();
    private RunSpecification run;
    private KafkaSettings kafka;
    private Path folder;
    private Browser browser;
    private ChildProcess dashboard;
    private String address;
    private ServiceHosts services;
    private RunLog log;

    @BeforeAll
    void watchARunFromItsBeginning(@TempDir Path temporary) throws Exception {
        browser = Browser.start();
        folder = temporary;
        run = RunFile.read(null, Map.of(), settings());
        kafka = KafkaSettings.of(BROKER.bootstrapServers());
        log = new RunLog(kafka, name);
        Files.writeString(folder.resolve("run.yaml"), RunFile.toYaml(run));
        try (Admin admin = kafka.admin()) {
            new RunTopics(admin).create(run, (short) 1);
        }
        start(0);
        browser.view(1280, 900, "light");
        browser.open(address);
        awaitThat(() -> browser.text("#status").equals("Live"));
        assertThat(browser.text("#accuracy .chart")).isEqualTo("No data yet");
        browser.run("window.opened = 'once'");
        run();
    }

    private Map<String, String> settings() {
        Map<String, String> settings = new HashMap<>(Map.of("run", name, "partitions", "2", "log", "keep",
                "data.batches", "" + BATCHES, "data.heldOutImages", "" + HELD_OUT, "data.heldOutBatchSize", "100",
                "staleness.craftAfterSeconds", "600"));
        settings.putAll(SCREENSHOTS ? Map.of("data.name", "fashion-mnist", "evaluation.every", "50", "network.width", "8",
                "network.mean", "[0.286]", "network.deviation", "[0.353]")
                : Map.of("data.name", MadeDataSet.NAME, "data.batchSize", "32", "network.width", "4", "network.hidden", "8",
                "attack.steps", "2", "attack.stepSize", "0.05", "evaluation.steps", "3", "evaluation.every", "20"));
        return settings;
    }

    private void run() throws Exception {
        DataSetLoader data = SCREENSHOTS ? new DataSets(Optional.empty(), DataSets.defaultCache())
                : MadeDataSet.write(folder, 1, 2_000, HELD_OUT);
        services = new ServiceHosts(kafka, name);
        Clock clock = Clock.systemUTC();
        ExecutionSettings execution = new ExecutionSettings(1, 1);
        services.start(new ProducerService(run, kafka, data, clock), "producer");
        services.start(new TrainerService(run, kafka, execution, Beginning.OF_RUN_FILE, clock), "trainer");
        services.start(new EvaluatorService(run, kafka, execution, clock), "evaluator");
        services.start(new AttackerService(run, kafka, execution, clock, Duration.ofMinutes(5)), "attacker");
        if (SCREENSHOTS) {
            awaitThat(() -> browser.text("[data-tile=robust-accuracy] .note").endsWith("step " + BATCHES * 3 / 4));
            photograph(Path.of("..", "docs"));
        }
        awaitThat(() -> services.running().size() == 4 && browser.text("[data-tile=batches] .value").equals("" + BATCHES)
                && browser.text("[data-tile=robust-accuracy] .note").endsWith("step " + BATCHES)
                && browser.text("[data-tile=clean-accuracy] .note").endsWith("step " + BATCHES));
    }

    @AfterAll
    void stop() {
        if (services != null) {
            services.close();
        }
        if (dashboard != null) {
            dashboard.kill();
        }
        if (browser != null) {
            browser.close();
        }
    }

    @Test
    void theNumbersAreThoseOnTheTopics() {
        List<TrainingStep> steps = log.numbered(RunTopic.TRAINING_STEPS, TrainingStep.class).stream().map(RunLog.Entry::value).toList();
        TrainingStep last = steps.get(steps.size() - 1);
        assertThat(browser.text("[data-tile=loss] .value")).isEqualTo(number(last.getLoss()));
        assertThat(browser.text("[data-tile=staleness] .value")).isEqualTo(last.getStaleness().toString());
        Map<String, Robustness> reports = new TreeMap<>();
        log.named(RunTopic.ROBUSTNESS, Robustness.class).forEach(entry -> reports.put(entry.key(), entry.value()));
        Robustness robust = reports.get("0/" + BATCHES + "/" + run.evaluation().reportName() + "/held-out");
        assertThat(browser.text("[data-tile=robust-accuracy] .value")).isEqualTo(percent(robust.getAccuracy()));

        assertThat(table("accuracy")).hasSize(BATCHES / run.evaluation().every() + 1).allSatisfy(row -> {
            Robustness clean = reports.get("0/" + plain(row.get(0)) + "/clean/held-out");
            Robustness attacked = reports.get("0/" + plain(row.get(0)) + "/" + run.evaluation().reportName() + "/held-out");
            assertThat(row.subList(1, 3)).containsExactly(interval(clean), interval(attacked));
        });
        List<List<String>> losses = table("loss");
        assertThat(losses).hasSize(BATCHES);
        assertThat(table("staleness")).hasSize(BATCHES);
        for (int i = 0; i < BATCHES; i++) {
            TrainingStep step = steps.get(BATCHES - 1 - i);
            assertThat(losses.get(i)).startsWith(Long.toString(step.getStep()), number(step.getLoss()), number(step.getCrossEntropy()));
            assertThat(table("staleness").get(i).get(1)).isEqualTo(step.getStaleness().toString());
        }
        assertThat(browser.rows("#services-table")).extracting(row -> row.get(0)).contains("attackerattacker",
                "evaluatorevaluator", "producerproducer", "trainertrainer");
        String lead = browser.text("#services-lead");
        assertThat(steps.stream().collect(Collectors.groupingBy(TrainingStep::getOutcome, Collectors.counting())))
                .allSatisfy((outcome, count) -> assertThat(lead).contains(count + " " + outcome.name().toLowerCase(Locale.ROOT)));
    }

    @Test
    void theImagesAreThoseOfTheNewestSample() {
        List<RunLog.Entry<Long, Sample>> samples = log.numbered(RunTopic.SAMPLES, Sample.class);
        Sample newest = samples.get(samples.size() - 1).value();
        assertThat(browser.text("#samples-lead")).startsWith("Batch " + newest.getBatchNumber() + ", crafted against step "
                + newest.getStep() + " by attacker, ");
        List<WebElement> pictures = browser.elements("#samples-list li");
        assertThat(pictures).hasSize(8);
        for (int i = 0; i < pictures.size(); i++) {
            SampledImage image = newest.getImages().get(i);
            assertThat(drawn(i, 0)).as("clean image %d", i).isEqualTo(levels(image.getPixels(), newest.getChannels()));
            assertThat(drawn(i, 1)).as("perturbed image %d", i).isEqualTo(levels(image.getPerturbed(), newest.getChannels()));
            assertThat(drawn(i, 2)).as("difference %d", i).hasSize(drawn(i, 0).size());
            String predictions = pictures.get(i).getText();
            assertThat(predictions).contains(name(image.getLabel()), name(image.getPredicted()), name(image.getPredictedPerturbed()));
            assertThat(browser.elements("#samples-list li:nth-child(" + (i + 1) + ") .wrong"))
                    .hasSize((image.getPredicted() == image.getLabel() ? 0 : 1)
                            + (image.getPredictedPerturbed() == image.getLabel() ? 0 : 1));
        }
    }

    /** How many stand: a run as small as this may raise one of its own. */
    private int alarms() {
        return Integer.parseInt(browser.text("[data-tile=alarms] .value"));
    }

    /** What comes while the page is open shows without a reload, and as text, whatever it is. */
    @Test
    void alarmsAndDeadLettersShowAtOnceAndAsText() {
        int before = alarms();
        alarm("quadrants-" + MARKUP, AlarmState.RAISED);
        ProducerRecord<String, byte[]> letter = new ProducerRecord<>(RunTopic.DEAD_LETTERS.of(name), 0, null, new byte[] {1});
        letter.headers().add(DeadLetters.TOPIC, RunTopic.CLEAN_BATCHES.of(name).getBytes(StandardCharsets.UTF_8))
                .add(DeadLetters.PARTITION, "1".getBytes(StandardCharsets.UTF_8))
                .add(DeadLetters.OFFSET, "17".getBytes(StandardCharsets.UTF_8))
                .add(DeadLetters.REASON, (MARKUP + ": not allowed").getBytes(StandardCharsets.UTF_8));
        send(letter);
        awaitThat(() -> alarms() == before + 1 && browser.text("[data-tile=set-aside] .value").equals("1"));
        assertThat(browser.elements("#alarms-list li.raised")).extracting(WebElement::getText).anySatisfy(text ->
                assertThat(text).contains("Drift of the images", MARKUP, "0.143", "batches 3 to 7"));
        assertThat(browser.rows("#letters-reasons")).containsExactly(List.of("clean-batches: " + MARKUP, "1"));
        assertThat(browser.run("return document.querySelectorAll('main b, main img').length + (window.injected ?? 0)")).isEqualTo(0L);
        alarm("quadrants-" + MARKUP, AlarmState.CLEARED);
        awaitThat(() -> alarms() == before);
        assertThat(browser.run("return window.opened")).isEqualTo("once");
    }

    @Test
    void aChartIsReadWithTheKeyboardToo() {
        WebElement chart = browser.element("#loss [role=slider]");
        chart.sendKeys(Keys.HOME);
        assertThat(chart.getDomAttribute("aria-valuetext")).startsWith("step 1: Loss ");
        chart.sendKeys(Keys.ARROW_RIGHT, Keys.ARROW_RIGHT);
        assertThat(chart.getDomAttribute("aria-valuetext")).startsWith("step 3: Loss " + browser.text("#loss .legend strong"));
        assertThat(browser.run("return document.activeElement === arguments[0] && getComputedStyle(arguments[0]).outlineStyle", chart))
                .as("focus is to be seen").isEqualTo("solid");
        chart.sendKeys(Keys.END);
        assertThat(chart.getDomAttribute("aria-valuetext")).startsWith("step " + BATCHES + ": ");
        assertThat(browser.run("return [...document.querySelectorAll('canvas[role=img], section, [role=region], nav')].filter((each) => "
                + "!each.ariaLabel && !each.getAttribute('aria-labelledby')).length")).as("everything has a name").isEqualTo(0L);
        chart.sendKeys(Keys.ESCAPE);
    }

    @Test
    void isReadableOnAPhoneAndLoadsNothingFromElsewhere() {
        for (String scheme : List.of("light", "dark")) {
            browser.view(360, 800, scheme);
            awaitThat(() -> browser.run("return document.documentElement.scrollWidth <= 360 "
                    + "&& [...document.querySelectorAll('.u-wrap')].every((plot) => plot.clientWidth <= 340)").equals(true));
            assertThat(browser.run("return getComputedStyle(document.body).backgroundColor")).asString()
                    .isEqualTo(scheme.equals("light") ? "rgb(245, 246, 244)" : "rgb(15, 17, 20)");
        }
        browser.view(1280, 900, "light");
        assertThat((List<?>) browser.run("return performance.getEntriesByType('resource').map((each) => each.name)"))
                .isNotEmpty().allSatisfy(resource -> assertThat(resource.toString()).startsWith(address));
    }

    @Test
    void survivesARestartOfTheServer() throws Exception {
        assertThat(browser.errors()).isEmpty();
        dashboard.kill();
        awaitThat(() -> browser.text("#status").startsWith("Reconnecting"));
        assertThat(browser.text("[data-tile=batches] .value")).as("what was known stays").isEqualTo("" + BATCHES);
        int before = alarms();
        alarm("meanwhile", AlarmState.RAISED);
        start(URI.create(address).getPort());
        awaitThat(() -> browser.text("#status").equals("Live") && browser.text("#alarms-list").contains("meanwhile"));
        alarm("meanwhile", AlarmState.CLEARED);
        awaitThat(() -> alarms() == before);
        assertThat(browser.text("[data-tile=batches] .value")).isEqualTo("" + BATCHES);
        assertThat(browser.run("return window.opened")).as("without a reload").isEqualTo("once");
    }

    /** The same run as a page in a file, with what its newest update takes held-out images for. */
    @Test
    void aReportHasTheNumbersOfTheTopicsAndNeedsNothingElse() throws Exception {
        Path file = folder.resolve("report.html");
        StringWriter out = new StringWriter();
        assertThat(Sparring.commandLine().setOut(new PrintWriter(out)).setErr(new PrintWriter(out)).execute("report", "--run",
                folder.resolve("run.yaml").toString(), "--bootstrap-servers", BROKER.bootstrapServers(), "--output", file.toString(),
                "--threads", "1")).as(out::toString).isZero();
        assertThat(out.toString()).contains("attacking " + counted(Math.min(HELD_OUT, 1_000))
                + " held-out images with update 0/" + BATCHES);
        Map<String, Robustness> reports = new TreeMap<>();
        log.named(RunTopic.ROBUSTNESS, Robustness.class).forEach(entry -> reports.put(entry.key(), entry.value()));
        List<TrainingStep> steps = log.numbered(RunTopic.TRAINING_STEPS, TrainingStep.class).stream().map(RunLog.Entry::value).toList();
        try (Browser reader = Browser.start()) {
            reader.view(360, 800, "dark");
            reader.open(file.toUri().toString());
            assertThat(reader.run("return document.documentElement.scrollWidth")).as("width").isEqualTo(360L);
            assertThat(reader.run("return getComputedStyle(document.body).backgroundColor")).isEqualTo("rgb(15, 17, 20)");
            reader.view(1280, 900, "light");
            assertThat(reader.rows("#versions [data-slice]")).hasSize(BATCHES / run.evaluation().every() + 1).allSatisfy(row -> {
                Robustness clean = reports.get(row.get(0) + "/clean/held-out");
                Robustness attacked = reports.get(row.get(0) + "/" + run.evaluation().reportName() + "/held-out");
                assertThat(row.subList(1, 3)).containsExactly(shares(clean), shares(attacked));
            });
            assertThat(reader.rows("#loss")).hasSize(BATCHES).first()
                    .satisfies(row -> assertThat(Double.parseDouble(row.get(1))).isCloseTo(steps.get(BATCHES - 1).getLoss(), within(1e-3)));
            assertThat(reader.text("#run")).contains(steps.stream().map(TrainingStep::getComputedOn).filter(Objects::nonNull)
                    .findFirst().orElseThrow());
            assertThat(reader.run("return [...document.querySelectorAll('#samples img')].filter((each) => each.naturalWidth > 0).length"))
                    .isEqualTo(24L);
            List<String> matrices = reader.elements("#confusion h3").stream().map(WebElement::getText).toList();
            assertThat(matrices.get(0)).startsWith("Clean: " + correct(reports, "clean") + " of " + counted(HELD_OUT) + " rightly");
            assertThat(matrices.get(1)).contains(": " + correct(reports, run.evaluation().reportName()) + " of " + counted(HELD_OUT) + " rightly");
            assertThat(reader.run("return [...document.querySelectorAll('table.confusions td.right')]"
                    + ".reduce((sum, cell) => sum + Number(cell.textContent), 0)")).as("both diagonals")
                    .isEqualTo(correct(reports, "clean") + correct(reports, run.evaluation().reportName()));
            assertThat((List<?>) reader.run("return performance.getEntriesByType('resource').map((each) => each.name)"))
                    .allSatisfy(resource -> assertThat(resource.toString()).startsWith("data:"));
            assertThat(reader.errors()).isEmpty();
            Path picture = (SCREENSHOTS ? Path.of("..", "docs") : folder).resolve("report.svg");
            reader.photograph(picture);
            assertThat(Files.size(picture)).isBetween(20_000L, 400_000L);
        }
    }

    private static String counted(int number) {
        return String.format(Locale.ROOT, "%,d", number);
    }

    private static long correct(Map<String, Robustness> reports, String attack) {
        return reports.get("0/" + BATCHES + "/" + attack + "/held-out").getCorrect();
    }

    private static String shares(Robustness report) {
        return percent(report.getAccuracy()) + " " + percent(report.getLower()).replace(" %", "") + " to " + percent(report.getUpper());
    }

    @Test
    void itsPicturesInLightInDarkAndOfAPhoneAreSmall() throws IOException {
        photograph(folder);
    }

    private void photograph(Path pictures) throws IOException {
        for (String picture : List.of("light", "dark", "narrow")) {
            int width = picture.equals("narrow") ? 360 : 1280;
            browser.view(width, 900, picture.equals("dark") ? "dark" : "light");
            awaitThat(() -> browser.run("return document.documentElement.clientWidth === arguments[0] && "
                    + "[...document.querySelectorAll('.u-wrap')].every((plot) => plot.clientWidth <= arguments[0])", width).equals(true));
            Path file = pictures.resolve("dashboard-" + picture + ".svg");
            browser.photograph(file);
            assertThat(Files.size(file)).isBetween(20_000L, 400_000L);
        }
        browser.view(1280, 900, "light");
    }

    private void start(int port) throws IOException, InterruptedException {
        dashboard = ChildProcess.start(ChildCommand.sparring("dashboard", folder.resolve("dashboard.log"), "dashboard", "--run",
                folder.resolve("run.yaml").toString(), "--bootstrap-servers", BROKER.bootstrapServers(), "--port", "" + port)
                .withJvmOptions("-Xmx256m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
        address = dashboard.awaitReady(LIMIT);
    }

    private void alarm(String subject, AlarmState state) {
        Alarm alarm = new Alarm(AlarmKind.INPUT_DRIFT, subject, state, "jensen-shannon is 0.143, at most 0.1", "jensen-shannon",
                0.143, 0.1, 3L, 7L, 0, 4L, Instant.now());
        send(new ProducerRecord<>(RunTopic.ALARMS.of(name), 0, "INPUT_DRIFT/" + subject, WireFormat.of(Alarm.class).encode(alarm)));
    }

    private void send(ProducerRecord<String, byte[]> record) {
        try (Producer<String, byte[]> producer = kafka.producer(new StringSerializer())) {
            producer.send(record);
        }
    }

    private static void awaitThat(Callable<Boolean> condition) {
        await().atMost(LIMIT).until(condition);
    }

    private List<List<String>> table(String id) {
        browser.run("document.querySelector(arguments[0]).open = true", "#" + id + " details");
        awaitThat(() -> !browser.rows("#" + id + " details table").isEmpty());
        return browser.rows("#" + id + " details table");
    }

    /** The red channel of a canvas: image by image, clean, perturbed and difference. */
    private List<Long> drawn(int image, int which) {
        List<Long> drawn = new ArrayList<>();
        ((List<?>) browser.run("const canvas = document.querySelectorAll('#samples-list li')[arguments[0]].querySelectorAll('canvas')"
                + "[arguments[1]]; return [...canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data]"
                + ".filter((value, i) => i % 4 === 0)", image, which)).forEach(value -> drawn.add(((Number) value).longValue()));
        return drawn;
    }

    private static List<Long> levels(ByteBuffer pixels, int channels) {
        List<Long> levels = new ArrayList<>();
        for (int i = 0; i < pixels.remaining(); i += channels) {
            levels.add((long) Byte.toUnsignedInt(pixels.get(pixels.position() + i)));
        }
        return levels;
    }

    private String name(int label) {
        List<String> names = DataSets.classNames(run.data().name());
        return names.isEmpty() ? "class " + label : names.get(label);
    }

    private static String plain(String number) {
        return number.replace(",", "");
    }

    private static String percent(double share) {
        return new BigDecimal(share * 100).setScale(1, RoundingMode.HALF_UP) + " %";
    }

    private static String interval(Robustness report) {
        return percent(report.getAccuracy()) + " (" + percent(report.getLower()) + " to " + percent(report.getUpper()) + ")";
    }

    /** As the page writes a loss, of which it gets five digits. */
    private static String number(double value) {
        double rounded = Math.round(value * 1e5) / 1e5;
        return new BigDecimal(rounded).setScale(rounded >= 10 ? 1 : rounded >= 1 ? 2 : 3, RoundingMode.HALF_UP).toString();
    }
}
