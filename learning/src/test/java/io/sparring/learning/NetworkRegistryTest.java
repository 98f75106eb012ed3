package io.sparring.learning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.data.Percentage.withPercentage;

import java.util.HashSet;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NetworkRegistryTest {

    /** Short: batch normalisation over few values is very curved, and ReLU has many kinks. */
    private static final double DISTANCE = 5e-5;

    /** Counted by hand from the layers of the published code, for three channels. */
    @ParameterizedTest
    @CsvSource({"resnet18, 64, 10, 11173962", "resnet18, 64, 100, 11220132", "cnn4, 32, 10, 886978",
        "resnet18-bottleneck, 64, 10, 13958986", "preactresnet18, 64, 10, 11172170",
        "wideresnet-34-10, 16, 10, 46160474", "wideresnet-28-10, 16, 10, 36479194", "wideresnet-16-4, 16, 10, 2748890"})
    void hasAsManyTrainableWeightsAsItsPaperSays(String name, int width, int classes, long count) {
        Network network = network(name, width, classes);
        assertThat(network.variables().stream().filter(Variable::trainable).mapToLong(Variable::count).sum())
                .isEqualTo(count);
        assertThat(specification(name, width).trainableWeights(new Geometry(32, 32, 3, classes))).isEqualTo(count);
        List<String> names = network.variables().stream().map(Variable::name).toList();
        assertThat(new HashSet<>(names)).hasSameSizeAs(names);
    }

    /** A slope along a direction is the gradient's share in it, with all of a network's layers in between. */
    @ParameterizedTest
    @ValueSource(strings = {"cnn4", "resnet18", "resnet18-bottleneck", "preactresnet18", "wideresnet-10-2"})
    void hasTheGradientOfItsLoss(String name) {
        ProgramSpecification tiny = TinyProgram.specification("pgd-at", true, new OptimizerSpecification(0, 0));
        NetworkSpecification network = new NetworkSpecification(name, 4, 8, true, List.of(), List.of());
        ProgramSpecification specification = new ProgramSpecification(
                tiny.geometry(), network, tiny.objective(), tiny.optimizer(), List.of());
        float[] images = TinyProgram.images(new Random(1), 16);
        int[] labels = TinyProgram.labels(new Random(2), 16);
        try (ModelProgram program = TinyProgram.load(specification)) {
            Tensors weights = program.weights();
            program.train(images, images, labels, 0, 0);
            Tensors gradients = program.optimizer();
            double squares = 0;
            for (String gradient : gradients.names()) {
                for (float value : gradients.values(gradient)) {
                    squares += (double) value * value;
                }
            }
            double norm = Math.sqrt(squares);
            double[] losses = new double[2];
            for (int side = 0; side < 2; side++) {
                float share = (float) ((side == 0 ? -DISTANCE : DISTANCE) / norm);
                Tensors.Builder moved = Tensors.builder();
                for (String weight : weights.names()) {
                    float[] values = weights.values(weight);
                    for (int i = 0; gradients.names().contains(weight + "/momentum") && i < values.length; i++) {
                        values[i] += share * gradients.values(weight + "/momentum")[i];
                    }
                    moved.put(weight, weights.shape(weight), values);
                }
                program.assign(moved.build());
                losses[side] = program.train(images, images, labels, 0, 0).total();
            }
            assertThat((losses[1] - losses[0]) / (2 * DISTANCE)).isCloseTo(norm, withPercentage(3));
        }
    }

    /** The attack and what is exported run in evaluation mode, where convolutions take their batch normalisation up. */
    @ParameterizedTest
    @ValueSource(strings = {"resnet18-bottleneck", "preactresnet18", "wideresnet-10-2"})
    void attacksAndPredictsAlike(String name) {
        ProgramSpecification tiny = TinyProgram.specification("pgd-at+rpat", true);
        try (ModelProgram program = TinyProgram.load(new ProgramSpecification(tiny.geometry(),
                new NetworkSpecification(name, 4, 8, true, List.of(), List.of()),
                tiny.objective(), tiny.optimizer(), tiny.attacks()))) {
            float[] images = TinyProgram.images(new Random(1), 8);
            int[] labels = TinyProgram.labels(new Random(2), 8);
            assertThat(program.train(images, images, labels, 0.05f, 1).allFinite()).isTrue();
            AttackResult result = program.attack("evaluation", images, labels, 0, 0.1f, 0.02f);
            ImageGradient after = program.gradient(GradientLoss.CROSS_ENTROPY, result.perturbed(), labels, labels);
            assertThat(result.lossAfter()).usingComparatorWithPrecision(1e-4f).containsExactly(after.loss());
            double before = 0;
            double raised = 0;
            for (int i = 0; i < labels.length; i++) {
                before += result.lossBefore()[i];
                raised += result.lossAfter()[i];
            }
            assertThat(raised).isGreaterThan(before);
        }
    }

    private static Network network(String name, int width, int classes) {
        return NetworkRegistry.network(new Geometry(32, 32, 3, classes), specification(name, width));
    }

    private static NetworkSpecification specification(String name, int width) {
        return new NetworkSpecification(name, width, 200, false, List.of(), List.of());
    }
}
