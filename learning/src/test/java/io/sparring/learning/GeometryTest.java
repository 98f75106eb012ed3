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
}
