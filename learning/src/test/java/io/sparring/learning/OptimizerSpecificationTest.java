package io.sparring.learning;

import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;

class OptimizerSpecificationTest {

    @Test
    void refusesWhatIsOutOfRange() {
        assertThatIllegalArgumentException().isThrownBy(() -> new OptimizerSpecification(1, 0))
                .withMessage("optimizer.momentum: '1.0' is not allowed; allowed: at least 0, less than 1");
        assertThatIllegalArgumentException().isThrownBy(() -> new OptimizerSpecification(Float.NaN, 0))
                .withMessageStartingWith("optimizer.momentum: 'NaN'");
        assertThatIllegalArgumentException().isThrownBy(() -> new OptimizerSpecification(0.9f, -1e-4f))
                .withMessageStartingWith("optimizer.weightDecay: '-1.0E-4'");
    }
}
