package io.sparring.learning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class GradientLossTest {

    private static final int COUNT = 5;
    private static final float[] IMAGES = TinyProgram.images(new Random(1), COUNT);
    private static final int[] LABELS = {0, 1, 2, 3, 4};
    private static final int[] TARGETS = {1, 2, 3, 4, 0};

    private static ModelProgram program;

    @BeforeAll
    static void load() {
        program = TinyProgram.load(TinyProgram.specification("pgd-at", true));
    }

    @AfterAll
    static void close() {
        program.close();
    }

    @ParameterizedTest
    @EnumSource
    void isWhatItsFormulaSays(GradientLoss loss) {
        ImageGradient result = program.gradient(loss, IMAGES, LABELS, TARGETS);
        float[][] logits = program.predict(IMAGES, COUNT);
        for (int i = 0; i < COUNT; i++) {
            assertThat(result.logits()[i]).usingComparatorWithPrecision(1e-6f).containsExactly(logits[i]);
            assertThat((double) result.loss()[i]).isCloseTo(formula(loss, logits[i], LABELS[i], TARGETS[i]), within(1e-4));
        }
    }

    private static double formula(GradientLoss loss, float[] logits, int label, int target) {
        float[] sorted = logits.clone();
        Arrays.sort(sorted);
        int top = sorted.length - 1;
        float rival = sorted[top] == logits[label] ? sorted[top - 1] : sorted[top];
        return switch (loss) {
            case CROSS_ENTROPY -> {
                double sum = 0;
                for (float logit : logits) {
                    sum += Math.exp(logit);
                }
                yield Math.log(sum) - logits[label];
            }
            case DLR -> -(logits[label] - rival) / (sorted[top] - sorted[top - 2]);
            case DLR_TARGETED -> -(logits[label] - logits[target])
                    / (sorted[top] - 0.5 * (sorted[top - 2] + sorted[top - 3]));
            case DIFFERENCE -> logits[target] - logits[label];
        };
    }

    /** A slope along a direction is the gradient's share in it, each image's by itself. */
    @ParameterizedTest
    @EnumSource
    void hasTheGradientOfItsLoss(GradientLoss loss) {
        int size = TinyProgram.GEOMETRY.imageSize();
        float[] inner = IMAGES.clone();
        double[] norms = new double[COUNT];
        for (int i = 0; i < inner.length; i++) {
            inner[i] = 0.1f + 0.8f * inner[i];
        }
        float[] gradient = program.gradient(loss, inner, LABELS, TARGETS).gradient();
        for (int i = 0; i < inner.length; i++) {
            norms[i / size] += (double) gradient[i] * gradient[i];
        }
        float distance = 1e-2f;
        float[] up = inner.clone();
        float[] down = inner.clone();
        for (int i = 0; i < inner.length; i++) {
            float move = (float) (distance * gradient[i] / Math.max(Math.sqrt(norms[i / size]), 1e-6));
            up[i] += move;
            down[i] -= move;
        }
        float[] above = program.gradient(loss, up, LABELS, TARGETS).loss();
        float[] below = program.gradient(loss, down, LABELS, TARGETS).loss();
        int near = 0;
        for (int i = 0; i < COUNT; i++) {
            double slope = (above[i] - below[i]) / (2 * distance);
            // DLR is constant where the label is ranked third.
            double norm = Math.sqrt(norms[i]);
            near += Math.abs(slope - norm) <= Math.max(0.05 * norm, 1e-4) ? 1 : 0;
        }
        // Where a kink of ReLU or of the ranking lies between, the slope is another.
        assertThat(near).isGreaterThanOrEqualTo(COUNT - 1);
    }

    @Test
    void wantsEnoughClasses() {
        ProgramSpecification tiny = TinyProgram.specification("pgd-at", false);
        Geometry few = new Geometry(8, 8, 3, 2);
        try (ModelProgram two = TinyProgram.load(new ProgramSpecification(
                few, tiny.network(), tiny.objective(), tiny.optimizer(), tiny.attacks()))) {
            int[] labels = {0, 1, 0, 1, 0};
            assertThat(two.gradient(GradientLoss.CROSS_ENTROPY, IMAGES, labels, labels).loss()).hasSize(COUNT);
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> two.gradient(GradientLoss.DLR, IMAGES, labels, labels))
                    .withMessageStartingWith("the model has no signature 'gradient-dlr'");
        }
        assertThatIllegalArgumentException()
                .isThrownBy(() -> program.gradient(GradientLoss.DLR, IMAGES, LABELS, new int[] {5, 0, 0, 0, 0}))
                .withMessage("labels: 5 is not 0 to 4");
    }
}
