package io.sparring.learning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ProjectedGradientDescentTest {

    private static final int COUNT = 8;
    private static final float[] IMAGES = TinyProgram.images(new Random(1), COUNT);
    private static final int[] LABELS = TinyProgram.labels(new Random(2), COUNT);

    private static ModelProgram program;

    @BeforeAll
    static void load() {
        ProgramSpecification tiny = TinyProgram.specification("pgd-at", false);
        program = TinyProgram.load(new ProgramSpecification(tiny.geometry(), tiny.network(), tiny.objective(),
                tiny.optimizer(), List.of(TinyProgram.TRAINING, TinyProgram.EVALUATION,
                        new AttackSpecification("kl", 3, AttackStart.NORMAL, AttackLoss.KL, AttackNorm.LINF),
                        new AttackSpecification("start", 0, AttackStart.NORMAL, AttackLoss.KL, AttackNorm.LINF),
                        new AttackSpecification("l2", 3, AttackStart.UNIFORM, AttackLoss.CROSS_ENTROPY, AttackNorm.L2),
                        new AttackSpecification("l2-kl", 3, AttackStart.NORMAL, AttackLoss.KL, AttackNorm.L2),
                        new AttackSpecification("l2-image", 5, AttackStart.IMAGE, AttackLoss.CROSS_ENTROPY, AttackNorm.L2),
                        AttackSpecification.fastGradient("fgsm", AttackNorm.LINF),
                        AttackSpecification.fastGradient("fgm", AttackNorm.L2))));
    }

    @AfterAll
    static void close() {
        program.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"training", "kl", "start", "fgsm", "l2", "l2-kl", "fgm"})
    void neverLeavesTheBallOrTheRange(String attack) {
        for (long seed = 0; seed < 100; seed++) {
            Random random = new Random(seed);
            float[] images = TinyProgram.images(random, COUNT);
            for (int i = 0; i < images.length; i += 3) {
                images[i] = random.nextBoolean() ? 0 : 1;
            }
            boolean euclidean = attack.startsWith("l2") || attack.equals("fgm");
            float epsilon = random.nextFloat() * (euclidean ? 3 : 0.5f);
            float stepSize = random.nextFloat() * 2 * epsilon;
            float[] perturbed =
                    program.attack(attack, images, LABELS, random.nextLong(), epsilon, stepSize).perturbed();
            double[] lengths = new double[COUNT];
            for (int i = 0; i < images.length; i++) {
                assertThat(perturbed[i]).as("seed " + seed).isBetween(0f, 1f);
                float change = perturbed[i] - images[i];
                lengths[i / TinyProgram.GEOMETRY.imageSize()] += (double) change * change;
                // The ball's edge is itself rounded to a float.
                assertThat(Math.abs(change)).as("seed " + seed).isLessThanOrEqualTo(epsilon + 1e-6f);
            }
            for (double length : lengths) {
                assertThat(Math.sqrt(length)).as("seed " + seed)
                        .isLessThanOrEqualTo(euclidean ? epsilon * 1.00001 + 1e-6 : Double.MAX_VALUE);
            }
        }
    }

    @Test
    void staysAtTheImageInABallOfNoSize() {
        for (String attack : List.of("training", "kl", "start", "fgsm", "l2", "l2-kl", "fgm")) {
            assertThat(program.attack(attack, IMAGES, LABELS, 3, 0, 0.1f).perturbed()).as(attack).isEqualTo(IMAGES);
        }
    }

    @Test
    void takesOneStepOfItsWholeSizeAsFastGradient() {
        float[] grey = new float[COUNT * TinyProgram.GEOMETRY.imageSize()];
        Arrays.fill(grey, 0.5f);
        float[] signs = program.attack("fgsm", grey, LABELS, 0, 0.1f, 0.1f).perturbed();
        for (float value : signs) {
            // Where ReLU is off all over, the gradient is zero.
            assertThat(Math.abs(value - 0.5f)).matches(change -> change == 0 || Math.abs(change - 0.1f) < 1e-6f);
        }
        float[] lengths = new float[COUNT];
        float[] moved = program.attack("fgm", grey, LABELS, 0, 0.7f, 0.7f).perturbed();
        for (int i = 0; i < moved.length; i++) {
            lengths[i / TinyProgram.GEOMETRY.imageSize()] += (moved[i] - 0.5f) * (moved[i] - 0.5f);
        }
        for (float length : lengths) {
            assertThat(Math.sqrt(length)).isCloseTo(0.7, within(1e-4));
        }
    }

    @Test
    void startsTradesNormallyAroundTheImage() {
        float[] grey = new float[COUNT * TinyProgram.GEOMETRY.imageSize()];
        Arrays.fill(grey, 0.5f);
        float[] start = program.attack("start", grey, LABELS, 3, 0.1f, 0).perturbed();
        double squares = 0;
        int within = 0;
        for (float value : start) {
            squares += (value - 0.5) * (value - 0.5);
            within += Math.abs(value - 0.5) < 0.001 ? 1 : 0;
        }
        assertThat(Math.sqrt(squares / start.length)).isCloseTo(0.001, within(5e-5));
        assertThat((double) within / start.length).isCloseTo(0.683, within(0.03));
    }

    @Test
    void isAFunctionOfTheSeed() {
        float[] once = program.attack("training", IMAGES, LABELS, 7, 0.1f, 0.01f).perturbed();
        assertThat(program.attack("training", IMAGES, LABELS, 7, 0.1f, 0.01f).perturbed()).isEqualTo(once);
        assertThat(program.attack("training", IMAGES, LABELS, 8, 0.1f, 0.01f).perturbed()).isNotEqualTo(once);
        assertThat(program.attack("training", IMAGES, LABELS, 7L << 32, 0.1f, 0.01f).perturbed()).isNotEqualTo(once);
    }

    @ParameterizedTest
    @CsvSource({"training, 0.1", "evaluation, 0.1", "kl, 0.1", "l2-image, 1", "fgsm, 0.05", "start, 0.1"})
    void givesThePerturbedImagesAlone(String attack, float epsilon) {
        assertThat(program.perturb(attack, IMAGES, LABELS, 7, epsilon, 0.02f))
                .isEqualTo(program.attack(attack, IMAGES, LABELS, 7, epsilon, 0.02f).perturbed());
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

    @ParameterizedTest
    @CsvSource({"evaluation, 0.1", "kl, 0.1", "l2-image, 1", "l2-kl, 1", "fgsm, 0.05", "fgm, 0.5"})
    void raisesTheLoss(String attack, float epsilon) {
        AttackResult result = program.attack(attack, IMAGES, LABELS, 0, epsilon, 0.25f * epsilon);
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
