package io.sparring.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.sparring.benchmarks.ScaleModel.Bound;
import org.junit.jupiter.api.Test;

class ScaleModelTest {

    private static final double FREE = Double.POSITIVE_INFINITY;
    private final ScaleModel model = new ScaleModel(0.4, 0.1, 0.01, 0.005, 0.02, 2);

    @Test
    void attackersAddUpWhereEachHasAsManyPartitions() {
        assertThat(model.predict(1, 64, false).batchesPerSecond()).isCloseTo(2, within(1e-9));
        assertThat(model.predict(16, 64, false)).isEqualTo(new ScaleModel.Prediction(32, Bound.ATTACKERS));
    }

    @Test
    void whoHasMostPartitionsSetsThePaceOfAGroup() {
        assertThat(model.predict(3, 4, false).batchesPerSecond()).isCloseTo(4, within(1e-9));
        assertThat(model.predict(3, 4, true).batchesPerSecond()).isCloseTo(6, within(1e-9));
    }

    @Test
    void aGroupHasNoMoreAttackersThanPartitions() {
        assertThat(model.predict(10, 8, false)).isEqualTo(new ScaleModel.Prediction(16, Bound.PARTITIONS));
        assertThat(model.predict(10, 8, true)).isEqualTo(new ScaleModel.Prediction(20, Bound.ATTACKERS));
    }

    @Test
    void whatDoesNotGrowBoundsAllOfThem() {
        assertThat(model.predict(1000, 1000, true)).isEqualTo(new ScaleModel.Prediction(100, Bound.TRAINER));
        assertThat(new ScaleModel(0.4, 0.1, 0.01, 0.02, 0.02, FREE).predict(1000, 1000, true).bound()).isEqualTo(Bound.PRODUCER);
        assertThat(new ScaleModel(0.4, 0.1, 0.001, 0.001, 0.02, 1).predict(1000, 1000, true))
                .isEqualTo(new ScaleModel.Prediction(50, Bound.PROCESSOR));
    }
}
