package io.sparring.learning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.data.Percentage.withPercentage;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.tensorflow.Operand;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/**
 * Compares with golden numbers: every {@code *.json} in the directory that the system property {@code golden.dir} names, by
 * default our own test resources. What is not built yet is skipped by its name, and by nothing else.
 */
class GoldenTest {

    private static final Set<String> OBJECTIVES_TO_COME = Set.of(
            "trades", "trades+rpat", "mart", "mart+rpat", "consistency", "consistency+rpat", "rpat++");
    private static final Set<String> ATTACKS_TO_COME = Set.of("trades-linf", "pgd-l2");
    private static final OptimizerSpecification PLAIN = new OptimizerSpecification(0, 0);

    @Test
    void coversWhatIsBuilt() {
        List<String> names = checks().map(DynamicTest::getDisplayName).toList();
        for (String objective : ObjectiveSpecification.names()) {
            assertThat(names).contains("cnn4.json: objective " + objective, "resnet18.json: objective " + objective);
        }
        for (String file : List.of("cnn4.json: ", "resnet18.json: ")) {
            assertThat(names).contains(file + "logits", file + "cross entropy",
                    file + "stochastic gradient descent", file + "attack pgd-linf");
        }
        assertThat(ObjectiveSpecification.names()).contains("pgd-at", "pgd-at+rpat")
                .doesNotContainAnyElementsOf(OBJECTIVES_TO_COME);
    }

    @TestFactory
    Stream<DynamicTest> checks() {
        return files().stream().flatMap(GoldenTest::checks);
    }

    private static List<GoldenFile> files() {
        try (Stream<Path> files = Files.list(directory())) {
            return files.filter(file -> file.toString().endsWith(".json")).sorted().map(GoldenFile::read).toList();
        } catch (IOException | URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Path directory() throws URISyntaxException {
        String given = System.getProperty("golden.dir", "");
        return given.isEmpty() ? Path.of(GoldenTest.class.getResource("/golden").toURI()) : Path.of(given);
    }

    private static Stream<DynamicTest> checks(GoldenFile golden) {
        List<DynamicTest> checks = new ArrayList<>();
        checks.add(check(golden, "logits", () -> checkLogits(golden)));
        checks.add(check(golden, "cross entropy", () -> checkCrossEntropy(golden)));
        checks.add(check(golden, "stochastic gradient descent", () -> checkDescent(golden)));
        for (String objective : golden.names("objectives")) {
            if (!OBJECTIVES_TO_COME.contains(objective)) {
                checks.add(check(golden, "objective " + objective, () -> checkObjective(golden, objective)));
            }
        }
        for (String attack : golden.names("attacks")) {
            if (!ATTACKS_TO_COME.contains(attack)) {
                checks.add(check(golden, "attack " + attack, () -> checkAttack(golden, attack)));
            }
        }
        return checks.stream();
    }

    private static DynamicTest check(GoldenFile golden, String what, Runnable check) {
        return DynamicTest.dynamicTest(golden.name() + ": " + what, check::run);
    }

    private static ModelProgram program(GoldenFile golden, String objective, OptimizerSpecification optimizer) {
        ProgramSpecification specification = golden.specification(objective, optimizer);
        ModelProgram program = ModelProgram.load(ModelProgramBuilder.build(specification), TinyProgram.SETTINGS);
        program.assign(golden.tensors("parameters"));
        return program;
    }

    private static void checkLogits(GoldenFile golden) {
        try (ModelProgram program = program(golden, "pgd-at", PLAIN)) {
            for (String images : List.of("clean", "adversarial")) {
                float[][] logits = program.predict(golden.values(images), golden.labels().length);
                float[] expected = golden.values("logits", images);
                for (int i = 0; i < expected.length; i++) {
                    assertThat(logits[i / logits[0].length][i % logits[0].length])
                            .isCloseTo(expected[i], within(1e-5f * Math.max(1, Math.abs(expected[i]))));
                }
            }
        }
    }

    private static void checkCrossEntropy(GoldenFile golden) {
        double[] computed = new double[golden.labels().length];
        run(golden, (tf, network, batch) -> List.of(CrossEntropy.each(
                tf, network.logits(constant(tf, golden, "adversarial")), batch.targets())), result -> {
            TFloat32 losses = (TFloat32) result.get(0);
            for (int i = 0; i < computed.length; i++) {
                computed[i] = losses.getFloat(i);
            }
        });
        float[] expected = golden.values("attack_losses", "cross_entropy");
        for (int i = 0; i < expected.length; i++) {
            // A small loss is the difference of large logits.
            assertThat(computed[i]).isCloseTo(expected[i], within(1e-5 * Math.max(1, Math.abs(expected[i]))));
        }
    }

    private static void checkObjective(GoldenFile golden, String objective) {
        try (ModelProgram program = program(golden, objective, PLAIN)) {
            TrainingLosses losses = program.train(golden.values("clean"), golden.values("adversarial"),
                    golden.labels(), 0, (float) golden.number("lambda"));
            assertThat((double) losses.total())
                    .isCloseTo(golden.number("objectives", objective, "loss"), withPercentage(1e-3));

            // Without weight decay the first step's momenta are the gradients.
            Tensors momenta = program.optimizer();
            golden.numbers("objectives", objective, "gradient_norms").forEach((name, norm) ->
                    assertThat(norm(momenta.values(name + ProgramGraph.MOMENTUM))).as(name)
                            .isCloseTo(norm, withPercentage(1e-2)));
            Tensors gradients = golden.tensors("objectives", objective, "gradients");
            assertThat(gradients.names()).isNotEmpty();
            for (String name : gradients.names()) {
                assertClose(name, momenta.values(name + ProgramGraph.MOMENTUM), gradients.values(name), 1e-3f);
            }
            if (golden.names("objectives", objective).contains("moving")) {
                Tensors moving = golden.tensors("objectives", objective, "moving");
                Tensors weights = program.weights();
                for (String name : moving.names()) {
                    assertClose(name, weights.values(name), moving.values(name), 1e-5f);
                }
            }
        }
    }

    private static void checkDescent(GoldenFile golden) {
        OptimizerSpecification optimizer = new OptimizerSpecification(
                (float) golden.number("sgd", "momentum"), (float) golden.number("sgd", "weight_decay"));
        try (ModelProgram program = program(golden, golden.root().at("/sgd/objective").asText(), optimizer)) {
            for (int step = 0; step < golden.number("sgd", "steps"); step++) {
                program.train(golden.values("clean"), golden.values("adversarial"), golden.labels(),
                        (float) golden.number("sgd", "learning_rate"), (float) golden.number("lambda"));
            }
            Tensors expected = golden.tensors("sgd", "parameters");
            Tensors weights = program.weights();
            for (String name : expected.names()) {
                assertClose(name, weights.values(name), expected.values(name), 1e-5f);
            }
        }
    }

    private static void checkAttack(GoldenFile golden, String attack) {
        int steps = (int) golden.number("attacks", attack, "steps");
        float[] expected = golden.values("attacks", attack, "result");
        run(golden, (tf, network, batch) -> {
            Attack.Crafted crafted = new ProjectedGradientDescent(steps, false).craftFrom(
                    tf, network, batch, constant(tf, golden, "attacks", attack, "start"));
            return List.of(crafted.perturbed(), crafted.lossBefore(),
                    CrossEntropy.each(tf, network.logits(crafted.perturbed()), batch.targets()));
        }, result -> {
            float[] perturbed = new float[expected.length];
            ((TFloat32) result.get(0)).asRawTensor().data().asFloats().read(perturbed);
            int near = 0;
            for (int i = 0; i < expected.length; i++) {
                near += Math.abs(perturbed[i] - expected[i]) <= 1e-5f ? 1 : 0;
            }
            assertThat((double) near / expected.length).isGreaterThanOrEqualTo(0.995);
            assertThat(sum((TFloat32) result.get(1)))
                    .isCloseTo(golden.number("attacks", attack, "loss_start"), withPercentage(1e-2));
            assertThat(sum((TFloat32) result.get(2)))
                    .isCloseTo(golden.number("attacks", attack, "loss_result"), withPercentage(1e-2));
        });
    }

    /** What a check adds to a graph in which the golden network holds its golden weights, in evaluation mode. */
    private interface Built {
        List<Operand<TFloat32>> add(Ops tf, Classifier network, AttackBatch batch);
    }

    private interface Checked {
        void accept(Result result);
    }

    private static void run(GoldenFile golden, Built built, Checked checked) {
        TensorFlow.start();
        try (ProgramGraph program = new ProgramGraph(golden.specification("pgd-at", PLAIN))) {
            Ops tf = program.scope("golden");
            Tensors parameters = golden.tensors("parameters");
            Map<String, Operand<TFloat32>> values = new LinkedHashMap<>();
            program.weights().forEach((name, variable) ->
                    values.put(name, tf.constant(variable.shape(), DataBuffers.of(parameters.values(name)))));
            Classifier network = program.network().with(tf, new SignatureWeights(values, false));
            AttackBatch batch = new AttackBatch(
                    constant(tf, golden, "clean"),
                    CrossEntropy.targets(tf, tf.constant(golden.labels()),
                            program.specification().geometry().classes()),
                    tf.constant(0L),
                    tf.constant((float) golden.number("epsilon")),
                    tf.constant((float) golden.number("alpha")));
            List<Operand<TFloat32>> outputs = built.add(tf, network, batch);
            try (Session session = new Session(program.graph())) {
                Session.Runner runner = session.runner();
                outputs.forEach(runner::fetch);
                try (Result result = runner.run()) {
                    checked.accept(result);
                }
            }
        }
    }

    private static Operand<TFloat32> constant(Ops tf, GoldenFile golden, String... path) {
        float[] values = golden.values(path);
        Geometry geometry = golden.specification("pgd-at", PLAIN).geometry();
        return tf.constant(Shape.of(values.length / geometry.imageSize(), geometry.height(), geometry.width(),
                geometry.channels()), DataBuffers.of(values));
    }

    /** Within a share of the largest entry. */
    private static void assertClose(String name, float[] computed, float[] expected, float share) {
        float largest = 0;
        for (float value : expected) {
            largest = Math.max(largest, Math.abs(value));
        }
        assertThat(computed).as(name).usingComparatorWithPrecision(share * largest).containsExactly(expected);
    }

    private static double norm(float[] values) {
        double sum = 0;
        for (float value : values) {
            sum += (double) value * value;
        }
        return Math.sqrt(sum);
    }

    private static double sum(TFloat32 values) {
        double sum = 0;
        for (long i = 0; i < values.size(); i++) {
            sum += values.getFloat(i);
        }
        return sum;
    }
}
