package io.sparring.learning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.withinPercentage;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.tensorflow.proto.RewriterConfig;

class PrecisionTest {

    private static final int IMAGES = 64;
    private static final int CLASSES = 5;
    private static final int SIDE = 16;
    private static final int CHANNELS = 3;
    private static final float RATE = 0.1f;

    /**
     * One step without momentum and decay moves the weights by the gradient, times the learning rate. ResNet-18's is tried once
     * training has begun: at its random initial weights the cosine is 0.91 to 0.95, which twenty steps make 0.991.
     */
    @ParameterizedTest
    @CsvSource({"cnn4, 0", "cnn4, 20", "resnet18, 20"})
    void bfloat16HardlyChangesLossAndGradient(String network, int steps) {
        ProgramSpecification specification = new ProgramSpecification(new Geometry(SIDE, SIDE, CHANNELS, CLASSES),
                new NetworkSpecification(network, 8, 32, true, List.of(), List.of()),
                new ObjectiveSpecification("pgd-at+rpat"), new OptimizerSpecification(0, 0), List.of());
        byte[] program = ModelProgramBuilder.build(specification);
        for (long seed = 0; seed < 3; seed++) {
            Random random = new Random(seed);
            Tensors weights = trained(program, InitialWeights.draw(specification, seed), steps, random);
            int[] labels = random.ints(IMAGES, 0, CLASSES).toArray();
            float[] clean = images(labels, random);
            float[] perturbed = perturbed(clean, random);
            Step exact = step(program, weights, clean, perturbed, labels, Precision.FLOAT32);
            Step rough = step(program, weights, clean, perturbed, labels, Precision.BFLOAT16);

            assertThat(rough.loss()).as("%s, %d steps, seed %d", network, steps, seed)
                    .isCloseTo(exact.loss(), withinPercentage(hasBfloat16() ? 1 : 3));
            assertThat(cosine(exact, rough, weights)).as("%s, %d steps, seed %d", network, steps, seed)
                    .isBetween(hasBfloat16() ? 0.99 : 0.97, 1.000001);
            assertThat(rough.after()).as("is of lower precision").isNotEqualTo(exact.after());
        }
    }

    /** Other processors round more often on the way: nobody would compute so there, and it is not far off. */
    private static boolean hasBfloat16() {
        return Platform.of(TinyProgram.SETTINGS).instructions().contains("bf16");
    }

    @Test
    void isTheSessionsMatter() {
        ExecutionSettings settings = ExecutionSettings.standard();

        assertThat(settings.configuration().hasGraphOptions()).isFalse();
        assertThat(settings.in(Precision.BFLOAT16).configuration().getGraphOptions().getRewriteOptions()
                .getAutoMixedPrecisionOnednnBfloat16()).isEqualTo(RewriterConfig.Toggle.ON);
        assertThat(settings.in(Precision.BFLOAT16).in(Precision.FLOAT32)).isEqualTo(settings);
    }

    @Test
    void isThatWhichIsNamed() {
        ExecutionSettings settings = ExecutionSettings.standard();

        assertThat(PrecisionChoice.settle("float32", new byte[0], settings).precision()).isEqualTo(Precision.FLOAT32);
        assertThat(PrecisionChoice.settle("bfloat16", new byte[0], settings).precision()).isEqualTo(Precision.BFLOAT16);
        assertThatIllegalArgumentException().isThrownBy(() -> PrecisionChoice.settle("half", new byte[0], settings))
                .withMessage("network.precision: 'half' is not known; allowed: float32, bfloat16, auto");
    }

    @Test
    void isNotForGpus() {
        ExecutionSettings gpu = ExecutionSettings.standard().on(new Device(0));

        assertThatIllegalArgumentException().isThrownBy(() -> PrecisionChoice.settle("bfloat16", new byte[0], gpu))
                .withMessageStartingWith("network.precision: 'bfloat16' is not allowed; allowed: float32 or auto on gpu:0");
        assertThat(PrecisionChoice.settle("auto", new byte[0], gpu)).isEqualTo(gpu);
    }

    @Test
    void isMeasuredWhereItIsAutomatic() {
        byte[] program = ModelProgramBuilder.build(TinyProgram.specification("pgd-at", false));

        ExecutionSettings settled = PrecisionChoice.settle("auto", program, TinyProgram.SETTINGS);

        assertThat(settled.in(Precision.FLOAT32)).isEqualTo(TinyProgram.SETTINGS);
    }

    @Test
    void isTheLowerOneOnlyWhereThatIsWorthwhile() {
        assertThat(PrecisionChoice.faster(100, 50)).isEqualTo(Precision.BFLOAT16);
        assertThat(PrecisionChoice.faster(100, 89)).isEqualTo(Precision.BFLOAT16);
        assertThat(PrecisionChoice.faster(100, 95)).isEqualTo(Precision.FLOAT32);
        assertThat(PrecisionChoice.faster(100, 300)).isEqualTo(Precision.FLOAT32);
    }

    private record Step(float loss, Tensors after) {
    }

    private static Tensors trained(byte[] program, Tensors weights, int steps, Random random) {
        try (ModelProgram loaded = ModelProgram.load(program, TinyProgram.SETTINGS)) {
            loaded.assign(weights);
            for (int i = 0; i < steps; i++) {
                int[] labels = random.ints(IMAGES, 0, CLASSES).toArray();
                float[] clean = images(labels, random);
                loaded.train(clean, perturbed(clean, random), labels, 0.02f, 1);
            }
            return loaded.weights();
        }
    }

    private static Step step(byte[] program, Tensors weights, float[] clean, float[] perturbed, int[] labels,
            Precision precision) {
        try (ModelProgram loaded = ModelProgram.load(program, TinyProgram.SETTINGS.in(precision))) {
            loaded.assign(weights);
            float loss = loaded.train(clean, perturbed, labels, RATE, 1).total();
            return new Step(loss, loaded.weights());
        }
    }

    /** Between the two steps' gradients, all trained weights in one vector. */
    private static double cosine(Step one, Step other, Tensors before) {
        double product = 0;
        double ones = 0;
        double others = 0;
        for (String name : before.names()) {
            if (name.contains("moving")) {
                continue;
            }
            float[] start = before.values(name);
            float[] oneEnd = one.after().values(name);
            float[] otherEnd = other.after().values(name);
            for (int i = 0; i < start.length; i++) {
                double a = oneEnd[i] - start[i];
                double b = otherEnd[i] - start[i];
                product += a * b;
                ones += a * a;
                others += b * b;
            }
        }
        return product / Math.sqrt(ones * others);
    }

    /** A class is a wave of its own across the image, under noise: something to learn, as there is in real images. */
    private static float[] images(int[] labels, Random random) {
        float[] images = new float[labels.length * SIDE * SIDE * CHANNELS];
        for (int i = 0; i < images.length; i++) {
            int column = i / CHANNELS % SIDE;
            int label = labels[i / (SIDE * SIDE * CHANNELS)];
            double wave = Math.sin(2 * Math.PI * (label + 1) * column / SIDE);
            images[i] = (float) Math.max(0, Math.min(1, 0.5 + 0.3 * wave + 0.1 * random.nextGaussian()));
        }
        return images;
    }

    /** At the corners of the ball of radius 8/255. */
    private static float[] perturbed(float[] images, Random random) {
        float[] perturbed = images.clone();
        for (int i = 0; i < perturbed.length; i++) {
            perturbed[i] = Math.max(0, Math.min(1, perturbed[i] + (random.nextBoolean() ? 8 : -8) / 255f));
        }
        return perturbed;
    }
}
