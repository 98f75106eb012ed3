package io.sparring.learning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.data.Percentage.withPercentage;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ModelProgramTest {

    private static final int COUNT = 6;
    private static final float[] IMAGES = TinyProgram.images(new Random(1), COUNT);
    private static final float[] OTHERS = TinyProgram.images(new Random(2), COUNT);
    private static final int[] LABELS = TinyProgram.labels(new Random(3), COUNT);

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void givesBackTheWeightsItWasGiven(boolean batchNorm) {
        ProgramSpecification specification = TinyProgram.specification("pgd-at", batchNorm);
        try (ModelProgram program = TinyProgram.load(specification)) {
            assertThat(program.weights()).isEqualTo(InitialWeights.draw(specification, 0));
            assertThat(program.attacks()).containsExactly("evaluation", "training");
        }
    }

    @Test
    void holdsItsWeightsApartFromOtherPrograms() {
        ProgramSpecification specification = TinyProgram.specification("pgd-at", false);
        try (ModelProgram one = TinyProgram.load(specification); ModelProgram other = TinyProgram.load(specification)) {
            Tensors before = other.weights();
            one.train(IMAGES, OTHERS, LABELS, 0.1f, 1);
            assertThat(other.weights()).isEqualTo(before).isNotEqualTo(one.weights());
        }
    }

    @ParameterizedTest
    @CsvSource({"pgd-at, false", "pgd-at+rpat, false", "pgd-at+rpat, true"})
    void endsInTheSameBitsEachTime(String objective, boolean batchNorm) {
        ProgramSpecification specification = TinyProgram.specification(objective, batchNorm);
        assertThat(trained(specification)).isEqualTo(trained(specification));
    }

    private static Tensors trained(ProgramSpecification specification) {
        try (ModelProgram program = TinyProgram.load(specification)) {
            for (int step = 0; step < 10; step++) {
                AttackResult crafted = program.attack("training", IMAGES, LABELS, step, 0.1f, 0.05f);
                program.train(IMAGES, crafted.perturbed(), LABELS, 0.05f, 1);
            }
            return program.weights();
        }
    }

    @Test
    void goesOnFromWeightsAndOptimizer() {
        ProgramSpecification specification = TinyProgram.specification("pgd-at+rpat", true);
        try (ModelProgram one = TinyProgram.load(specification); ModelProgram other = TinyProgram.load(specification)) {
            one.train(IMAGES, OTHERS, LABELS, 0.1f, 1);
            other.assign(one.weights(), one.optimizer());
            one.train(OTHERS, IMAGES, LABELS, 0.1f, 1);
            other.train(OTHERS, IMAGES, LABELS, 0.1f, 1);
            assertThat(other.weights()).isEqualTo(one.weights());
            assertThat(other.optimizer()).isEqualTo(one.optimizer());
        }
    }

    @Test
    void forgetsItsMomentaWhenWeightsAloneAreAssigned() {
        ProgramSpecification specification = TinyProgram.specification("pgd-at", false);
        try (ModelProgram program = TinyProgram.load(specification)) {
            program.train(IMAGES, OTHERS, LABELS, 0.1f, 1);
            assertThat(program.optimizer().values("head/bias/momentum")).isNotEqualTo(new float[5]);
            program.assign(InitialWeights.draw(specification, 0));
            assertThat(program.optimizer().values("head/bias/momentum")).isEqualTo(new float[5]);
        }
    }

    /** v = momentum · v + (g + weightDecay · w), w -= rate · v, where g is known from another run. */
    @Test
    void descendsAsPyTorchDoes() {
        Tensors gradients;
        try (ModelProgram plain = TinyProgram.load(
                TinyProgram.specification("pgd-at", false, new OptimizerSpecification(0, 0)))) {
            plain.train(IMAGES, OTHERS, LABELS, 0, 1);
            gradients = plain.optimizer();
        }
        ProgramSpecification specification =
                TinyProgram.specification("pgd-at", false, new OptimizerSpecification(0.9f, 0.5f));
        try (ModelProgram program = TinyProgram.load(specification)) {
            float[] before = program.weights().values("head/bias");
            Tensors.Builder momenta = Tensors.builder();
            for (String name : gradients.names()) {
                float[] twos = new float[gradients.values(name).length];
                Arrays.fill(twos, 2);
                momenta.put(name, gradients.shape(name), twos);
            }
            program.assign(program.weights(), momenta.build());
            program.train(IMAGES, OTHERS, LABELS, 0.1f, 1);
            float[] after = program.weights().values("head/bias");
            float[] gradient = gradients.values("head/bias/momentum");
            for (int i = 0; i < after.length; i++) {
                float momentum = 0.9f * 2 + gradient[i] + 0.5f * before[i];
                assertThat(after[i]).isCloseTo(before[i] - 0.1f * momentum, within(1e-6f));
            }
        }
    }

    /** A slope along a direction is the gradient's share in it, for the batch-normalised network too. */
    @ParameterizedTest
    @CsvSource({"pgd-at, false", "pgd-at+rpat, false", "pgd-at, true", "pgd-at+rpat, true"})
    void hasTheGradientOfItsLoss(String objective, boolean batchNorm) {
        ProgramSpecification specification =
                TinyProgram.specification(objective, batchNorm, new OptimizerSpecification(0, 0));
        try (ModelProgram program = TinyProgram.load(specification)) {
            Tensors weights = program.weights();
            program.train(IMAGES, OTHERS, LABELS, 0, 100);
            Tensors gradients = program.optimizer();
            double squares = 0;
            for (String name : gradients.names()) {
                for (float value : gradients.values(name)) {
                    squares += (double) value * value;
                }
            }
            double norm = Math.sqrt(squares);
            float distance = 2e-3f;
            double slope = (loss(program, weights, gradients, (float) (distance / norm))
                    - loss(program, weights, gradients, (float) (-distance / norm))) / (2 * distance);
            assertThat(slope).isCloseTo(norm, withPercentage(2));
        }
    }

    private static double loss(ModelProgram program, Tensors weights, Tensors gradients, float share) {
        Tensors.Builder moved = Tensors.builder();
        for (String name : weights.names()) {
            float[] values = weights.values(name);
            String momentum = name + ProgramGraph.MOMENTUM;
            if (gradients.names().contains(momentum)) {
                float[] gradient = gradients.values(momentum);
                for (int i = 0; i < values.length; i++) {
                    values[i] += share * gradient[i];
                }
            }
            moved.put(name, weights.shape(name), values);
        }
        program.assign(moved.build());
        return program.train(IMAGES, OTHERS, LABELS, 0, 100).total();
    }

    @Test
    void reportsTheTermsOfTheObjective() {
        try (ModelProgram program = TinyProgram.load(TinyProgram.specification("pgd-at+rpat", false))) {
            float[][] clean = program.predict(IMAGES, COUNT);
            TrainingLosses losses = program.train(IMAGES, OTHERS, LABELS, 0, 3);
            assertThat(losses.total()).isCloseTo(losses.crossEntropy() + 3 * losses.perception(),
                    within(1e-6f));
            assertThat(losses.perception()).isPositive();
            assertThat(losses.correctClean()).hasValue(correct(clean));
            assertThat(losses.correctPerturbed()).isEqualTo(correct(program.predict(OTHERS, COUNT)));
            assertThat(losses.allFinite()).isTrue();
        }
        try (ModelProgram program = TinyProgram.load(TinyProgram.specification("pgd-at", false))) {
            TrainingLosses losses = program.train(IMAGES, OTHERS, LABELS, 0, 3);
            assertThat(losses.total()).isEqualTo(losses.crossEntropy());
            assertThat(losses.perception()).isZero();
            assertThat(losses.correctClean()).isEmpty();
        }
    }

    private static int correct(float[][] logits) {
        int correct = 0;
        for (int i = 0; i < logits.length; i++) {
            float[] row = logits[i];
            boolean largest = true;
            for (float logit : row) {
                largest &= logit <= row[LABELS[i]];
            }
            correct += largest ? 1 : 0;
        }
        return correct;
    }

    @Test
    void takesBatchesOfAnySize() {
        try (ModelProgram program = TinyProgram.load(TinyProgram.specification("pgd-at", false))) {
            float[][] all = program.predict(IMAGES, COUNT);
            float[][] one = program.predict(Arrays.copyOf(IMAGES, TinyProgram.GEOMETRY.imageSize()), 1);
            assertThat(one[0]).usingComparatorWithPrecision(1e-5f).containsExactly(all[0]);
        }
    }

    @Test
    void refusesInputThatDoesNotFit() {
        try (ModelProgram program = TinyProgram.load(TinyProgram.specification("pgd-at", false))) {
            assertThatIllegalArgumentException().isThrownBy(() -> program.predict(IMAGES, COUNT + 1))
                    .withMessage("images: 1152 values are not 7 images of 192");
            assertThatIllegalArgumentException().isThrownBy(() -> program.predict(new float[0], 0));
            float[] bright = IMAGES.clone();
            bright[5] = 1.01f;
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> program.train(IMAGES, bright, LABELS, 0.1f, 1))
                    .withMessage("perturbed: 1.01 is not in [0,1]");
            bright[5] = Float.NaN;
            assertThatIllegalArgumentException().isThrownBy(() -> program.predict(bright, COUNT));
            int[] labels = LABELS.clone();
            labels[2] = 5;
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> program.attack("training", IMAGES, labels, 0, 0.1f, 0.1f))
                    .withMessage("labels: 5 is not 0 to 4");
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> program.attack("foo", IMAGES, LABELS, 0, 0.1f, 0.1f))
                    .withMessage("attack: 'foo' is not known; allowed: evaluation, training");
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> program.attack("training", IMAGES, LABELS, 0, Float.NaN, 0.1f))
                    .withMessage("epsilon: NaN is not a finite number of at least 0");
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> program.train(IMAGES, OTHERS, LABELS, -0.1f, 1));
        }
    }

    @Test
    void refusesWeightsOfAnotherProgram() {
        try (ModelProgram program = TinyProgram.load(TinyProgram.specification("pgd-at", false))) {
            Tensors weights = program.weights();
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> program.assign(InitialWeights.draw(TinyProgram.specification("pgd-at", true), 0)))
                    .withMessageStartingWith("weights: [bn1/beta, ");
            Tensors.Builder reshaped = Tensors.builder();
            weights.names().forEach(name -> reshaped.put(name, name.equals("head/kernel") ? new int[] {80}
                    : weights.shape(name), weights.values(name)));
            assertThatIllegalArgumentException().isThrownBy(() -> program.assign(reshaped.build()))
                    .withMessage("weights: head/kernel has the shape [80], expected is [16, 5]");
            assertThat(program.weights()).isEqualTo(weights);
        }
    }

    @Test
    void wantsWeightsFirstAndIsClosedOnce() {
        ProgramSpecification specification = TinyProgram.specification("pgd-at", false);
        ModelProgram program = ModelProgram.load(ModelProgramBuilder.build(specification), TinyProgram.SETTINGS);
        assertThatIllegalStateException().isThrownBy(() -> program.predict(IMAGES, COUNT))
                .withMessage("the model program has no weights yet");
        assertThatIllegalStateException().isThrownBy(program::weights);
        program.close();
        program.close();
        assertThatIllegalStateException().isThrownBy(() -> program.assign(InitialWeights.draw(specification, 0)))
                .withMessage("the model program is closed");
    }

    @Test
    void refusesWhatIsNoModelProgram() {
        assertThatIllegalArgumentException().isThrownBy(() -> ModelProgram.load(
                "no model".getBytes(StandardCharsets.UTF_8), TinyProgram.SETTINGS));
        assertThatIllegalArgumentException().isThrownBy(() -> ModelProgram.load(new byte[0], TinyProgram.SETTINGS));
    }
}
