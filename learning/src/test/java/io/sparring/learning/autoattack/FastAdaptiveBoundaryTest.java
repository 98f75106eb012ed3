package io.sparring.learning.autoattack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import io.sparring.learning.Geometry;
import io.sparring.learning.GradientLoss;
import io.sparring.learning.ImageGradient;
import org.junit.jupiter.api.Test;

class FastAdaptiveBoundaryTest {

    private static final Geometry PAIR = new Geometry(1, 2, 1, 2);
    private static final float[] CLEAN = {9, 0.5f, 0.5f};
    private static final float[] SLOPE = {9, 9, 3, 4};

    /** By hand: the boundary 3 x + 4 y = 4.2 is 0.7 above the clean image, under L2 0.14 away along (0.6, 0.8). */
    @Test
    void stepsOverTheBoundaryFromTheCleanImage() {
        float[] images = CLEAN.clone();
        new FastAdaptiveBoundary.BoundaryStep(Norm.L2, 2).move(CLEAN, images, 1, SLOPE, 2, -0.7f);
        assertThat(images).usingComparatorWithPrecision(1e-6f)
                .containsExactly(9, 0.5f + 1.05f * 0.14f * 0.6f, 0.5f + 1.05f * 0.14f * 0.8f);

        images = CLEAN.clone();
        new FastAdaptiveBoundary.BoundaryStep(Norm.LINF, 2).move(CLEAN, images, 1, SLOPE, 2, -0.7f);
        assertThat(images).usingComparatorWithPrecision(1e-6f).containsExactly(9, 0.605f, 0.605f);
    }

    /**
     * By hand, L-infinity, from (0.7, 0.5): 3 x + 4 y is 0.1 below 4.2, so its projection is (0.1 / 7) away in each value, the
     * clean image's 0.1; α = (1 / 70) / (1 / 70 + 1 / 10) = 1 / 8 is cut to 0.1.
     */
    @Test
    void mixesInTheProjectionOfTheCleanImage() {
        float[] images = {9, 0.7f, 0.5f};
        new FastAdaptiveBoundary.BoundaryStep(Norm.LINF, 2).move(CLEAN, images, 1, SLOPE, 2, -0.1f);
        float near = 1.05f * 0.1f / 7;
        assertThat(images).usingComparatorWithPrecision(1e-6f)
                .containsExactly(9, 0.9f * (0.7f + near) + 0.1f * 0.605f, 0.9f * (0.5f + near) + 0.1f * 0.605f);

        // 0.01 below: α = (1 / 700) / (1 / 700 + 1 / 10) = 1 / 71
        images = new float[] {9, 0.73f, 0.5f};
        new FastAdaptiveBoundary.BoundaryStep(Norm.LINF, 2).move(CLEAN, images, 1, SLOPE, 2, -0.01f);
        near = 1.05f * 0.01f / 7;
        assertThat(images).usingComparatorWithPrecision(1e-6f).containsExactly(9,
                70 / 71f * (0.73f + near) + 0.605f / 71, 70 / 71f * (0.5f + near) + 0.605f / 71);
    }

    @Test
    void goesBackTowardsTheCleanImage() {
        float[] images = {7, 0.7f, 0.3f};
        FastAdaptiveBoundary.goBack(CLEAN, images, 1, 2);
        assertThat(images).usingComparatorWithPrecision(1e-6f).containsExactly(7, 0.68f, 0.32f);
    }

    /** A linear model's boundary is found in the first step, 1.05 times as far as it is away. */
    @Test
    void foolsALinearModelJustWhereTheBallReachesItsBoundary() {
        for (Norm norm : Norm.values()) {
            double away = norm == Norm.LINF ? 0.1 : 0.14;
            for (double epsilon : new double[] {0.98 * away, 1.06 * away}) {
                FakeModel program = new FakeModel(PAIR, new FakeModel.Linear(
                        new float[][] {{0, 0}, {3, 4}}, new float[] {0, -4.2f}), GradientLoss.DIFFERENCE);
                FastAdaptiveBoundary attack =
                        new FastAdaptiveBoundary("fab-t", 1, norm, (float) epsilon, 100, 2, false, 0);
                attack.requireFitting(program);
                AttackOutcome outcome = attack.run(
                        program, new ImageBatch(new long[] {0}, new float[] {0.5f, 0.5f}, new int[] {0}));
                assertThat(outcome.fooled()[0]).as("%s within %s", norm, epsilon).isEqualTo(epsilon > away);
                assertThat(program.shown.get(1)).as("starts at the image").containsExactly(0.5f, 0.5f);
            }
        }
    }

    /** Going back and forth, it comes nearer than the first step's 1.05 times. */
    @Test
    void comesNearerToTheBoundary() {
        FakeModel program = new FakeModel(PAIR, new FakeModel.Linear(
                new float[][] {{0, 0}, {3, 4}}, new float[] {0, -4.2f}), GradientLoss.DIFFERENCE);
        ImageBatch batch = new ImageBatch(new long[] {0}, new float[] {0.5f, 0.5f}, new int[] {0});
        assertThat(new FastAdaptiveBoundary("fab-t", 1, Norm.LINF, 0.103f, 100, 2, false, 0).run(program, batch).fooled())
                .containsExactly(true);
    }

    @Test
    void startsItsFurtherRunsElsewhere() {
        FakeModel program = new FakeModel(PAIR, new FakeModel.Linear(
                new float[][] {{0, 0}, {3, 4}}, new float[] {0, -4.2f}), GradientLoss.DIFFERENCE);
        new FastAdaptiveBoundary("fab-t", 2, Norm.LINF, 0.01f, 1, 2, true, 0)
                .run(program, new ImageBatch(new long[] {0}, new float[] {0.5f, 0.5f}, new int[] {0}));
        assertThat(Norm.LINF.distance(program.shown.get(1), new float[] {0.5f, 0.5f}, 0, 2)).isCloseTo(0.005, within(1e-6));
    }

    @Test
    void makesDoWithTheCrossEntropy() {
        try (SmallProgram small = SmallProgram.load(5)) {
            ImageBatch batch = small.images(6);
            int[] targets = {1, 2, 3, 4, 0, 1};
            int[] labels = {0, 1, 2, 3, 4, 0};
            ImageGradient given = LogitDifference.of(small.program(), batch.images(), labels, targets);
            ImageGradient made = LogitDifference.of(small.without(GradientLoss.DIFFERENCE), batch.images(), labels, targets);
            assertThat(made.loss()).usingComparatorWithPrecision(1e-6f).containsExactly(given.loss());
            assertThat(made.gradient()).usingComparatorWithPrecision(1e-6f).containsExactly(given.gradient());
            assertThat(Norm.LINF.length(given.gradient(), 0, given.gradient().length)).isGreaterThan(1e-3);
        }
        FakeModel none = new FakeModel(PAIR, new FakeModel.Linear(new float[2][2], new float[2]));
        assertThatIllegalArgumentException().isThrownBy(() ->
                new FastAdaptiveBoundary("fab-t", 1, Norm.L2, 1, 1, 2, false, 0).requireFitting(none));
    }
}
