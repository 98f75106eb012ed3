package io.sparring.learning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class ProjectedGradientDescentTest {

    private static final int COUNT = 8;
    private static final float[] IMAGES = TinyProgram.images(new Random(1), COUNT);
    private static final int[] LABELS = TinyProgram.labels(new Random(2), COUNT);

    private static ModelProgram program;

    @BeforeAll
    static void load() {
        program = TinyProgram.load(TinyProgram.specification("pgd-at", false));
    }

    @AfterAll
    static void close() {
        program.close();
    }

    @Test
    void neverLeavesTheBallOrTheRange() {
        for (long seed = 0; seed < 200; seed++) {
            Random random = new Random(seed);
            float[] images = TinyProgram.images(random, COUNT);
            for (int i = 0; i < images.length; i += 3) {
                images[i] = random.nextBoolean() ? 0 : 1;
            }
            float epsilon = random.nextFloat() * 0.5f;
            float stepSize = random.nextFloat() * 2 * epsilon;
            AttackResult result = program.attack("training", images, LABELS, random.nextLong(), epsilon, stepSize);
            for (int i = 0; i < images.length; i++) {
                float value = result.perturbed()[i];
                assertThat(value).as("seed " + seed).isBetween(0f, 1f);
                // The ball's edge is itself rounded to a float.
                assertThat(Math.abs(value - images[i])).as("seed " + seed).isLessThanOrEqualTo(epsilon + 1e-7f);
            }
        }
    }

    @Test
    void isAFunctionOfTheSeed() {
        float[] once = program.attack("training", IMAGES, LABELS, 7, 0.1f, 0.01f).perturbed();
        assertThat(program.attack("training", IMAGES, LABELS, 7, 0.1f, 0.01f).perturbed()).isEqualTo(once);
        assertThat(program.attack("training", IMAGES, LABELS, 8, 0.1f, 0.01f).perturbed()).isNotEqualTo(once);
        assertThat(program.attack("training", IMAGES, LABELS, 7L << 32, 0.1f, 0.01f).perturbed()).isNotEqualTo(once);
    }

    @Test
    void startsUniformlyWithinTheBall() {
        float[] grey = new float[COUNT * TinyProgram.GEOMETRY.imageSize()];
        Arrays.fill(grey, 0.5f);
        float[] start = program.attack("training", grey, LABELS, 3, 0.1f, 0).perturbed();
        double sum = 0;
        double squares = 0;
        for (float value : start) {
            sum += value - 0.5;
            squares += (value - 0.5) * (value - 0.5);
        }
        assertThat(sum / start.length).isCloseTo(0, within(0.005));
        assertThat(Math.sqrt(squares / start.length)).isCloseTo(0.1 / Math.sqrt(3), within(0.003));
    }

    @Test
    void startsAtTheImageWithoutARandomStart() {
        AttackResult result = program.attack("evaluation", IMAGES, LABELS, 0, 0.1f, 0);
        assertThat(result.perturbed()).isEqualTo(IMAGES);
        assertThat(result.lossAfter()).usingComparatorWithPrecision(1e-6f).containsExactly(result.lossBefore());
        float[][] logits = program.predict(IMAGES, COUNT);
        for (int i = 0; i < COUNT; i++) {
            double sum = 0;
            for (float logit : logits[i]) {
                sum += Math.exp(logit);
            }
            assertThat((double) result.lossBefore()[i]).isCloseTo(Math.log(sum) - logits[i][LABELS[i]], within(1e-5));
        }
    }

    @Test
    void raisesTheLoss() {
        AttackResult result = program.attack("evaluation", IMAGES, LABELS, 0, 0.1f, 0.025f);
        for (int i = 0; i < COUNT; i++) {
            assertThat(result.lossAfter()[i]).isGreaterThan(result.lossBefore()[i]);
        }
    }

    @Test
    void tellsItsSuccess() {
        AttackResult result = new AttackResult(new float[0], new float[4], new float[4], new int[] {1, 2, 3, 4});
        assertThat(result.success(new int[] {1, 2, 0, 4})).isEqualTo(0.25f);
        assertThat(result.success(new int[] {1, 2, 3, 4})).isZero();
    }
}
