package io.sparring.learning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Random;
import org.assertj.core.api.recursive.comparison.RecursiveComparisonConfiguration;
import org.junit.jupiter.api.Test;

class PerceptionConsistencyTest {

    /** Values within rounding. */
    private static final RecursiveComparisonConfiguration ROUNDED = RecursiveComparisonConfiguration.builder()
            .withComparatorForType((a, b) -> Math.abs(a - b) < 1e-9 ? 0 : Double.compare(a, b), Double.class).build();

    @Test
    void figuresOfOneImageAreThoseOfTheFormulae() {
        // f(x) = (2, 0), f(x~) = (1, 1), f(x') = (-1, 3); it is taken for class 1 under the attack
        PerceptionConsistency found = PerceptionConsistency.of(new float[][] {{2, 0}}, new float[][] {{1, 1}},
                new float[][] {{-1, 3}}, new int[] {0});

        assertThat(found.fooled()).isEqualTo(new PerceptionSums(1,
                (9 + 9) / 2.0,
                (1 + 1) / 2.0,
                (4 + 4) / 2.0,
                // halfway between the ends is (0.5, 1.5)
                (0.25 + 0.25) / 2,
                (1 + 1) / 2.0));
        assertThat(found.defended()).isEqualTo(PerceptionSums.NONE);
        assertThat(found.wrongWhenClean()).isEqualTo(PerceptionSums.NONE);
    }

    @Test
    void eachImageIsInOneGroup() {
        float[] right = {1, 0, 0};
        float[] wrong = {0, 1, 0};
        PerceptionConsistency found = PerceptionConsistency.of(new float[][] {right, right, wrong, wrong, wrong},
                new float[][] {right, right, right, right, right}, new float[][] {right, wrong, wrong, right, wrong}, new int[5]);

        assertThat(found.defended().images()).as("right under the attack, whether wrong without it or not").isEqualTo(2);
        assertThat(found.fooled().images()).isEqualTo(1);
        assertThat(found.wrongWhenClean().images()).isEqualTo(2);
        assertThat(found.failed().images()).isEqualTo(3);
        assertThat(found.all().images()).isEqualTo(5);
        assertThat(found.failed().cleanPerturbed()).as("of the three only the fooled one's logits changed").isEqualTo(2 / 3.0);
    }

    @Test
    void batchesOfUnequalSizeAddUpToTheWhole() {
        Random random = new Random(3);
        float[][] clean = logits(random, 17);
        float[][] midpoint = logits(random, 17);
        float[][] perturbed = logits(random, 17);
        int[] labels = random.ints(17, 0, 4).toArray();
        PerceptionConsistency whole = PerceptionConsistency.of(clean, midpoint, perturbed, labels);

        PerceptionConsistency parts = PerceptionConsistency.NONE;
        for (int[] part : new int[][] {{0, 1}, {1, 9}, {9, 17}}) {
            parts = parts.plus(PerceptionConsistency.of(Arrays.copyOfRange(clean, part[0], part[1]),
                    Arrays.copyOfRange(midpoint, part[0], part[1]), Arrays.copyOfRange(perturbed, part[0], part[1]),
                    Arrays.copyOfRange(labels, part[0], part[1])));
        }

        assertThat(parts).usingRecursiveComparison(ROUNDED).isEqualTo(whole);
        assertThat(whole.defended().images()).isBetween(1L, 16L);
    }

    @Test
    void aLinearNetworkHasNoLinearityErrorAndHalfTheWayIsAQuarterOfTheSquare() {
        Random random = new Random(5);
        float[] clean = new float[12];
        float[] perturbed = new float[12];
        for (int i = 0; i < 12; i++) {
            clean[i] = random.nextFloat();
            perturbed[i] = clean[i] + (random.nextFloat() - 0.5f) / 4;
        }
        float[] midpoints = PerceptionConsistency.midpoints(clean, perturbed);
        PerceptionSums sums = PerceptionConsistency.of(linear(clean), linear(midpoints), linear(perturbed), new int[3]).all();

        assertThat(sums.linearity()).isCloseTo(0, within(1e-11));
        assertThat(sums.cleanMidpoint()).isCloseTo(sums.cleanPerturbed() / 4, within(1e-6));
        assertThat(sums.midpointPerturbed()).isCloseTo(sums.cleanPerturbed() / 4, within(1e-6));
        assertThat(sums.cleanPerturbed()).isPositive();
    }

    @Test
    void theScaleGrowsWithTheLogitsAndNotWithWhatIsAddedToAllOfThem() {
        float[][] logits = {{1, 2, 6}};
        double variance = PerceptionConsistency.of(logits, logits, logits, new int[1]).all().cleanVariance();
        float[][] moved = {{11, 12, 16}};
        float[][] stretched = {{3, 6, 18}};
        assertThat(variance).isCloseTo(14 / 3.0, within(1e-9));
        assertThat(PerceptionConsistency.of(moved, moved, moved, new int[1]).all().cleanVariance())
                .isCloseTo(variance, within(1e-9));
        assertThat(PerceptionConsistency.of(stretched, stretched, stretched, new int[1]).all().cleanVariance())
                .isCloseTo(9 * variance, within(1e-9));
    }

    @Test
    void refusesRowsThatAreMissing() {
        float[][] two = new float[2][3];
        assertThatThrownBy(() -> PerceptionConsistency.of(two, new float[1][3], two, new int[2]))
                .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("one row for each label: 2");
    }

    private static float[][] logits(Random random, int count) {
        float[][] logits = new float[count][4];
        for (float[] row : logits) {
            for (int k = 0; k < row.length; k++) {
                row[k] = (float) random.nextGaussian();
            }
        }
        return logits;
    }

    /** Three images of four values, each class's logit another mixture of them. */
    private static float[][] linear(float[] images) {
        float[][] logits = new float[3][2];
        for (int i = 0; i < 3; i++) {
            for (int v = 0; v < 4; v++) {
                logits[i][0] += images[4 * i + v] * (v - 1.5f);
                logits[i][1] += images[4 * i + v] * (v * v - 2);
            }
        }
        return logits;
    }
}
