package io.sparring.evaluator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.sparring.schemas.ReportStatus;
import io.sparring.schemas.Robustness;
import io.sparring.schemas.WireFormat;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class VersionSummaryTest {

    @BeforeAll
    static void trustOurClasses() {
        WireFormat.of(Robustness.class);
    }

    @Test
    void figuresAreTheMeanAndTheHarmonicMean() {
        List<Robustness> reports = VersionSummary.of(report("clean", 80), report("autoattack", 48));
        assertThat(reports).extracting(Robustness::getAttack).containsExactly("mean", "nrr");
        assertThat(reports.get(0).getAccuracy()).isCloseTo(0.64, within(1e-12));
        assertThat(reports.get(1).getAccuracy()).isCloseTo(2 * 0.8 * 0.48 / 1.28, within(1e-12));
        assertThat(reports).allSatisfy(report -> {
            assertThat(report.getStatus()).isEqualTo(ReportStatus.COMPLETE);
            assertThat(report.getLower()).isBetween(0.4, report.getAccuracy());
            assertThat(report.getUpper()).isBetween(report.getAccuracy(), 0.75);
            assertThat(report.getSeconds()).isEqualTo(2);
        });
    }

    @Test
    void nothingRightIsARatioOfNothing() {
        assertThat(VersionSummary.of(report("clean", 0), report("autoattack", 0)))
                .allSatisfy(report -> assertThat(report.getAccuracy()).isZero());
        assertThat(VersionSummary.of(report("clean", 100), report("autoattack", 100)))
                .allSatisfy(report -> assertThat(report.getUpper()).isEqualTo(1));
    }

    @Test
    void thereAreNoneWithoutBothReportsOfTheSameImages() {
        Robustness clean = report("clean", 80);
        Robustness suite = report("autoattack", 48);
        assertThat(VersionSummary.of(clean, null)).isEmpty();
        assertThat(VersionSummary.of(null, suite)).isEmpty();
        assertThat(VersionSummary.of(clean, Robustness.newBuilder(suite).setStatus(ReportStatus.INCOMPLETE).build())).isEmpty();
        assertThat(VersionSummary.of(Robustness.newBuilder(clean).setImages(99).build(), suite)).isEmpty();
    }

    /** The interval is as wide as the figures of drawn samples are spread. */
    @Test
    void theIntervalHoldsNineteenOfTwentySamples() {
        Random random = new Random(11);
        int[] held = new int[2];
        for (int sample = 0; sample < 2000; sample++) {
            int clean = 0;
            int suite = 0;
            for (int image = 0; image < 400; image++) {
                double draw = random.nextDouble();
                clean += draw < 0.8 ? 1 : 0;
                suite += draw < 0.48 ? 1 : 0;
            }
            List<Robustness> reports = VersionSummary.of(report("clean", clean, 400), report("autoattack", suite, 400));
            double[] truth = {0.64, 2 * 0.8 * 0.48 / 1.28};
            for (int i = 0; i < 2; i++) {
                held[i] += reports.get(i).getLower() <= truth[i] && truth[i] <= reports.get(i).getUpper() ? 1 : 0;
            }
        }
        assertThat(held).as("seed 11").satisfies(counts -> {
            assertThat(counts[0]).isBetween(1870, 1930);
            assertThat(counts[1]).isBetween(1870, 1930);
        });
    }

    private static Robustness report(String attack, int correct) {
        return report(attack, correct, 100);
    }

    private static Robustness report(String attack, int correct, int images) {
        return Robustness.newBuilder().setIncarnation(0).setStep(10).setAttack(attack).setSlice("held-out")
                .setStatus(ReportStatus.COMPLETE).setReported(List.of(0L)).setBatches(1).setImages(images).setCorrect(correct)
                .setAccuracy(correct / (double) images).setLower(0.0).setUpper(1.0).setEpsilon(0).setUpdatedAt(Instant.EPOCH)
                .setSeconds(1).build();
    }
}
