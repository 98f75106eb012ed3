package io.sparring.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Objects;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class TrainingSeriesTest {

    private final TrainingSeries series = new TrainingSeries();

    @Test
    void aShortRunIsShownAsItIsRecorded() {
        series.add(MadeRecords.trained(0, 0, 1, 2f));
        series.add(MadeRecords.trained(1, 0, 2, 1.5f));
        TrainingSeries.View view = series.view();
        assertThat(view.width()).isEqualTo(1);
        assertThat(view.step()).containsExactly(1L, 2L);
        assertThat(view.loss()).containsExactly(2.0, 1.5);
        assertThat(view.crossEntropy()).containsExactly(1.0, 0.75);
        assertThat(view.perception()).containsExactly(0.5, 0.375);
        assertThat(view.divergence()).containsExactly(0.0, 0.0);
        assertThat(view.staleness()).containsExactly(2.0, 2.0);
        assertThat(view.stalenessMost()).containsExactly(2L, 2L);
    }

    @Test
    void aLongRunHasFewPointsOfEqualWidthWhoseMeansAreThoseOfItsSteps() {
        int steps = 100_000;
        LongStream.range(0, steps).forEach(n -> series.add(MadeRecords.trained(n, 0, n + 1, n + 1)));
        TrainingSeries.View view = series.view();
        assertThat(view.step()).hasSizeBetween(TrainingSeries.MOST / 2, TrainingSeries.MOST).isSorted().doesNotHaveDuplicates()
                .endsWith((long) steps);
        assertThat(view.width()).isEqualTo(256);
        // of the steps 256 to 511
        assertThat(view.step().get(1)).isEqualTo(511);
        assertThat(view.loss().get(1)).isEqualTo((256 + 511) / 2.0);
    }

    @Test
    void whatALaterIncarnationHasLeftBehindIsNotShown() {
        LongStream.range(0, 20).forEach(n -> series.add(MadeRecords.trained(n, 0, n + 1, 1f)));
        // goes on from step 10
        LongStream.range(20, 25).forEach(n -> series.add(MadeRecords.trained(n, 1, n - 9, 3f)));
        series.add(MadeRecords.trained(3, 0, 4, 100f));
        TrainingSeries.View view = series.view();
        assertThat(view.step()).containsExactlyElementsOf(LongStream.rangeClosed(1, 15).boxed().toList());
        assertThat(view.loss().subList(8, 12)).containsExactly(1.0, 1.0, 3.0, 3.0);
        assertThat(view.incarnations()).containsExactly(new TrainingSeries.Beginning(0, 1), new TrainingSeries.Beginning(1, 11));
    }

    @Test
    void aBatchThatWasNotTrainedOnHasNoLoss() {
        series.add(MadeRecords.dropped(0, 0, 0));
        series.add(MadeRecords.trained(1, 0, 1, 2f));
        series.add(MadeRecords.dropped(2, 0, 1));
        assertThat(series.view().loss()).containsExactly(null, 2.0);
        assertThat(series.view().stalenessMost()).containsExactly(40L, 40L);
    }

    @Test
    void aLossThatIsNotFiniteIsNoNumberOfJson() {
        for (float loss : List.of(Float.NaN, Float.POSITIVE_INFINITY, 1f)) {
            series.add(MadeRecords.trained(0, 0, series.view().step().size() + 1, loss));
        }
        assertThat(series.view().loss().stream().filter(Objects::nonNull)).containsExactly(1.0);
        assertThat(series.view().loss()).hasSize(3);
    }

    @Test
    void manyIncarnationsAreBoundedToo() {
        for (int incarnation = 0; incarnation < 2_000; incarnation++) {
            series.add(MadeRecords.trained(incarnation, incarnation, 5, 1f));
        }
        assertThat(series.view().incarnations()).hasSize(TrainingSeries.MOST);
        assertThat(series.view().step()).containsExactly(5L);
    }
}
