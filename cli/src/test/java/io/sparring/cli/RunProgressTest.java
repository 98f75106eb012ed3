package io.sparring.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.sparring.pipeline.EvaluationSettings;
import io.sparring.schemas.Outcome;
import io.sparring.schemas.TrainingStep;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RunProgressTest {

    private final RunProgress progress = new RunProgress(new EvaluationSettings(0.1f, 0.0125f, 20, 100), 0);

    @Test
    void knowsNothingAtFirst() {
        assertThat(progress.batches()).isZero();
        assertThat(progress.lastStep()).isEmpty();
        assertThat(progress.versions()).isEmpty();
        assertThat(progress.newestIsMeasured()).isFalse();
        assertThat(progress.imagesPerSecond("trainer", 0)).isZero();
    }

    @Test
    void countsTheBatchesThatHaveTheirOutcome() {
        progress.add(MadeRecords.trained(0, 0, 1));
        progress.add(MadeRecords.trained(1, 0, 2));

        assertThat(progress.batches()).isEqualTo(2);
        assertThat(progress.lastStep()).contains(MadeRecords.trained(1, 0, 2));
    }

    @Test
    void countsHowStaleTheBatchesWere() {
        progress.add(MadeRecords.trained(0, 0, 1));
        progress.add(TrainingStep.newBuilder(MadeRecords.trained(1, 0, 2)).setStaleness(4L).setOutcome(Outcome.REFRESHED).build());
        progress.add(TrainingStep.newBuilder(MadeRecords.trained(2, 0, 3)).setStaleness(null).build());
        progress.add(TrainingStep.newBuilder(MadeRecords.trained(3, 0, 3)).setStaleness(9L).setOutcome(Outcome.DROPPED).build());
        StalenessSeen seen = progress.staleness();
        assertThat(seen.outcomes()).isEqualTo(Map.of("TRAINED", 2L, "REFRESHED", 1L, "DROPPED", 1L));
        assertThat(seen.batches()).as("of what was trained on").containsEntry(4L, 1L).containsEntry(-1L, 1L).doesNotContainKey(9L);
        assertThat(new StalenessSeen(Map.of(-1L, 5L, 2L, 1L, 4L, 3L), Map.of()).mean()).isEqualTo(3.5);
        assertThat(seen.most()).isEqualTo(4);
    }

    @Test
    void countsThemWhereTheyAreTakenAsTheyArrive() {
        RunProgress arriving = new RunProgress(new EvaluationSettings(0.1f, 0.0125f, 20, 100), 3);
        int step = 0;
        for (int batch : new int[] {2, 0, 3, 1, 4, 7}) {
            arriving.add(MadeRecords.trained(batch, 0, ++step));
            assertThat(arriving.batches()).isEqualTo(step);
        }
        RunProgress trimmed = new RunProgress(new EvaluationSettings(0.1f, 0.0125f, 20, 100), 3);
        for (int batch : new int[] {100, 103, 104, 102, 105, 106}) {
            trimmed.add(MadeRecords.trained(batch, 0, ++step));
        }
        assertThat(trimmed.batches()).as("101 had its outcome before").isEqualTo(107);
    }

    @Test
    void knowsAVersionOnceBothOfItsReportsAreComplete() {
        progress.add(MadeRecords.complete(0, 100, "pgd-20", 0.4));
        progress.add(MadeRecords.incomplete(0, 100, "clean"));
        assertThat(progress.versions()).isEmpty();

        progress.add(MadeRecords.complete(0, 100, "clean", 0.8));
        assertThat(progress.versions()).containsExactly(new MeasuredVersion(100, 0.8, 0.4));
    }

    @Test
    void ordersVersionsByIncarnationAndStepWhateverCameFirst() {
        report(0, 200, 0.3);
        report(1, 150, 0.4);
        report(0, 0, 0.1);

        assertThat(progress.versions()).extracting(MeasuredVersion::step).containsExactly(0L, 200L, 150L);
    }

    @Test
    void leavesReportsOfOtherAttacksAside() {
        progress.add(MadeRecords.complete(0, 100, "clean", 0.8));
        progress.add(MadeRecords.complete(0, 100, "pgd-5", 0.6));

        assertThat(progress.versions()).isEmpty();
    }

    @Test
    void saysWhetherTheUpdateOfTheNewestStepIsMeasured() {
        report(0, 100, 0.3);
        progress.add(MadeRecords.trained(99, 0, 100));
        assertThat(progress.newestIsMeasured()).isTrue();

        progress.add(MadeRecords.trained(100, 0, 101));
        assertThat(progress.newestIsMeasured()).isFalse();

        progress.add(MadeRecords.trained(99, 1, 100));
        assertThat(progress.newestIsMeasured()).as("another incarnation's weights").isFalse();
    }

    @Test
    void addsUpWhatTheProcessesOfAServiceHandleButForSilentOnes() {
        progress.add(MadeRecords.status("attacker", "one", 100, 10_000));
        progress.add(MadeRecords.status("attacker", "two", 50, 12_000));
        progress.add(MadeRecords.status("trainer", "one", 7, 12_000));

        assertThat(progress.imagesPerSecond("attacker", 12_000)).isEqualTo(150);
        assertThat(progress.imagesPerSecond("attacker", 15_000)).isEqualTo(50);
    }

    private void report(int incarnation, long step, double robust) {
        progress.add(MadeRecords.complete(incarnation, step, "clean", 0.9));
        progress.add(MadeRecords.complete(incarnation, step, "pgd-20", robust));
    }

    @Test
    void reportsOfOtherImagesDoNotCount() {
        progress.add(MadeRecords.complete(0, 100, "clean", "validation", 0.9));
        progress.add(MadeRecords.complete(0, 100, "pgd-20", "validation", 0.5));
        assertThat(progress.versions()).isEmpty();
    }

    @Test
    void theSuiteIsThroughOnceAllThatIsMadeOfItIsThere() {
        assertThat(progress.suiteOnNewest()).as("no suite").isEmpty();
        RunProgress suite = new RunProgress(new EvaluationSettings(0.1f, 0.0125f, 20, 100, 50, "autoattack", "every", 5, 100, 1, 9,
                5000), 0);
        assertThat(suite.suiteOnNewest()).contains(Map.of());
        suite.add(MadeRecords.trained(0, 0, 1));
        suite.add(MadeRecords.complete(0, 1, "autoattack", 0.3));
        suite.add(MadeRecords.complete(0, 1, "mean", 0.5));
        suite.add(MadeRecords.complete(0, 0, "nrr", 0.4));
        assertThat(suite.suiteOnNewest()).as("another version's").contains(Map.of());
        suite.add(MadeRecords.complete(0, 1, "nrr", "validation", 0.4));
        assertThat(suite.suiteOnNewest()).as("other images'").contains(Map.of());
        suite.add(MadeRecords.complete(0, 1, "nrr", 0.42));
        assertThat(suite.suiteOnNewest().orElseThrow()).hasSize(3);
        assertThat(suite.suiteOnNewest().orElseThrow().get("nrr").getAccuracy()).isEqualTo(0.42);
        RunProgress best = new RunProgress(new EvaluationSettings(0.1f, 0.0125f, 20, 100, 50, "autoattack", "best", 5, 100, 1, 9,
                5000), 0);
        assertThat(best.suiteOnNewest()).as("the last may not be the best").isEmpty();
    }
}
