package io.sparring.dashboard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class ConfusionMatrixTest {

    @Test
    void countsWhatImagesOfEachClassAreTakenFor() {
        ConfusionMatrix matrix = ConfusionMatrix.of(3, List.of(0, 0, 1, 1, 1), List.of(0, 2, 1, 1, 0));
        assertThat(matrix.counts()).containsExactly(List.of(1, 0, 1), List.of(1, 2, 0), List.of(0, 0, 0));
        assertThat(matrix.correct()).isEqualTo(3);
        assertThat(matrix.images()).isEqualTo(5);
        assertThat(matrix.images(1)).isEqualTo(3);
        assertThat(matrix.share(0, 2)).isEqualTo(0.5);
        assertThat(matrix.share(2, 2)).as("of no images").isZero();
    }

    @Test
    void isSquareAndNeverNegative() {
        assertThatThrownBy(() -> new ConfusionMatrix(List.of(List.of(1, 2)))).hasMessageContaining("allowed: 1 counts");
        assertThatThrownBy(() -> new ConfusionMatrix(List.of(List.of(-1)))).hasMessageContaining("counts: [-1]");
        assertThatThrownBy(() -> new ConfusionMatrix(List.of())).hasMessageContaining("at least one class");
    }
}
