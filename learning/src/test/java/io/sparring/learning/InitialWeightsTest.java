package io.sparring.learning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
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

    /** {@code nn.init.kaiming_normal_(m.weight, mode='fan_out')} and {@code m.bias.data.zero_()}, in the published code. */
    @Test
    void drawsAWideResNetNormallyByTheFanOut() {
        Tensors weights = draw("wideresnet-10-2", 16);
        for (String name : List.of("stem/conv", "stage1/block1/conv1", "stage2/block1/conv1", "stage3/block1/conv2",
                "stage3/block1/shortcut/conv")) {
            int[] shape = weights.shape(name + "/kernel");
            double deviation = Math.sqrt(2.0 / (shape[0] * shape[1] * shape[3]));
            float[] kernel = weights.values(name + "/kernel");
            assertThat(deviation(kernel)).as(name).isCloseTo(deviation, within(0.15 * deviation));
            assertThat(largest(kernel)).as("%s: beyond what a uniform draw could give", name).isGreaterThan(1.8 * deviation);
        }
        assertThat(weights.values("head/bias")).containsOnly(0);
        assertThat(largest(weights.values("head/kernel"))).as("PyTorch's default")
                .isBetween(0.9 / Math.sqrt(128), 1 / Math.sqrt(128));
        assertThat(weights.values("stage1/block1/bn1/gamma")).containsOnly(1);
        assertThat(weights.values("stage1/block1/bn1/beta")).containsOnly(0);
        assertThat(weights.values("final/bn/moving_variance")).containsOnly(1);
    }

    /** The published code says nothing of its first weights, which leaves PyTorch's defaults. */
    @Test
    void drawsAPreActResNetByTheFanIn() {
        Tensors weights = draw("preactresnet18", 8);
        double bound = 1 / Math.sqrt(9 * 8);
        assertThat(largest(weights.values("stage1/block1/conv1/kernel"))).isBetween(0.95 * bound, bound);
        assertThat(largest(weights.values("head/bias"))).isBetween(0.3 / Math.sqrt(64), 1 / Math.sqrt(64));
    }

    private static Tensors draw(String network, int width) {
        return InitialWeights.draw(new ProgramSpecification(new Geometry(32, 32, 3, 10),
                new NetworkSpecification(network, width, 8, true, List.of(), List.of()), new ObjectiveSpecification("pgd-at"),
                new OptimizerSpecification(0, 0), List.of()), 5);
    }

    private static double deviation(float[] values) {
        double squares = 0;
        for (float value : values) {
            squares += (double) value * value;
        }
        return Math.sqrt(squares / values.length);
    }

    private static double largest(float[] values) {
        double largest = 0;
        for (float value : values) {
            largest = Math.max(largest, Math.abs(value));
        }
        return largest;
    }
}
