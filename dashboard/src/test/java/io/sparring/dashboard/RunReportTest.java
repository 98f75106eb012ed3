package io.sparring.dashboard;

import static io.sparring.dashboard.MadeRecords.NOW;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sparring.pipeline.RunFile;
import io.sparring.pipeline.RunSpecification;
import io.sparring.schemas.Robustness;
import io.sparring.schemas.Sample;
import io.sparring.schemas.SampledImage;
import io.sparring.schemas.TrainingStep;
import io.sparring.schemas.UpdateIdentity;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Node;

class RunReportTest {

    private static final String MARKUP = "<img src=x onerror=\"alert('1')\"> & </style><script>alert(1)</script>";
    private static final Instant AT = Instant.ofEpochMilli(NOW);
    private static final String NONE = "None were computed.";

    private final RunSpecification run = RunFile.read(null, Map.of(), Map.of("run", "fashion", "data.batches", "40"));
    private final RunReport report = report(List.of());

    @Test
    void theNumbersAreThoseOfTheRecords() {
        for (int n = 0; n < 10; n++) {
            report.add(MadeRecords.trained(n, 0, n + 1, 2f));
        }
        report.add(MadeRecords.dropped(10, 0, 10));
        report.add(MadeRecords.trained(11, 1, 9, 1.5f));
        report.add(MadeRecords.complete(0, 5, "clean", 748));
        report.add(MadeRecords.complete(0, 5, "pgd-20", 535));
        report.add(MadeRecords.complete(1, 9, "clean", 803));
        report.add(MadeRecords.incomplete(1, 9, "pgd-20"));
        report.add(MadeRecords.window(7, 0, 5, 400));
        report.add(MadeRecords.windowSeen(15, 1, 9, 600));
        ReportReading page = page(Optional.empty());
        assertThat(page.text("//h1")).isEqualTo("Sparring fashion");
        assertThat(tile(page, "Steps")).isEqualTo("9");
        assertThat(tile(page, "Batches")).isEqualTo("12");
        assertThat(tile(page, "Incarnations")).isEqualTo("2");
        assertThat(tile(page, "Trained")).isEqualTo("11");
        assertThat(tile(page, "Refreshed")).isEqualTo("0");
        assertThat(tile(page, "Dropped")).isEqualTo("1");
        assertThat(page.rows("//section[@id='versions']//table")).startsWith(
                List.of("1/9", "80.3 % 77.3 to 83.3 %", "incomplete 1 of 4 batches"),
                List.of("0/5", "74.8 % 71.8 to 77.8 %", "53.5 % 50.5 to 56.5 %"));
        assertThat(page.texts("//section[@id='versions']/div//th[@scope='col']"))
                .containsExactly("Update", "Clean (L∞ ε 0.1)", "PGD-20 (L∞ ε 0.1)");
        assertThat(page.rows("//section[@id='accuracy']//table").get(1)).containsExactly("5", "74.8 % 71.8 to 77.8 %",
                "53.5 % 50.5 to 56.5 %");
        assertThat(page.rows("//section[@id='loss']//table")).startsWith(List.of("9", "1.5", "0.75", "0.375"), List.of("8", "2", "1", "0.5"))
                .hasSize(9);
        assertThat(page.rows("//section[@id='staleness']//table")).startsWith(List.of("9", "2"));
        assertThat(page.rows("//section[@id='stream']//table")).containsExactly(List.of("9", "–", "–", "75.0 %", "75.0 %"),
                List.of("5", "75.0 % 66.0 to 82.0 %", "50.0 % 47.0 to 53.0 %", "–", "–"));
        assertThat(page.text("//section[@id='accuracy']//desc")).contains("Clean from 74.8 % at step 5 to 80.3 % at step 9");
        assertThat(page.text("//*[@id='specification']")).contains("run: \"fashion\"", "batches: 40");
        assertThat(page.rows("//section[@id='run']//table")).containsExactly(List.of("0", "1"), List.of("1", "9"));
    }

    @Test
    void saysWhatItsWeightsWereComputedOn() {
        report.add(MadeRecords.trained(0, 0, 1, 2f));
        assertThat(page(Optional.empty()).texts("//dl[@class='about']/div"))
                .contains("Computed on– no publishing step says it");
        for (int n = 1; n < 4; n++) {
            report.add(TrainingStep.newBuilder(MadeRecords.trained(n, 0, n + 1, 2f))
                    .setComputedOn(n < 3 ? "linux-x86_64, TensorFlow 2.16.1" : "elsewhere").build());
        }
        assertThat(page(Optional.empty()).texts("//dl[@class='about']/div")).contains(
                "Computed onlinux-x86_64, TensorFlow 2.16.1 from update 0/2", "Computed onelsewhere from update 0/4");
    }

    /** Whatever anybody may have written to a topic is text. */
    @Test
    void escapesEverything() {
        RunReport hostile = report(List.of(MARKUP, MARKUP, MARKUP, MARKUP));
        hostile.add(TrainingStep.newBuilder(MadeRecords.trained(0, 0, 1, 2f)).setComputedOn(MARKUP).build());
        hostile.add(MadeRecords.complete(0, 1, MARKUP, 500));
        hostile.add(MadeRecords.complete(0, 1, "clean", 500));
        hostile.add(Robustness.newBuilder(MadeRecords.complete(0, 1, "clean", 500)).setSlice(MARKUP).setNorm(MARKUP).build());
        hostile.add(Sample.newBuilder(MadeRecords.sample(0, 2, NOW)).setAttacker(MARKUP).setNorm(MARKUP).build());
        String html = hostile.html(Optional.of(new MeasuredConfusions(new UpdateIdentity(0, 1), MARKUP, 0.1f, MARKUP, MARKUP, 4,
                MARKUP, matrix(2), matrix(2))), NONE, AT);
        assertThat(html).doesNotContain("<img src=x", "<script");
        ReportReading page = ReportReading.of(html);
        assertThat(page.nodes("//script")).isEmpty();
        assertThat(page.nodes("//@onerror")).isEmpty();
        assertThat(page.nodes("//img[not(starts-with(@src, 'data:image/png;base64,'))]")).isEmpty();
        assertThat(page.nodes("//style")).hasSize(1);
        assertThat(page.texts("//section[@id='versions']//caption")).contains(MARKUP);
        assertThat(page.text("//section[@id='samples']//strong")).isEqualTo(MARKUP);
        assertThat(page.nodes("//section[@id='samples']//img/@alt")).extracting(Node::getNodeValue)
                .contains("Clean image of class " + MARKUP);
    }

    @Test
    void saysOfEachEmptyTopicThatItIs() {
        assertThat(report.hasSteps()).isFalse();
        report.add(MadeRecords.dropped(0, 0, 0));
        assertThat(report.hasSteps()).isTrue();
        ReportReading page = page(Optional.empty());
        assertThat(page.text("//section[@id='accuracy']/p[@class='none']")).contains("robustness has no complete report yet");
        assertThat(page.text("//section[@id='loss']/p[@class='none']")).isEqualTo("No batch has been trained on.");
        assertThat(page.text("//section[@id='versions']/p[@class='none']")).contains("The topic robustness is empty");
        assertThat(page.text("//section[@id='samples']/p[@class='none']")).contains("The topic samples is empty");
        assertThat(page.text("//section[@id='confusion']/p[@class='none']")).isEqualTo(NONE);
        assertThat(page.nodes("//svg | //img")).as("no empty pictures").hasSize(1);
    }

    @Test
    void takesNoRecordThatCannotBeShown() {
        assertThatThrownBy(() -> report.add(MadeRecords.trained(-1, 0, 1, 2f))).hasMessageContaining("batchNumber: -1; allowed");
        Sample broken = Sample.newBuilder(MadeRecords.sample(0, 1, NOW)).setWidth(3).build();
        assertThatThrownBy(() -> report.add(broken)).hasMessageContaining("allowed: height x width x channels");
    }

    @Test
    void theImagesAreThoseOfTheNewestSample() throws IOException {
        report.add(MadeRecords.trained(0, 0, 1, 2f));
        report.add(MadeRecords.sample(7, 8, NOW + 10));
        report.add(MadeRecords.sample(5, 8, NOW));
        ReportReading page = page(Optional.empty());
        assertThat(page.text("//section[@id='samples']/p")).startsWith("Batch 7, crafted against update 0/30 by attacker-1, L∞ ε 0.1")
                .contains("8 of 8 are taken for another class", "magnified 25 times");
        assertThat(page.nodes("//section[@id='samples']//li")).hasSize(8);
        assertThat(levels(page, 1)).containsExactly(0, 10, 200, 255);
        assertThat(levels(page, 2)).containsExactly(5, 5, 205, 250);
        assertThat(levels(page, 3)).containsExactly(128 + 125, 128 - 125, 128 + 125, 128 - 125);
        assertThat(page.texts("//section[@id='samples']//li[1]//figcaption/p"))
                .containsExactly("clean✓rightlyclass 375 %", "perturbed✗wronglyclass 150 %");
    }

    @Test
    void imagesInColorKeepTheirChannels() throws IOException {
        report.add(MadeRecords.trained(0, 0, 1, 2f));
        ByteBuffer pixels = ByteBuffer.wrap(new byte[] {10, 20, 30, (byte) 255, 0, 7});
        report.add(new Sample(0L, "attacker", 0, 1L, 0.1f, "linf", 1, 2, 3, 10, List.of(new SampledImage(0, pixels, pixels, 0, 1f, 0, 1f)),
                AT));
        BufferedImage image = image(page(Optional.empty()), 1);
        assertThat(List.of(image.getRGB(0, 0) & 0xffffff, image.getRGB(1, 0) & 0xffffff)).containsExactly(0x0a141e, 0xff0007);
    }

    @Test
    void fewClassesHaveAllCountsAndManyTheirMostFrequentConfusions() {
        report.add(MadeRecords.trained(0, 0, 1, 2f));
        ReportReading few = page(Optional.of(confusions(2)));
        assertThat(few.rows("(//table[@class='confusions'])[1]")).containsExactly(List.of("class 0", "2", "1"), List.of("class 1", "0", "3"));
        assertThat(few.text("//section[@id='confusion']//h3")).isEqualTo("Clean: 5 of 6 rightly (83.3 %)");
        assertThat(few.text("//section[@id='confusion']/p")).startsWith("Update 0/1 on 6 of 100 held-out images, computed for this report on here");
        assertThat(few.rows("//details[@id='classes']//table")).containsExactly(List.of("class 0", "3", "66.7 %", "66.7 %", "class 1 (1)"),
                List.of("class 1", "3", "100.0 %", "100.0 %", "–"));
        ReportReading many = page(Optional.of(confusions(ConfusionView.FEW_CLASSES + 1)));
        assertThat(many.nodes("//table[@class='confusions']")).isEmpty();
        assertThat(many.nodes("//img[@class='confusions']")).hasSize(2);
        assertThat(many.rows("(//section[@id='confusion']//table)[1]")).containsExactly(List.of("class 0", "class 1", "1"));
    }

    @Test
    void loadsNothingAndEverythingHasAName() {
        report.add(MadeRecords.trained(0, 0, 1, 2f));
        report.add(MadeRecords.complete(0, 1, "clean", 748));
        report.add(MadeRecords.sample(7, 8, NOW));
        String html = report.html(Optional.of(confusions(2)), NONE, AT);
        ReportReading page = ReportReading.of(html);
        assertThat(html).doesNotContain("http://", "https://", "url(", "@import");
        assertThat(page.nodes("//link | //script | //iframe | //object")).isEmpty();
        assertThat(page.nodes("//*[@role='img' or self::section or @role='region'][not(@aria-label or @aria-labelledby)]")).isEmpty();
        assertThat(page.nodes("//img[not(@alt)]")).isEmpty();
        assertThat(page.nodes("//table[not(caption)]")).isEmpty();
        List<String> ids = page.nodes("//@id").stream().map(Node::getNodeValue).toList();
        assertThat(ids).doesNotHaveDuplicates();
        page.nodes("//@aria-labelledby").forEach(names -> assertThat(ids).contains(names.getNodeValue().split(" ")));
        page.nodes("//a/@href").forEach(link -> assertThat(ids).contains(link.getNodeValue().substring(1)));
    }

    private RunReport report(List<String> classNames) {
        return new RunReport(new ReportedRun(run, 3, "ab".repeat(32), classNames, "1.0"));
    }

    private ReportReading page(Optional<MeasuredConfusions> confusions) {
        return ReportReading.of(report.html(confusions, NONE, AT));
    }

    private static MeasuredConfusions confusions(int classes) {
        return new MeasuredConfusions(new UpdateIdentity(0, 1), "pgd-20", 0.1f, "linf", "held-out", 100, "here", matrix(classes),
                matrix(classes));
    }

    /** Of class 0, one of three is taken for class 1. */
    private static ConfusionMatrix matrix(int classes) {
        return ConfusionMatrix.of(classes, List.of(0, 0, 0, 1, 1, 1), List.of(0, 1, 0, 1, 1, 1));
    }

    private static String tile(ReportReading page, String name) {
        return page.text("//dl[@class='tiles']/div[dt='" + name + "']/dd[@class='value']");
    }

    private static List<Integer> levels(ReportReading page, int which) throws IOException {
        BufferedImage image = image(page, which);
        return IntStream.range(0, 4).mapToObj(i -> image.getRaster().getSample(i % 2, i / 2, 0)).toList();
    }

    private static BufferedImage image(ReportReading page, int which) throws IOException {
        String address = page.nodes("//section[@id='samples']//li[1]//img[" + which + "]/@src").get(0).getNodeValue();
        return ImageIO.read(new ByteArrayInputStream(Base64.getDecoder().decode(address.substring("data:image/png;base64,".length()))));
    }
}
