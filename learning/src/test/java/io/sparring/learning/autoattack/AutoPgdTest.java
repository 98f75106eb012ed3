package io.sparring.learning.autoattack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import io.sparring.learning.Geometry;
import io.sparring.learning.GradientLoss;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class AutoPgdTest {

    private static final Geometry PIXEL = new Geometry(1, 1, 1, 2);
    private static final float EPSILON = 0.1f;

    /** A loss with a peak within the ball, where steps must shrink, and a second, lower one. It is never fooled. */
    private record Hills() implements FakeModel.Model {

        @Override
        public float[] logits(float[] image) {
            return new float[] {1, 0};
        }

        @Override
        public float[] loss(GradientLoss loss, float[] image, int label, int target) {
            double x = image[0] - 0.5;
            return new float[] {(float) (1 + 0.2 * Math.sin(40 * x) - 3 * x * x), (float) (8 * Math.cos(40 * x) - 6 * x)};
        }
    }

    @Test
    void goesWhereTheAlgorithmGoes() {
        for (long seed = 0; seed < 10; seed++) {
            FakeModel program = new FakeModel(PIXEL, new Hills(), GradientLoss.CROSS_ENTROPY);
            AutoPgd attack = new AutoPgd("apgd-ce", 1, Norm.LINF, EPSILON, 100, GradientLoss.CROSS_ENTROPY, 0, seed);
            attack.run(program, new ImageBatch(new long[] {0}, new float[] {0.5f}, new int[] {0}));
            List<Double> expected = trajectory(program.shown.get(0)[0]);
            assertThat(program.shown).hasSize(expected.size());
            for (int i = 0; i < expected.size(); i++) {
                assertThat((double) program.shown.get(i)[0]).as("seed %d, step %d", seed, i)
                        .isCloseTo(expected.get(i), within(1e-4));
            }
        }
    }

    /** Algorithm 1 written down once more for one value, with all losses kept. */
    private static List<Double> trajectory(double start) {
        double[] losses = new double[101];
        List<Double> shown = new ArrayList<>(List.of(start));
        double x = start;
        double old = x;
        double best = loss(x);
        double bestX = x;
        double bestAtCheck = best;
        boolean halvedAtCheck = true;
        double step = 2 * EPSILON;
        List<Integer> checkpoints = List.of(22, 41, 57, 70, 80, 87, 93, 99);
        int last = 0;
        for (int i = 1; i <= 100; i++) {
            double z = clip(x + step * Math.signum(Math.cos(40 * (x - 0.5)) * 8 - 6 * (x - 0.5)));
            double a = i == 1 ? 1 : 0.75;
            double next = clip(x + a * (z - x) + (1 - a) * (x - old));
            old = x;
            x = next;
            shown.add(x);
            losses[i] = loss(x);
            if (losses[i] > best) {
                best = losses[i];
                bestX = x;
            }
            if (checkpoints.contains(i)) {
                int rises = 0;
                for (int j = last + 1; j <= i; j++) {
                    rises += losses[j] > losses[j - 1] ? 1 : 0;
                }
                boolean halve = rises <= 0.75 * (i - last) || !halvedAtCheck && bestAtCheck >= best;
                halvedAtCheck = halve;
                bestAtCheck = best;
                last = i;
                if (halve) {
                    step /= 2;
                    x = bestX;
                }
            }
        }
        return shown;
    }

    private static double loss(double x) {
        return 1 + 0.2 * Math.sin(40 * (x - 0.5)) - 3 * (x - 0.5) * (x - 0.5);
    }

    private static double clip(double x) {
        return Math.min(Math.max(x, 0.5 - EPSILON), 0.5 + EPSILON);
    }

    @Test
    void foolsALinearModelJustWhereTheBallReachesItsBoundary() {
        Geometry geometry = new Geometry(1, 2, 1, 2);
        ImageBatch batch = new ImageBatch(new long[] {4}, new float[] {0.5f, 0.5f}, new int[] {0});
        for (Norm norm : Norm.values()) {
            // z1 - z0 = 3 x + 4 y - 3.5 - below rises by 7 ε in the cube and by 5 ε in the ball
            float rise = EPSILON * (norm == Norm.LINF ? 7 : 5);
            for (float below : new float[] {0.98f * rise, 1.02f * rise}) {
                FakeModel program = new FakeModel(geometry, new FakeModel.Linear(
                        new float[][] {{0, 0}, {3, 4}}, new float[] {0, -3.5f - below}), GradientLoss.DLR_TARGETED);
                AttackOutcome outcome = new AutoPgd("apgd-t", 1, norm, EPSILON, 100, GradientLoss.DLR_TARGETED, 2, 0)
                        .run(program, batch);
                assertThat(outcome.fooled()[0]).as("%s %s", norm, below).isEqualTo(below < rise);
                assertThat(outcome.adversarial(0).isPresent()).isEqualTo(below < rise);
            }
        }
    }

    @Test
    void needsTheGradientOfItsLoss() {
        FakeModel program = new FakeModel(PIXEL, new Hills(), GradientLoss.CROSS_ENTROPY);
        new AutoPgd("apgd-ce", 1, Norm.L2, 1, 1, GradientLoss.CROSS_ENTROPY, 0, 0).requireFitting(program);
        assertThatIllegalArgumentException().isThrownBy(() ->
                new AutoPgd("apgd-t", 1, Norm.L2, 1, 1, GradientLoss.DLR_TARGETED, 2, 0).requireFitting(program))
                .withMessageContaining("dlr-targeted");
    }

    @Test
    void takesTheTargetAtItsRank() {
        float[][] logits = {{0.1f, 0.9f, 0.5f, -2}, {3, 2, 1, 0}};
        assertThat(Logits.ranked(logits, 2)).containsExactly(2, 1);
        assertThat(Logits.ranked(logits, 3)).containsExactly(0, 2);
        assertThat(Logits.ranked(logits, 4)).containsExactly(3, 3);
        assertThat(Logits.largest(logits[0])).isEqualTo(1);
        assertThat(Logits.margin(logits[0], 1)).isCloseTo(0.4f, within(1e-6f));
        assertThat(Logits.margin(logits[0], 3)).isCloseTo(-2.9f, within(1e-6f));
    }

    @Test
    void asksForTheGradientTowardsTheTargetOfTheCleanImage() {
        List<Integer> targets = new ArrayList<>();
        FakeModel.Model model = new FakeModel.Model() {
            @Override
            public float[] logits(float[] image) {
                return image[0] == 0.5f ? new float[] {9, 3, 1, 2} : new float[] {9, 1, 2, 3};
            }

            @Override
            public float[] loss(GradientLoss loss, float[] image, int label, int target) {
                targets.add(target);
                return new float[] {1, 1};
            }
        };
        FakeModel program = new FakeModel(new Geometry(1, 1, 1, 4), model, GradientLoss.DLR_TARGETED);
        new AutoPgd("apgd-t", 2, Norm.L2, EPSILON, 3, GradientLoss.DLR_TARGETED, 3, 0)
                .run(program, new ImageBatch(new long[] {0}, new float[] {0.5f}, new int[] {0}));
        assertThat(targets).containsExactly(3, 3, 3, 3);
    }
}
