package io.sparring.learning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;

class GeometryTest {

    @Test
    void countsTheValuesOfAnImage() {
        assertThat(new Geometry(28, 20, 3, 10).imageSize()).isEqualTo(1680);
    }

    @Test
    void refusesWhatIsOutOfRange() {
        assertThatIllegalArgumentException().isThrownBy(() -> new Geometry(0, 28, 1, 10))
                .withMessage("geometry.height: '0' is not allowed; allowed: 1 to 4096");
        assertThatIllegalArgumentException().isThrownBy(() -> new Geometry(28, 4097, 1, 10))
                .withMessageStartingWith("geometry.width: '4097'");
        assertThatIllegalArgumentException().isThrownBy(() -> new Geometry(28, 28, 0, 10))
                .withMessageStartingWith("geometry.channels: '0'");
        assertThatIllegalArgumentException().isThrownBy(() -> new Geometry(28, 28, 1, 1))
                .withMessageStartingWith("geometry.classes: '1'");
    }

    @Test
    void imagesOfAnotherShapeWithAsManyValuesAreNotOfIt() {
        Geometry geometry = new Geometry(8, 8, 1, 4);
        assertThat(geometry.problem(8, 8, 1, 4)).isEmpty();
        assertThat(geometry.problem(4, 16, 1, 4))
                .hasValue("images: 4 x 16 x 1 in 4 classes; allowed: those of the run's model, 8 x 8 x 1 in 4 classes");
        assertThat(geometry.problem(16, 4, 1, 4)).isPresent();
        assertThat(geometry.problem(4, 4, 4, 4)).isPresent();
        assertThat(geometry.problem(8, 8, 1, 5)).isPresent();
    }
}
