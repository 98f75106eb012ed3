package io.sparring.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class MediansTest {

    @Test
    void theMiddleOneOrHalfWayBetweenTwo() {
        assertThat(Medians.median(List.of(9.0, 1.0, 2.0))).isEqualTo(2.0);
        assertThat(Medians.median(List.of(4.0, 1.0, 2.0, 9.0))).isEqualTo(3.0);
        assertThat(Medians.median(List.of())).isNaN();
    }

    @Test
    void quantilesWeighTheirNeighbours() {
        List<Double> values = List.of(0.0, 10.0, 20.0, 30.0, 40.0);
        assertThat(Medians.quantile(values, 0)).isZero();
        assertThat(Medians.quantile(values, 1)).isEqualTo(40);
        assertThat(Medians.quantile(values, 0.9)).isEqualTo(36);
    }
}
