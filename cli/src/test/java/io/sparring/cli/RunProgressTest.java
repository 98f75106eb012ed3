package io.sparring.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.sparring.pipeline.EvaluationSettings;
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
}
