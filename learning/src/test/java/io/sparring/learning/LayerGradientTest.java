package io.sparring.learning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.DOUBLE;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.types.TFloat32;

/** Each layer's gradient, by its input and by each of its variables, against central differences along random directions. */
class LayerGradientTest {

    private static final double DISTANCE = 5e-4;
    private static final int DIRECTIONS = 3;
    private static final long SEEDS = 5;
    private static final Shape IMAGES = Shape.of(3, 6, 6, 2);
    private static final Convolution CONVOLUTION = new Convolution("conv", 3, 2, 4, 1, false);
    private static final BatchNormalization NORMALIZATION = new BatchNormalization("bn", 4);

    /** A layer, what it takes, and the mode it is in. */
    record Case(Layer layer, Shape input, boolean training) {
    }

    static Stream<Case> cases() {
        List<Case> cases = new ArrayList<>();
        for (boolean training : new boolean[] {false, true}) {
            cases.add(new Case(new Convolution("conv", 3, 2, 3, 1, true), IMAGES, training));
            cases.add(new Case(new Convolution("conv", 3, 2, 3, 2, false), IMAGES, training));
            cases.add(new Case(new Convolution("conv", 1, 2, 3, 2, false), IMAGES, training));
            cases.add(new Case(new BatchNormalization("bn", 2), IMAGES, training));
            cases.add(new Case(new NormalizedConvolution(CONVOLUTION, NORMALIZATION), IMAGES, training));
            cases.add(new Case(new Network(List.of(CONVOLUTION, NORMALIZATION, new Rectifier())), IMAGES, training));
            cases.add(new Case(new Residual(new Convolution("conv", 3, 2, 2, 1, false), Optional.empty()), IMAGES, training));
            cases.add(new Case(new Residual(CONVOLUTION, Optional.of(new Convolution("past", 1, 2, 4, 1, false))), IMAGES, training));
            cases.add(new Case(PreActivation.block("block", 2, 4, 2), IMAGES, training));
            cases.add(new Case(PreActivation.block("block", 2, 2, 1), IMAGES, training));
            cases.add(new Case(BasicBlock.block("block", 2, 4, 2), IMAGES, training));
            cases.add(new Case(BottleneckBlock.block("block", 2, 4, 1), IMAGES, training));
        }
        cases.add(new Case(new FanOutInitialization(CONVOLUTION), IMAGES, false));
        cases.add(new Case(new Normalization(List.of(0.4f, 0.5f), List.of(0.2f, 0.3f)), IMAGES, false));
        cases.add(new Case(new FanOutInitialization(CONVOLUTION), IMAGES, false));
        cases.add(new Case(new Rectifier(), IMAGES, false));
        cases.add(new Case(new MaximumPooling(2), IMAGES, false));
        cases.add(new Case(new GlobalAveragePooling(), IMAGES, false));
        cases.add(new Case(new Flattening(72), IMAGES, false));
        cases.add(new Case(new Dense("dense", 5, 3), Shape.of(4, 5), false));
        return cases.stream();
    }

    @ParameterizedTest
    @MethodSource("cases")
    void hasTheGradientOfWhatItComputes(Case of) {
        Map<String, List<Double>> deviations = new LinkedHashMap<>();
        for (long seed = 0; seed < SEEDS; seed++) {
            measure(of, seed, deviations);
        }
        // where a rectifier's or a maximum's kink lies between the two points a slope tells nothing: most must agree
        deviations.forEach((by, measured) -> assertThat(measured.stream().sorted().skip(measured.size() / 2).findFirst())
                .as("%s: median deviation from the gradient by %s, share of what is allowed", of, by).get(DOUBLE).isLessThan(1));
    }

    @Test
    void noLayerIsLeftOut() throws IOException, URISyntaxException, ClassNotFoundException {
        Set<Class<?>> tested = cases().map(each -> each.layer().getClass()).collect(Collectors.toSet());
        Path classes = Path.of(Layer.class.getProtectionDomain().getCodeSource().getLocation().toURI())
                .resolve(Layer.class.getPackageName().replace('.', '/'));
        List<String> names;
        try (Stream<Path> files = Files.list(classes)) {
            names = files.map(file -> file.getFileName().toString()).filter(name -> name.endsWith(".class"))
                    .map(name -> Layer.class.getPackageName() + "." + name.substring(0, name.length() - ".class".length())).toList();
        }
        for (String name : names) {
            Class<?> type = Class.forName(name, false, Layer.class.getClassLoader());
            if (Layer.class.isAssignableFrom(type) && !type.isInterface()) {
                assertThat(tested).as("layers with a case here").contains(type);
            }
        }
    }

    private static void measure(Case of, long seed, Map<String, List<Double>> deviations) {
        TensorFlow.start();
        Random random = new Random(seed);
        try (Graph graph = new Graph()) {
            Ops tf = Ops.create(graph);
            Map<String, float[]> values = new LinkedHashMap<>();
            Map<String, Placeholder<TFloat32>> inputs = new LinkedHashMap<>();
            inputs.put("input", tf.placeholder(TFloat32.class, Placeholder.shape(of.input())));
            values.put("input", normal(random, (int) of.input().size(), 0, 1));
            List<String> differentiated = new ArrayList<>(List.of("input"));
            for (Variable variable : of.layer().variables()) {
                inputs.put(variable.name(), tf.placeholder(TFloat32.class, Placeholder.shape(variable.shape())));
                boolean scale = variable.name().endsWith("gamma") || variable.name().endsWith("variance");
                float[] drawn = normal(random, variable.count(), scale ? 1.5 : 0, scale ? 0.1 : 0.5);
                values.put(variable.name(), drawn);
                if (variable.trainable()) {
                    differentiated.add(variable.name());
                }
            }
            Map<String, Operand<TFloat32>> weights = new LinkedHashMap<>(inputs);
            Operand<TFloat32> output = of.layer().apply(tf, new SignatureWeights(weights, of.training()), inputs.get("input"));
            float[] share;
            try (Session session = new Session(graph)) {
                share = normal(random, run(session, inputs, values, List.of(output)).get(0).length, 0, 1);
                Operand<TFloat32> loss = tf.reduceSum(tf.math.mul(tf.reshape(output, tf.constant(new int[] {-1})),
                        tf.constant(share)), tf.constant(0));
                List<Operand<TFloat32>> gradients = new ArrayList<>();
                for (Operand<?> gradient : tf.gradients(loss, differentiated.stream().map(inputs::get).toList())) {
                    gradients.add(gradient.asOutput().expect(TFloat32.class));
                }
                List<float[]> computed = run(session, inputs, values, gradients);
                for (int i = 0; i < differentiated.size(); i++) {
                    String by = differentiated.get(i);
                    float[] gradient = computed.get(i);
                    double allowed = 0.01 * length(gradient) + 0.01;
                    for (int direction = 0; direction < DIRECTIONS; direction++) {
                        deviations.computeIfAbsent(by, name -> new ArrayList<>()).add(deviation(session, inputs, values, output,
                                share, by, gradient, random) / allowed);
                    }
                }
            }
        }
    }

    /** How far the slope along a random direction is from the gradient's share in that direction. */
    private static double deviation(Session session, Map<String, Placeholder<TFloat32>> inputs, Map<String, float[]> values,
            Operand<TFloat32> output, float[] share, String by, float[] gradient, Random random) {
        float[] direction = normal(random, gradient.length, 0, 1);
        double norm = length(direction);
        double[] losses = new double[2];
        for (int side = 0; side < 2; side++) {
            float[] moved = values.get(by).clone();
            for (int i = 0; i < moved.length; i++) {
                moved[i] += (float) ((side == 0 ? -DISTANCE : DISTANCE) * direction[i] / norm);
            }
            Map<String, float[]> there = new LinkedHashMap<>(values);
            there.put(by, moved);
            float[] outputs = run(session, inputs, there, List.of(output)).get(0);
            for (int i = 0; i < outputs.length; i++) {
                losses[side] += (double) outputs[i] * share[i];
            }
        }
        double expected = 0;
        for (int i = 0; i < direction.length; i++) {
            expected += gradient[i] * direction[i] / norm;
        }
        return Math.abs((losses[1] - losses[0]) / (2 * DISTANCE) - expected);
    }

    private static double length(float[] vector) {
        double squares = 0;
        for (float value : vector) {
            squares += (double) value * value;
        }
        return Math.sqrt(squares);
    }

    private static float[] normal(Random random, int count, double mean, double deviation) {
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = (float) (mean + deviation * random.nextGaussian());
        }
        return values;
    }

    private static List<float[]> run(Session session, Map<String, Placeholder<TFloat32>> inputs, Map<String, float[]> values,
            List<? extends Operand<TFloat32>> outputs) {
        List<TFloat32> fed = new ArrayList<>();
        Session.Runner runner = session.runner();
        inputs.forEach((name, placeholder) -> {
            TFloat32 tensor = TFloat32.tensorOf(placeholder.shape(), DataBuffers.of(values.get(name)));
            fed.add(tensor);
            runner.feed(placeholder, tensor);
        });
        outputs.forEach(runner::fetch);
        try (Result result = runner.run()) {
            return Fetched.floats(result);
        } finally {
            fed.forEach(TFloat32::close);
        }
    }
}
