package io.sparring.learning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

class BatchNormalizationTest {

    private static final int COUNT = 4;
    private static final float[] CLEAN = TinyProgram.images(new Random(1), COUNT);
    private static final float[] PERTURBED = TinyProgram.images(new Random(2), COUNT);
    private static final int[] LABELS = TinyProgram.labels(new Random(3), COUNT);

    @Test
    void movesItsStatisticsOnceForEachPassInTheirOrder() {
        assertMoves("pgd-at", PERTURBED);
        assertMoves("pgd-at+rpat", PERTURBED, middle(), CLEAN);
    }

    /** The first convolution is made to pass the first colour on, so that its statistics are those of the pixels. */
    private static void assertMoves(String objective, float[]... passes) {
        ProgramSpecification tiny = TinyProgram.specification(objective, true);
        ProgramSpecification specification = new ProgramSpecification(tiny.geometry(),
                new NetworkSpecification("cnn4", 4, 16, true, List.of(), List.of()),
                tiny.objective(), tiny.optimizer(), List.of());
        Tensors drawn = InitialWeights.draw(specification, 0);
        Tensors.Builder weights = Tensors.builder();
        for (String name : drawn.names()) {
            float[] values = drawn.values(name);
            if (name.equals("conv1/kernel")) {
                for (int height = 0, i = 0; height < 3; height++) {
                    for (int width = 0; width < 3; width++) {
                        for (int input = 0; input < 3; input++) {
                            for (int output = 0; output < 4; output++, i++) {
                                values[i] = height == 1 && width == 1 && input == 0 ? 1 : 0;
                            }
                        }
                    }
                }
            } else if (name.equals("bn1/moving_mean")) {
                Arrays.fill(values, 0.3f);
            } else if (name.equals("bn1/moving_variance")) {
                Arrays.fill(values, 2);
            }
            weights.put(name, drawn.shape(name), values);
        }
        double mean = 0.3;
        double variance = 2;
        for (float[] pass : passes) {
            double[] batch = meanAndUnbiasedVariance(pass);
            mean = 0.9 * mean + 0.1 * batch[0];
            variance = 0.9 * variance + 0.1 * batch[1];
        }
        try (ModelProgram program = TinyProgram.load(specification)) {
            program.assign(weights.build());
            program.train(CLEAN, PERTURBED, LABELS, 0.1f, 1);
            for (float value : program.weights().values("bn1/moving_mean")) {
                assertThat((double) value).isCloseTo(mean, within(1e-6));
            }
            for (float value : program.weights().values("bn1/moving_variance")) {
                assertThat((double) value).isCloseTo(variance, within(1e-6));
            }
        }
    }

    private static float[] middle() {
        float[] middle = new float[CLEAN.length];
        for (int i = 0; i < middle.length; i++) {
            middle[i] = 0.5f * CLEAN[i] + 0.5f * PERTURBED[i];
        }
        return middle;
    }

    private static double[] meanAndUnbiasedVariance(float[] images) {
        int channels = TinyProgram.GEOMETRY.channels();
        int count = images.length / channels;
        double mean = 0;
        for (int i = 0; i < images.length; i += channels) {
            mean += images[i] / (double) count;
        }
        double variance = 0;
        for (int i = 0; i < images.length; i += channels) {
            variance += (images[i] - mean) * (images[i] - mean) / (count - 1);
        }
        return new double[] {mean, variance};
    }

    @Test
    void staysAsItIsWhileAttackingAndPredicting() {
        try (ModelProgram program = TinyProgram.load(TinyProgram.specification("pgd-at+rpat", true))) {
            program.train(CLEAN, PERTURBED, LABELS, 0.1f, 1);
            Tensors before = program.weights();
            program.attack("training", CLEAN, LABELS, 1, 0.1f, 0.025f);
            program.predict(CLEAN, COUNT);
            assertThat(program.weights()).isEqualTo(before);
        }
    }

    @Test
    void attacksByItsStatisticsRatherThanTheBatchs() {
        try (ModelProgram program = TinyProgram.load(TinyProgram.specification("pgd-at+rpat", true))) {
            program.train(CLEAN, PERTURBED, LABELS, 0.1f, 1);
            float[] together = program.attack("evaluation", CLEAN, LABELS, 1, 0.1f, 0.025f).perturbed();
            int size = TinyProgram.GEOMETRY.imageSize();
            float[] alone = program.attack("evaluation", Arrays.copyOf(CLEAN, size),
                    new int[] {LABELS[0]}, 1, 0.1f, 0.025f).perturbed();
            int same = 0;
            for (int i = 0; i < size; i++) {
                same += Math.abs(alone[i] - together[i]) < 1e-6f ? 1 : 0;
            }
            assertThat(same).isGreaterThanOrEqualTo((int) (0.99 * size));
        }
    }

    @Test
    void isTheSameWhenTheConvolutionTakesItUp() {
        TensorFlow.start();
        Convolution convolution = new Convolution("conv1", 3, 3, 4, false);
        BatchNormalization normalization = new BatchNormalization("bn1", 4);
        Layer together = new NormalizedConvolution(convolution, normalization);
        try (Graph graph = new Graph()) {
            Ops tf = Ops.create(graph);
            Random random = new Random(5);
            Map<String, Operand<TFloat32>> values = new LinkedHashMap<>();
            for (Variable variable : together.variables()) {
                float[] drawn = new InitialValue.Uniform(0.5f).draw(random, variable.count());
                for (int i = 0; variable.name().endsWith("variance") && i < drawn.length; i++) {
                    drawn[i] += 1;
                }
                values.put(variable.name(), tf.constant(variable.shape(), DataBuffers.of(drawn)));
            }
            SignatureWeights weights = new SignatureWeights(values, false);
            Operand<TFloat32> images = tf.constant(Shape.of(COUNT, 8, 8, 3), DataBuffers.of(CLEAN));
            Operand<TFloat32> apart = normalization.apply(tf, weights, convolution.apply(tf, weights, images));
            try (Session session = new Session(graph);
                    Result result = session.runner().fetch(apart).fetch(together.apply(tf, weights, images)).run()) {
                assertThat(values(result, 1)).usingComparatorWithPrecision(1e-5f).containsExactly(values(result, 0));
            }
        }
    }

    private static float[] values(Result result, int index) {
        TFloat32 tensor = (TFloat32) result.get(index);
        float[] values = new float[(int) tensor.size()];
        tensor.asRawTensor().data().asFloats().read(values);
        return values;
    }
}
