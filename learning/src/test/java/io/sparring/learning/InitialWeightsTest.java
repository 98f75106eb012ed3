package io.sparring.learning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class InitialWeightsTest {

    private static final ProgramSpecification PLAIN = TinyProgram.specification("pgd-at", false);
    private static final ProgramSpecification NORMALIZED = TinyProgram.specification("pgd-at", true);

    @Test
    void isAFunctionOfTheSeed() {
        assertThat(InitialWeights.draw(PLAIN, 1)).isEqualTo(InitialWeights.draw(PLAIN, 1))
                .isNotEqualTo(InitialWeights.draw(PLAIN, 2));
    }

    @Test
    void drawsWithinTheBoundOfTheFanIn() {
        float[] kernel = InitialWeights.draw(PLAIN, 3).values("hidden/kernel");
        double bound = 1 / Math.sqrt(2 * 2 * 8);
        double squares = 0;
        for (float value : kernel) {
            assertThat((double) value).isBetween(-bound, bound);
            squares += value * value;
        }
        assertThat(Math.sqrt(squares / kernel.length)).isCloseTo(bound / Math.sqrt(3), within(0.05 * bound));
    }

    @Test
    void givesBatchNormalizationItsNeutralState() {
        Tensors weights = InitialWeights.draw(NORMALIZED, 0);
        assertThat(weights.values("bn1/gamma")).containsOnly(1);
        assertThat(weights.values("bn1/beta")).containsOnly(0);
        assertThat(weights.values("bn1/moving_mean")).containsOnly(0);
        assertThat(weights.values("bn1/moving_variance")).containsOnly(1);
        assertThat(weights.names()).contains("conv1/kernel").doesNotContain("conv1/bias");
    }
}
