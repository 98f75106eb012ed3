package io.sparring.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.sparring.pipeline.RunFile;
import io.sparring.pipeline.RunSpecification;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class ProgressDisplayTest {

    private static final String BACK_TWO_LINES = "\u001b[2F\u001b[J";

    private final SetClock clock = new SetClock();
    private final StringWriter written = new StringWriter();
    private final RunSpecification run = run(Map.of("data.batches", "400"));
    private final RunProgress progress = new RunProgress(run);

    @Test
    void drawsOverItsTwoLinesOnATerminal() {
        ProgressDisplay display = display(true, run);

        display.show(progress);
        assertThat(written.toString()).doesNotContain(BACK_TWO_LINES).hasLineCount(2);
        display.show(progress);
        display.show(progress);
        assertThat(written.toString().split(Pattern.quote(BACK_TWO_LINES))).hasSize(3).allSatisfy(drawn ->
                assertThat(drawn).startsWith("\u001b[?7l[").endsWith("\u001b[?7h\n").hasLineCount(2));
    }

    @Test
    void writesALineEachTenSecondsElsewhere() {
        ProgressDisplay display = display(false, run);

        for (int second = 0; second < 25; second++) {
            display.show(progress);
            clock.advance(Duration.ofSeconds(1));
        }

        assertThat(written.toString().lines()).as("at 0, 10 and 20 s").hasSize(3);
        assertThat(written.toString()).doesNotContain("\u001b");
    }

    @Test
    void showsHowFarTheRunIsAndHowItGoes() {
        progress.add(MadeRecords.trained(99, 0, 100));
        progress.add(MadeRecords.complete(0, 100, "clean", 0.8));
        progress.add(MadeRecords.complete(0, 100, "pgd-20", 0.425));
        progress.add(MadeRecords.status("attacker", "one", 123.4, clock.millis()));

        display(false, run).show(progress);

        assertThat(written.toString()).startsWith("[##########------------------------------] 100 of 400 batches, 25 %")
                .contains("attacker 123 ", "trainer 0 ", "| staleness 2 | loss 1.250", "| robust 42.5 % (step 100)");
    }

    @Test
    void tellsTheTimeLeftByTheSpeedItHasSeen() {
        ProgressDisplay display = display(true, run);
        progress.add(MadeRecords.trained(99, 0, 100));
        display.show(progress);
        assertThat(written.toString()).as("one look shows no speed").doesNotContain("left");

        clock.advance(Duration.ofSeconds(60));
        progress.add(MadeRecords.trained(199, 0, 200));
        display.show(progress);

        assertThat(written.toString()).contains("200 of 400 batches, 50 %, about 2:00 left");
    }

    @Test
    void countsTheBatchesOfAnEndlessRun() {
        RunSpecification endless = run(Map.of("data.batches", "0", "optimizer.schedule", "constant"));
        progress.add(MadeRecords.trained(1233, 0, 1234));

        display(false, endless).show(progress);

        assertThat(written.toString()).startsWith("batch 1,234  images/s");
    }

    @Test
    void saysALineAboveTheProgress() {
        ProgressDisplay display = display(true, run);
        display.show(progress);
        display.say("the attacker died");
        display.show(progress);

        assertThat(written.toString()).contains(BACK_TWO_LINES + "the attacker died").hasLineCount(5);
        assertThat(written.toString().split(Pattern.quote(BACK_TWO_LINES))).as("nothing is drawn over what was said").hasSize(2);
    }

    private ProgressDisplay display(boolean terminal, RunSpecification shown) {
        return new ProgressDisplay(new PrintWriter(written), terminal, shown, clock);
    }

    private static RunSpecification run(Map<String, String> values) {
        return RunFile.read(null, Map.of(), values);
    }
}
