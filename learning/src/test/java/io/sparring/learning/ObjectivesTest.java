package io.sparring.learning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.data.Percentage.withPercentage;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What holds of every objective there is, in a program. */
class ObjectivesTest {

    private static final int COUNT = 6;
    private static final int[] LABELS = TinyProgram.labels(new Random(3), COUNT);

    static List<String> names() {
        return ObjectiveSpecification.names();
    }

    private static List<TrainingView> views(ModelProgram program) {
        List<TrainingView> views = new ArrayList<>();
        for (int view = 0; view < program.views(); view++) {
            views.add(new TrainingView(TinyProgram.images(new Random(10 + view), COUNT),
                    TinyProgram.images(new Random(20 + view), COUNT)));
        }
        return views;
    }

    @ParameterizedTest
    @MethodSource("names")
    void addsItsTermsUp(String name) {
        ObjectiveSpecification objective = new ObjectiveSpecification(name);
        try (ModelProgram program = TinyProgram.load(TinyProgram.specification(name, true))) {
            assertThat(program.views()).isEqualTo(objective.views());
            assertThat(program.averages()).isEqualTo(objective.averages());
            TrainingLosses losses = program.train(views(program), LABELS, new TrainingParameters(0, 3, 2, 0));
            float weight = objective.views() == 2 ? 3 : 2;
            assertThat(losses.total()).isCloseTo(
                    losses.crossEntropy() + 3 * losses.perception() + weight * losses.robustness(), within(1e-5f));
            assertThat(losses.perception() > 0).isEqualTo(name.contains("rpat"));
            assertThat(losses.robustness() > 0).isEqualTo(!name.contains("pgd") && !name.equals("rpat++"));
            assertThat(losses.allFinite()).isTrue();
        }
    }

    @ParameterizedTest
    @MethodSource("names")
    void endsInTheSameBitsEachTime(String name) {
        assertThat(trained(name)).isEqualTo(trained(name));
    }

    private static List<Tensors> trained(String name) {
        try (ModelProgram program = TinyProgram.load(TinyProgram.specification(name, true))) {
            for (int step = 0; step < 5; step++) {
                program.train(views(program), LABELS, new TrainingParameters(0.05f, 1, 6, 0.5f));
            }
            return program.averages() ? List.of(program.weights(), program.averaged()) : List.of(program.weights());
        }
    }

    /** A slope along a direction is the gradient's share in it. */
    @ParameterizedTest
    @MethodSource("names")
    void hasTheGradientOfItsLoss(String name) {
        try (ModelProgram program = TinyProgram.load(
                TinyProgram.specification(name, true, new OptimizerSpecification(0, 0)))) {
            Tensors weights = program.weights();
            loss(program, weights, program.optimizer(), 0);
            Tensors gradients = program.optimizer();
            double squares = 0;
            for (String gradient : gradients.names()) {
                for (float value : gradients.values(gradient)) {
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
            String gradient = name + ProgramGraph.MOMENTUM;
            for (int i = 0; gradients.names().contains(gradient) && i < values.length; i++) {
                values[i] += share * gradients.values(gradient)[i];
            }
            moved.put(name, weights.shape(name), values);
        }
        Tensors zeros = Tensors.zeros(shapes(program.optimizer()));
        if (program.averages()) {
            // Averages that stay, as no gradient flows through them.
            program.assign(moved.build(), zeros, weights);
        } else {
            program.assign(moved.build(), zeros);
        }
        return program.train(views(program), LABELS, new TrainingParameters(0, 20, 6, 1)).total();
    }

    private static Map<String, int[]> shapes(Tensors tensors) {
        Map<String, int[]> shapes = new TreeMap<>();
        tensors.names().forEach(name -> shapes.put(name, tensors.shape(name)));
        return shapes;
    }

    @Test
    void averagesWhatTheStepLeads() {
        ProgramSpecification specification = TinyProgram.specification("rpat++", true);
        try (ModelProgram program = TinyProgram.load(specification)) {
            Tensors first = program.weights();
            assertThat(program.averaged()).isEqualTo(first);
            program.train(views(program), LABELS, new TrainingParameters(0.1f, 0, 0, 0));
            Tensors second = program.weights();
            assertThat(program.averaged()).isEqualTo(second).isNotEqualTo(first);
            program.train(views(program), LABELS, new TrainingParameters(0.1f, 1, 0, 0.9f));
            Tensors third = program.weights();
            for (String name : List.of("conv1/kernel", "bn2/gamma", "head/bias")) {
                float[] averaged = program.averaged().values(name);
                for (int i = 0; i < averaged.length; i++) {
                    assertThat(averaged[i]).isCloseTo(
                            0.9f * second.values(name)[i] + 0.1f * third.values(name)[i], within(1e-6f));
                }
            }
            program.assign(first, program.optimizer(), second);
            assertThat(program.weights()).isEqualTo(first);
            assertThat(program.averaged()).isEqualTo(second);
        }
    }

    @Test
    void refusesWhatTheObjectiveDoesNotTake() {
        try (ModelProgram program = TinyProgram.load(TinyProgram.specification("consistency", false))) {
            TrainingView view = views(program).get(0);
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> program.train(view.clean(), view.perturbed(), LABELS, 0.1f, 1))
                    .withMessage("views: '1' is not allowed; allowed: 2");
            assertThatIllegalArgumentException().isThrownBy(program::averaged)
                    .withMessageStartingWith("the model has no signature 'read-averaged'");
        }
        assertThatIllegalArgumentException().isThrownBy(() -> new TrainingParameters(0.1f, 1, Float.NaN, 0.5f))
                .withMessage("beta: NaN is not a finite number of at least 0");
        assertThatIllegalArgumentException().isThrownBy(() -> new TrainingParameters(0.1f, 1, 6, 1.5f))
                .withMessage("averaging: '1.5' is not allowed; allowed: 0 to 1");
    }
}
