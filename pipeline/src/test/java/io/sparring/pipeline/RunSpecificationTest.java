package io.sparring.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RunSpecificationTest {

    private final RunSpecification finite = run("data.batches", "23", "publishing.interval", "5",
            "publishing.checkpointEvery", "2", "evaluation.every", "10", "staleness.atMost", "4");
    private final RunSpecification endless = run("data.batches", "0", "optimizer.schedule", "constant",
            "publishing.interval", "5", "publishing.checkpointEvery", "2", "evaluation.every", "10", "staleness.atMost", "4");

    @Test
    void aRunEndsAfterItsLastBatch() {
        assertThat(finite.endsBefore(22)).isFalse();
        assertThat(finite.endsBefore(23)).isTrue();
        assertThat(finite.endsBefore(Long.MAX_VALUE)).isTrue();
        assertThat(endless.endsBefore(0)).isFalse();
        assertThat(endless.endsBefore(Long.MAX_VALUE)).isFalse();
    }

    @Test
    void everyMultipleAndTheEndCount() {
        List<Long> numbers = LongStream.rangeClosed(0, 25).boxed().toList();
        assertThat(numbers.stream().filter(finite::publishesAt)).containsExactly(0L, 5L, 10L, 15L, 20L, 23L, 25L);
        assertThat(numbers.stream().filter(finite::evaluatesAt)).containsExactly(0L, 10L, 20L, 23L);
        assertThat(numbers.stream().filter(finite::checkpointsAt)).containsExactly(0L, 10L, 20L, 23L);
        assertThat(numbers.stream().filter(endless::publishesAt)).containsExactly(0L, 5L, 10L, 15L, 20L, 25L);
        assertThat(numbers.stream().filter(endless::evaluatesAt)).containsExactly(0L, 10L, 20L);
        assertThat(numbers.stream().filter(endless::checkpointsAt)).containsExactly(0L, 10L, 20L);
    }

    @Test
    void theSuiteIsNotRunBeforeTheFirstStep() {
        RunSpecification run = run("data.batches", "23", "evaluation.every", "5", "evaluation.suite", "autoattack",
                "evaluation.suiteEvery", "2");
        assertThat(LongStream.rangeClosed(0, 25).boxed().filter(run::suiteAt)).containsExactly(10L, 20L, 23L);
    }

    @Test
    void underExactStalenessABatchHasOneUpdateThatIsPublishedBeforeItsTurn() {
        RunSpecification exact = run("staleness.exactly", "4", "publishing.interval", "5", "evaluation.every", "10");
        assertThat(exact.exact()).isTrue();
        assertThat(LongStream.rangeClosed(0, 15).map(exact::craftedAt))
                .containsExactly(0L, 0L, 0L, 0L, 0L, 0L, 0L, 0L, 0L, 5L, 5L, 5L, 5L, 5L, 10L, 10L);
        assertThat(exact.window()).isEqualTo(8);
        assertThat(LongStream.range(0, 1000).map(number -> number - exact.craftedAt(number)).max()).hasValue(exact.window());

        RunSpecification synchronous = run("staleness.exactly", "0", "publishing.interval", "1");
        assertThat(LongStream.range(0, 100)).allMatch(number -> synchronous.craftedAt(number) == number);
        assertThat(finite.exact()).isFalse();
        assertThat(finite.window()).isEqualTo(4);
    }

    @Test
    void underExactStalenessTheOrderIsThatOfNumbers() {
        assertThatThrownBy(() -> run("staleness.exactly", "4", "order", "arrival"))
                .hasMessageStartingWith("order: 'arrival' is not allowed; allowed: number where staleness.exactly is set");
        assertThatThrownBy(() -> run("staleness.exactly", "60", "publishing.interval", "5")).hasMessageContaining(
                "data.lead: '64' is not allowed; allowed: more than the batches that attackers may be ahead, "
                        + "staleness.exactly + publishing.interval - 1 = 64");
    }

    @Test
    void checkpointsFarApartDoNotOverflow() {
        RunSpecification rare = run("publishing.interval", "50000", "publishing.checkpointEvery", "50000",
                "evaluation.every", "50000", "staleness.atMost", "50000", "data.lead", "50001");
        assertThat(rare.checkpointsAt(2_500_000_000L)).isTrue();
        assertThat(rare.checkpointsAt(2_500_000_000L - 50_000)).isFalse();
        assertThat(rare.checkpointsAt(2_500_000_000L - (1L << 32))).isFalse();
    }

    @ParameterizedTest
    @CsvSource({"1, 250, 1", "249, 250, 1", "250, 250, 1", "251, 250, 2", "500, 250, 2", "2000, 1, 2000",
        "2147483647, 250, 8589935", "2147483647, 1, 2147483647", "2147483647, 65536, 32768"})
    void theLastHeldOutBatchMayBeSmaller(String images, String batchSize, int batches) {
        assertThat(run("data.heldOutImages", images, "data.heldOutBatchSize", batchSize).heldOutBatches()).isEqualTo(batches);
    }

    @Test
    void theSmallestAndTheLargestThatGoTogetherAreAllowed() {
        RunSpecification synchronous = run("publishing.interval", "1", "staleness.atMost", "0", "data.lead", "1",
                "evaluation.every", "1");
        assertThat(synchronous.publishesAt(1)).isTrue();
        assertThat(run("run", "a".repeat(100)).run()).hasSize(100);
        assertThatThrownBy(() -> run("run", "a".repeat(101))).hasMessageStartingWith("run: 'aaa");
    }

    @Test
    void validationNeedsAsManyImagesAsAreMeasuredOn() {
        assertThat(run("data.heldOut", "validation", "data.validationImages", "2000").data().heldOut()).isEqualTo("validation");
        assertThat(run("data.validationImages", "5").data().heldOut()).isEqualTo("test");
        assertThatThrownBy(() -> run("data.heldOut", "validation", "data.validationImages", "1999")).hasMessage(
                "data.validationImages: '1999' is not allowed; "
                        + "allowed: at least data.heldOutImages = 2000 where data.heldOut is validation");
    }

    @Test
    void listsCannotBeChangedFromOutside() {
        List<Float> mean = new ArrayList<>(List.of(0.5f));
        NetworkSettings network = new NetworkSettings("cnn4", 16, 200, false, mean, List.of(1f), "float32");
        mean.set(0, 0.25f);
        assertThat(network.mean()).containsExactly(0.5f);
    }

    @Test
    void reportsNameTheAttackByItsSteps() {
        assertThat(new EvaluationSettings(0.1f, 0.01f, 20, 100).reportName()).isEqualTo("pgd-20");
    }

    @Test
    void aEuclideanBallMayBeLarger() {
        RunSpecification large = run("attack.norm", "l2", "attack.epsilon", "2.5", "attack.stepSize", "1.5",
                "evaluation.epsilon", "3", "evaluation.stepSize", "2");
        assertThat(large.attack().epsilon()).isEqualTo(2.5f);
        assertThatThrownBy(() -> run("attack.norm", "l2", "attack.epsilon", "1001"))
                .hasMessage("attack.epsilon: '1001' is not allowed; allowed: from 0 to 1000");
        assertThatThrownBy(() -> run("evaluation.stepSize", "1.5"))
                .hasMessage("evaluation.stepSize: '1.5' is not allowed; allowed: from 0 to 1");
        assertThatThrownBy(() -> run("attack.norm", "l1")).hasMessage("attack.norm: 'l1' is not allowed; allowed: linf, l2");
    }

    @Test
    void inOrderOfArrivalBatchesAreTakenAheadButNeverTheWholeWindow() {
        assertThat(run("publishing.interval", "5", "staleness.atMost", "16", "data.lead", "17").ahead()).isZero();
        assertThat(run("order", "arrival", "publishing.interval", "5", "staleness.atMost", "16", "data.lead", "29").ahead())
                .isEqualTo(12);
        assertThatThrownBy(() -> run("order", "arrival", "publishing.interval", "5", "staleness.atMost", "16", "data.lead", "28"))
                .hasMessageStartingWith("data.lead: '28'").hasMessageContaining("staleness.atMost = 16")
                .hasMessageEndingWith("staleness.atMost + 1 - publishing.interval = 12");
        assertThat(run("order", "arrival", "publishing.interval", "5", "staleness.atMost", "4").ahead())
                .as("one interval is all that may be crafted").isZero();
    }

    @Test
    void onlyConsistencyHasTwoViews() {
        assertThat(run("objective.name", "consistency").objective().views()).isEqualTo(2);
        assertThat(run("objective.name", "consistency+rpat").objective().views()).isEqualTo(2);
        assertThat(run("objective.name", "rpat++").objective().views()).isEqualTo(1);
    }

    /** By what its reports say the best update is chosen. */
    @Test
    void whatIsMeasuredOfTheValidationSplitHasItsName() {
        assertThat(run("data.heldOut", "both", "data.validationImages", "5000", "evaluation.sliceImages", "250").validationSlice())
                .isEqualTo("validation");
        assertThat(run("data.heldOut", "validation", "data.validationImages", "5000", "evaluation.sliceImages", "250").validationSlice())
                .isEqualTo("validation-250");
    }

    private static RunSpecification run(String... keysAndValues) {
        Map<String, String> options = new HashMap<>();
        for (int i = 0; i < keysAndValues.length; i += 2) {
            options.put(keysAndValues[i], keysAndValues[i + 1]);
        }
        return RunKeys.run(options);
    }

}
