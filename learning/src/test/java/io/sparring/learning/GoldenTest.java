package io.sparring.learning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.data.Percentage.withPercentage;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * Compares with golden numbers: every {@code *.json} in the directory that the system property {@code golden.dir} names, by
 * default our own test resources.
 */
class GoldenTest {

    private static final OptimizerSpecification PLAIN = new OptimizerSpecification(0, 0);

    @Test
    void coversWhatIsBuilt() {
        List<String> names = checks().map(DynamicTest::getDisplayName).toList();
        for (String objective : ObjectiveSpecification.names()) {
            assertThat(names).contains("cnn4.json: objective " + objective);
            if (!objective.equals("rpat++")) {
                assertThat(names).contains("resnet18.json: objective " + objective);
            }
        }
        for (String file : List.of("cnn4.json: ", "resnet18.json: ")) {
            assertThat(names).contains(file + "logits", file + "attack losses",
                    file + "stochastic gradient descent", file + "attack pgd-linf",
                    file + "attack pgd-l2", file + "attack trades-linf");
        }
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
        checks.add(check(golden, "attack losses", () -> checkLosses(golden)));
        checks.add(check(golden, "stochastic gradient descent", () -> checkDescent(golden)));
        for (String objective : golden.names("objectives")) {
            checks.add(check(golden, "objective " + objective, () -> checkObjective(golden, objective)));
        }
        for (String attack : golden.names("attacks")) {
            checks.add(check(golden, "attack " + attack, () -> checkAttack(golden, attack)));
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

    private static void checkLosses(GoldenFile golden) {
        int classes = golden.specification("pgd-at", PLAIN).geometry().classes();
        try (ModelProgram program = program(golden, "pgd-at", PLAIN)) {
            checkLoss(golden, program, GradientLoss.CROSS_ENTROPY, 0, golden.values("attack_losses", "cross_entropy"));
            checkLoss(golden, program, GradientLoss.DLR, 0, golden.values("attack_losses", "dlr"));
            for (int target = 0; target < classes; target++) {
                checkLoss(golden, program, GradientLoss.DLR_TARGETED, target,
                        golden.row(target, "attack_losses", "dlr_targeted"));
            }
        }
    }

    private static void checkLoss(
            GoldenFile golden, ModelProgram program, GradientLoss loss, int target, float[] expected) {
        int[] targets = new int[expected.length];
        Arrays.fill(targets, target);
        float[] computed = program.gradient(loss, golden.values("adversarial"), golden.labels(), targets).loss();
        for (int i = 0; i < expected.length; i++) {
            // A small loss is the difference of large logits, and DLR divides by another one.
            float close = loss == GradientLoss.CROSS_ENTROPY ? 1e-5f : 1e-4f;
            assertThat(computed[i]).as(loss + " for " + target)
                    .isCloseTo(expected[i], within(close * Math.max(1, Math.abs(expected[i]))));
        }
    }

    private static void checkObjective(GoldenFile golden, String objective) {
        try (ModelProgram program = program(golden, objective, PLAIN)) {
            if (program.averages()) {
                program.assign(program.weights(), program.optimizer(), golden.tensors("averaged"));
            }
            TrainingLosses losses = program.train(golden.views(program.views()), golden.labels(), new TrainingParameters(
                    0, (float) golden.number("lambda"), (float) golden.number("beta"), 1));
            // Without weight decay the first step's momenta are the gradients.
            Map<String, float[]> gradients = new TreeMap<>();
            Tensors momenta = program.optimizer();
            momenta.names().forEach(name -> gradients.put(
                    name.substring(0, name.length() - ProgramGraph.MOMENTUM.length()), momenta.values(name)));
            Map<String, float[]> moving = new TreeMap<>();
            Tensors weights = program.weights();
            weights.names().forEach(name -> moving.put(name, weights.values(name)));
            new GoldenObjective(golden, objective)
                    .compare(new GoldenObjective.Computed(losses.total(), gradients, moving));
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
                GoldenObjective.assertClose(name, weights.values(name), expected.values(name), 1e-5f);
            }
        }
    }

    private static void checkAttack(GoldenFile golden, String attack) {
        AttackSpecification specification = new AttackSpecification("golden",
                (int) golden.number("attacks", attack, "steps"), AttackStart.NORMAL,
                attack.startsWith("trades") ? AttackLoss.KL : AttackLoss.CROSS_ENTROPY,
                attack.endsWith("l2") ? AttackNorm.L2 : AttackNorm.LINF);
        try (GoldenGraph graph = new GoldenGraph(golden)) {
            AttackBatch batch = new AttackBatch(graph.images("clean"), graph.targets(graph.labels()),
                    graph.tf().constant(0L), graph.number("attacks", attack, "epsilon"),
                    graph.number("attacks", attack, "alpha"));
            Attack.Crafted crafted = new ProjectedGradientDescent(specification)
                    .craftFrom(graph.tf(), graph.evaluating(), batch, graph.images("attacks", attack, "start"));
            List<float[]> computed = graph.run(List.of(
                    crafted.perturbed(), crafted.lossBefore(), crafted.lossAfter()));
            float[] expected = golden.values("attacks", attack, "result");
            assertThat(near(computed.get(0), expected)).isGreaterThanOrEqualTo(0.995);
            // TRADES' golden start leaves [0,1], where no perturbation received can
            if (attack.startsWith("pgd")) {
                assertThat(near(continued(golden, attack, specification), expected)).isGreaterThanOrEqualTo(0.995);
            }
            // A divergence starts almost at zero, where only its rounding is left.
            double start = golden.number("attacks", attack, "loss_start");
            assertThat(sum(computed.get(1))).isCloseTo(start, within(Math.max(1e-4 * start, 1e-6)));
            assertThat(sum(computed.get(2)))
                    .isCloseTo(golden.number("attacks", attack, "loss_result"), withPercentage(1e-2));
        }
    }

    /** The same by the signature that takes an attack further. */
    private static float[] continued(GoldenFile golden, String attack, AttackSpecification specification) {
        ProgramSpecification plain = golden.specification("pgd-at", PLAIN);
        ProgramSpecification further = new ProgramSpecification(plain.geometry(), plain.network(), plain.objective(),
                plain.optimizer(), List.of(specification.continued(specification.steps())));
        try (ModelProgram program = ModelProgram.load(ModelProgramBuilder.build(further), TinyProgram.SETTINGS)) {
            program.assign(golden.tensors("parameters"));
            return program.continueAttack("golden", golden.values("clean"), golden.values("attacks", attack, "start"),
                    golden.labels(), (float) golden.number("attacks", attack, "epsilon"),
                    (float) golden.number("attacks", attack, "alpha")).perturbed();
        }
    }

    private static double near(float[] computed, float[] expected) {
        int near = 0;
        for (int i = 0; i < expected.length; i++) {
            near += Math.abs(computed[i] - expected[i]) <= 1e-5f ? 1 : 0;
        }
        return (double) near / expected.length;
    }

    private static double sum(float[] values) {
        double sum = 0;
        for (float value : values) {
            sum += value;
        }
        return sum;
    }
}
