package io.sparring.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.sparring.pipeline.RunFile;
import io.sparring.schemas.UpdateIdentity;
import java.util.Map;
import org.junit.jupiter.api.Test;

class AccuracyReportsTest {

    private static final Gate GATE = Gate.parse("pgd20 >= 0.5");

    private final AccuracyReports reports = new AccuracyReports(RunFile.read(null, Map.of(), Map.of()));

    @Test
    void countOnceTheyAreComplete() {
        UpdateIdentity update = new UpdateIdentity(0, 100);
        reports.add(MadeRecords.incomplete(0, 100, "pgd-20"));
        reports.add(MadeRecords.complete(0, 100, "clean", 0.8));
        assertThat(reports.judged(update, GATE)).isFalse();
        assertThat(reports.judged(update, Gate.open())).isFalse();
        assertThat(reports.passing(GATE)).isEmpty();

        reports.add(MadeRecords.complete(0, 100, "pgd-20", 0.6));

        assertThat(reports.judged(update, GATE)).isTrue();
        assertThat(reports.judged(update, Gate.open())).isTrue();
        assertThat(reports.passing(GATE)).containsExactly(update);
        assertThat(reports.of(update)).isEqualTo(Map.of("clean", 0.8, "pgd-20", 0.6));
    }

    @Test
    void passNewestFirstWhateverCameFirst() {
        evaluated(1, 50, 0.7);
        evaluated(0, 200, 0.4);
        evaluated(0, 100, 0.6);

        assertThat(reports.passing(GATE)).containsExactly(new UpdateIdentity(1, 50), new UpdateIdentity(0, 100));
        assertThat(reports.passing(Gate.open())).hasSize(3);
    }

    @Test
    void tellWhichAttacksThereAre() {
        assertThat(reports.attacks()).containsExactly("clean", "pgd-20");
        reports.add(MadeRecords.incomplete(0, 100, "apgd-ce"));
        assertThat(reports.attacks()).containsExactly("apgd-ce", "clean", "pgd-20");
    }

    @Test
    void tellOfTheSuiteBeforeItHasReported() {
        AccuracyReports suite = new AccuracyReports(RunFile.read(null, Map.of(), Map.of("evaluation.suite", "autoattack")));
        Gate.parse("autoattack >= 0.3 and square > 0.3 and mean > 0.4").requireReported(suite.expected());
        assertThat(suite.attacks()).containsExactly("clean", "pgd-20");
    }

    @Test
    void areAllThereAtTheEndWhereTheSuiteIsRunOnTheBestAlone() {
        Gate gate = Gate.parse("autoattack >= 0.3");
        AccuracyReports onBest = new AccuracyReports(RunFile.read(null, Map.of(), Map.of("evaluation.suite", "autoattack",
                "evaluation.suiteOn", "best", "data.heldOut", "both", "data.validationImages", "5000")));
        UpdateIdentity last = new UpdateIdentity(0, 200);
        for (long step : new long[] {100, 200}) {
            onBest.add(MadeRecords.complete(0, step, "clean", 0.8));
            onBest.add(MadeRecords.complete(0, step, "pgd-20", 0.5));
        }
        onBest.add(MadeRecords.complete(0, 100, "pgd-20", "validation", 0.6));
        onBest.add(MadeRecords.complete(0, 100, "autoattack", 0.4));
        assertThat(onBest.judgedToTheEnd(last, gate)).as("the last may still be the best").isFalse();

        onBest.add(MadeRecords.complete(0, 200, "pgd-20", "validation", 0.59));
        assertThat(onBest.judged(last, gate)).isFalse();
        assertThat(onBest.judgedToTheEnd(last, gate)).isTrue();
        assertThat(onBest.passing(gate)).containsExactly(new UpdateIdentity(0, 100));

        onBest.add(MadeRecords.complete(0, 300, "clean", 0.8));
        onBest.add(MadeRecords.complete(0, 300, "pgd-20", 0.5));
        onBest.add(MadeRecords.complete(0, 300, "pgd-20", "validation", 0.7));
        assertThat(onBest.judgedToTheEnd(new UpdateIdentity(0, 300), gate)).as("the suite is run on it").isFalse();
    }

    @Test
    void leaveOtherSlicesAside() {
        reports.add(MadeRecords.complete(0, 100, "pgd-20", "validation", 0.9));

        assertThat(reports.passing(GATE)).isEmpty();
    }

    @Test
    void areThoseOfTheSliceThatEveryUpdateIsMeasuredOnAndTheSuitesOfAllImages() {
        AccuracyReports sliced = new AccuracyReports(RunFile.read(null, Map.of(), Map.of("evaluation.sliceImages", "500")));
        sliced.add(MadeRecords.complete(0, 100, "pgd-20", "held-out-500", 0.7));
        sliced.add(MadeRecords.complete(0, 100, "pgd-20", "held-out", 0.4));
        sliced.add(MadeRecords.complete(0, 100, "autoattack", "held-out", 0.3));
        sliced.add(MadeRecords.complete(0, 100, "autoattack", "validation", 0.2));

        assertThat(sliced.of(new UpdateIdentity(0, 100))).isEqualTo(Map.of("pgd-20", 0.7, "autoattack", 0.3));
    }

    @Test
    void areThoseOfTheValidationImagesWhereTheRunMeasuresOnThem() {
        AccuracyReports validation = new AccuracyReports(RunFile.read(null, Map.of(),
                Map.of("data.heldOut", "validation", "data.validationImages", "5000")));
        validation.add(MadeRecords.complete(0, 50, "pgd-20", 0.7));
        validation.add(MadeRecords.complete(0, 100, "pgd-20", "validation", 0.9));

        assertThat(validation.passing(GATE)).containsExactly(new UpdateIdentity(0, 100));
    }

    private void evaluated(int incarnation, long step, double accuracy) {
        reports.add(MadeRecords.complete(incarnation, step, "clean", 0.9));
        reports.add(MadeRecords.complete(incarnation, step, "pgd-20", accuracy));
    }
}
