package io.sparring.learning;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Gradients;
import org.tensorflow.types.TFloat32;

/**
 * A test of the golden test: an objective with a single thing changed must not pass for it. Objectives are built into a graph
 * here, so that a pass's mode can be changed too; that they pass unchanged shows that it is the change that fails.
 */
class GoldenSensitivityTest {

    private static final RobustPerception PERCEPTION = new RobustPerception(0.5f);

    /** An objective, perhaps changed, that may also look at the network in evaluation mode. */
    private interface Variant {
        ObjectiveTerms terms(Ops tf, Classifier network, Classifier evaluating, TrainingBatch batch);
    }

    private interface Penalty {
        Operand<TFloat32> of(Ops tf, Operand<TFloat32> between, Operand<TFloat32> clean, Operand<TFloat32> perturbed);
    }

    @TestFactory
    Stream<DynamicTest> passesUnchanged() {
        return Stream.of("cnn4.json", "resnet18.json").map(GoldenSensitivityTest::golden).flatMap(golden ->
                golden.names("objectives").stream().map(name ->
                        DynamicTest.dynamicTest(golden.name() + ": " + name, () -> compare(golden, name, production(name)))));
    }

    @TestFactory
    Stream<DynamicTest> failsOnceChanged() {
        List<DynamicTest> tests = new ArrayList<>();
        GoldenFile residual = golden("resnet18.json");
        perceptionChanges().forEach((change, variant) -> tests.add(fails(residual, "pgd-at+rpat", change, variant)));
        tradesChanges().forEach((change, variant) -> tests.add(fails(residual, "trades", change, variant)));
        martChanges().forEach((change, variant) -> tests.add(fails(residual, "mart", change, variant)));
        tests.add(fails(residual, "consistency", "a constant: the temperature", (tf, network, evaluating, batch) ->
                new ConsistencyTraining(new JensenShannon(1), Optional.empty()).terms(tf, network, batch)));
        GoldenFile plain = golden("cnn4.json");
        tests.add(fails(plain, "rpat++", "the trained network for the averaged one", (tf, network, evaluating, batch) ->
                new AveragedPerceptionTraining(PERCEPTION).terms(tf, network, new TrainingBatch(batch.clean(),
                        batch.perturbed(), batch.labels(), batch.targets(), batch.lambda(), batch.beta(), network))));
        // What is right by one name is wrong by another.
        tests.add(fails(plain, "trades+rpat", "a term left out", production("trades")));
        tests.add(fails(plain, "mart+rpat", "another interpolation", (tf, network, evaluating, batch) ->
                new MartTraining(Optional.of(new RobustPerception(0.45f))).terms(tf, network, batch)));
        return tests.stream();
    }

    private static Map<String, Variant> perceptionChanges() {
        Map<String, Variant> changes = new LinkedHashMap<>();
        changes.put("a pass's mode", (tf, network, evaluating, batch) -> perception(tf, batch, network, evaluating,
                network, PERCEPTION::term));
        changes.put("a stopped gradient", (tf, network, evaluating, batch) -> perception(tf, batch, network, network,
                images -> tf.stopGradient(network.logits(images)), PERCEPTION::term));
        changes.put("a sum for a mean", (tf, network, evaluating, batch) -> perception(tf, batch, network, network, network,
                (ops, between, clean, perturbed) -> ops.reduceSum(ops.math.square(ops.math.sub(between,
                        PERCEPTION.between(ops, clean, perturbed))), ops.constant(new int[] {0, 1}))));
        changes.put("a sign", (tf, network, evaluating, batch) -> perception(tf, batch, network, network, network,
                (ops, between, clean, perturbed) -> ops.math.mean(ops.math.square(ops.math.sub(between,
                        PERCEPTION.between(ops, clean, ops.math.neg(perturbed)))), ops.constant(new int[] {0, 1}))));
        changes.put("probabilities for logits", (tf, network, evaluating, batch) -> perception(tf, batch, network, network,
                network, (ops, between, clean, perturbed) -> PERCEPTION.term(
                        ops, ops.nn.softmax(between), ops.nn.softmax(clean), ops.nn.softmax(perturbed))));
        changes.put("a constant", (tf, network, evaluating, batch) ->
                new RobustPerceptionTraining(new RobustPerception(0.499f)).terms(tf, network, batch));
        // The moving statistics alone tell these two.
        changes.put("the order of passes", (tf, network, evaluating, batch) -> {
            Operand<TFloat32> clean = network.logits(batch.clean());
            return perception(tf, batch, network, network, images -> clean, PERCEPTION::term);
        });
        changes.put("a pass too many", (tf, network, evaluating, batch) -> {
            ObjectiveTerms terms = production("pgd-at+rpat").terms(tf, network, evaluating, batch);
            network.logits(batch.clean());
            return terms;
        });
        return changes;
    }

    /** PGD-AT with a penalty, each of its passes through a network of its own. */
    private static ObjectiveTerms perception(Ops tf, TrainingBatch batch, Classifier forPerturbed, Classifier forBetween,
            Classifier forClean, Penalty penalty) {
        Operand<TFloat32> perturbed = forPerturbed.logits(batch.perturbed());
        Operand<TFloat32> between = forBetween.logits(PERCEPTION.between(tf, batch.clean(), batch.perturbed()));
        Operand<TFloat32> clean = forClean.logits(batch.clean());
        return ObjectiveTerms.of(CrossEntropy.mean(tf, perturbed, batch.targets()))
                .plus(tf, ObjectiveTerms.PERCEPTION, batch.lambda(), penalty.of(tf, between, clean, perturbed));
    }

    private static Map<String, Variant> tradesChanges() {
        Map<String, Variant> changes = new LinkedHashMap<>();
        changes.put("the divergence turned round", (tf, network, evaluating, batch) -> trades(tf, batch,
                network.logits(batch.clean()), KullbackLeibler.mean(
                        tf, network.logits(batch.perturbed()), network.logits(batch.clean())), 6));
        changes.put("a stopped gradient", (tf, network, evaluating, batch) -> trades(tf, batch,
                network.logits(batch.clean()), KullbackLeibler.mean(
                        tf, tf.stopGradient(network.logits(batch.clean())), network.logits(batch.perturbed())), 6));
        changes.put("a sum for a mean", (tf, network, evaluating, batch) -> trades(tf, batch,
                network.logits(batch.clean()), tf.reduceSum(KullbackLeibler.each(
                        tf, network.logits(batch.clean()), network.logits(batch.perturbed())), tf.constant(0)), 6));
        changes.put("a constant", (tf, network, evaluating, batch) -> trades(tf, batch,
                network.logits(batch.clean()), KullbackLeibler.mean(
                        tf, network.logits(batch.clean()), network.logits(batch.perturbed())), 5.99f));
        changes.put("a pass's mode", (tf, network, evaluating, batch) -> trades(tf, batch,
                network.logits(batch.clean()), KullbackLeibler.mean(
                        tf, evaluating.logits(batch.clean()), network.logits(batch.perturbed())), 6));
        return changes;
    }

    private static ObjectiveTerms trades(
            Ops tf, TrainingBatch batch, Operand<TFloat32> clean, Operand<TFloat32> divergence, float beta) {
        return ObjectiveTerms.of(CrossEntropy.mean(tf, clean, batch.targets()))
                .plus(tf, ObjectiveTerms.ROBUSTNESS, tf.constant(beta), divergence);
    }

    private static Map<String, Variant> martChanges() {
        MartTraining mart = new MartTraining(Optional.empty());
        Map<String, Variant> changes = new LinkedHashMap<>();
        changes.put("x and x' exchanged", (tf, network, evaluating, batch) -> mart.terms(tf, network,
                new TrainingBatch(batch.perturbed(), batch.clean(), batch.labels(), batch.targets(), batch.lambda(),
                        batch.beta(), batch.averaged())));
        changes.put("the boost left out", (tf, network, evaluating, batch) -> {
            ObjectiveTerms terms = mart.terms(tf, network, batch);
            Operand<TFloat32> plain = CrossEntropy.mean(tf, network.logits(batch.perturbed()), batch.targets());
            Operand<TFloat32> boosted = terms.reported().get(ObjectiveTerms.CROSS_ENTROPY);
            return ObjectiveTerms.of(tf.math.sub(terms.total(), tf.math.sub(boosted, plain)));
        });
        return changes;
    }

    private static Variant production(String name) {
        Objective objective = ObjectiveRegistry.objective(new ObjectiveSpecification(name));
        return (tf, network, evaluating, batch) -> objective.terms(tf, network, batch);
    }

    private static DynamicTest fails(GoldenFile golden, String objective, String change, Variant variant) {
        return DynamicTest.dynamicTest(golden.name() + ": " + objective + ", " + change, () ->
                assertThatThrownBy(() -> compare(golden, objective, variant)).isInstanceOf(AssertionError.class));
    }

    private static void compare(GoldenFile golden, String objective, Variant variant) {
        int views = new ObjectiveSpecification(objective).views();
        GoldenObjective.Computed computed;
        try (GoldenGraph graph = new GoldenGraph(golden)) {
            SignatureWeights weights = graph.training();
            Operand<TFloat32> total = variant.terms(
                    graph.tf(), graph.network(weights), graph.evaluating(), graph.trainingBatch(views)).total();
            List<String> trained = List.copyOf(graph.trained().keySet());
            List<String> moved = List.copyOf(weights.moved().keySet());
            Gradients gradients = graph.tf().gradients(total, graph.trained().values());
            List<Operand<TFloat32>> outputs = new ArrayList<>(List.of(total));
            for (int i = 0; i < trained.size(); i++) {
                outputs.add(gradients.dy(i));
            }
            moved.forEach(name -> outputs.add(weights.moved().get(name)));
            List<float[]> results = graph.run(outputs);
            Map<String, float[]> slopes = new TreeMap<>();
            Map<String, float[]> moving = new TreeMap<>();
            for (int i = 0; i < trained.size(); i++) {
                slopes.put(trained.get(i), results.get(1 + i));
            }
            for (int i = 0; i < moved.size(); i++) {
                moving.put(moved.get(i), results.get(1 + trained.size() + i));
            }
            computed = new GoldenObjective.Computed(results.get(0)[0], slopes, moving);
        }
        new GoldenObjective(golden, objective).compare(computed);
    }

    private static GoldenFile golden(String name) {
        try {
            return GoldenFile.read(Path.of(GoldenSensitivityTest.class.getResource("/golden/" + name).toURI()));
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }
}
