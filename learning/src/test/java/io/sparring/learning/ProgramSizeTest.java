package io.sparring.learning;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class ProgramSizeTest {

    @Test
    void countsTheWeightsThatAreDrawn() {
        for (String network : List.of("cnn4", "resnet18")) {
            ProgramSpecification specification = specification(network, 4, "pgd-at");
            Tensors weights = InitialWeights.draw(specification, 1);
            ProgramSize size = ProgramSize.of(specification);

            assertThat(size.weights()).as(network)
                    .isEqualTo(weights.names().stream().mapToLong(name -> weights.values(name).length).sum());
            assertThat(size.momenta()).as("moving statistics have none").isPositive().isLessThan(size.weights());
            assertThat(size.averaged()).isZero();
        }
    }

    @Test
    void countsTheAveragesWhereTheObjectiveWantsThem() {
        ObjectiveSpecification.names().forEach(objective -> {
            ProgramSize size = ProgramSize.of(specification("cnn4", 2, objective));
            assertThat(size.averaged()).as(objective)
                    .isEqualTo(new ObjectiveSpecification(objective).averages() ? size.weights() : 0);
        });
    }

    @Test
    void countsWhatAForwardPassMakes() {
        long narrow = ProgramSize.of(specification("cnn4", 4, "pgd-at")).activations();
        long wide = ProgramSize.of(specification("cnn4", 8, "pgd-at")).activations();

        // four convolutions of width, width, 2 width and 2 width channels, the first two on the whole image
        assertThat(narrow).isGreaterThan(28 * 28 * 4 * 2);
        assertThat((double) wide / narrow).isBetween(1.8, 2.0);
    }

    @Test
    void countsTheOperationsOfOnePass() {
        assertThat(ProgramSize.of(specification("resnet18", 4, "pgd-at")).operations())
                .isGreaterThan(3 * ProgramSize.of(specification("cnn4", 4, "pgd-at")).operations());
    }

    private static ProgramSpecification specification(String network, int width, String objective) {
        return new ProgramSpecification(new Geometry(28, 28, 1, 10),
                new NetworkSpecification(network, width, 16, true, List.of(), List.of()), new ObjectiveSpecification(objective),
                new OptimizerSpecification(0.9f, 0), List.of());
    }
}
