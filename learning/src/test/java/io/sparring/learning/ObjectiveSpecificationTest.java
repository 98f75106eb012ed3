package io.sparring.learning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;

class ObjectiveSpecificationTest {

    @Test
    void knowsEveryObjectiveByItsName() {
        for (String name : ObjectiveSpecification.names()) {
            assertThat(ObjectiveRegistry.objective(new ObjectiveSpecification(name))).isNotNull();
        }
    }

    @Test
    void namesTheObjectivesThereAre() {
        assertThatIllegalArgumentException().isThrownBy(() -> new ObjectiveSpecification("pgd"))
                .withMessage("objective.name: 'pgd' is not known; allowed: consistency, consistency+rpat, "
                        + "mart, mart+rpat, pgd-at, pgd-at+rpat, rpat++, trades, trades+rpat");
    }

    @Test
    void refusesConstantsThatAreOutOfRange() {
        assertThatIllegalArgumentException().isThrownBy(() -> new ObjectiveSpecification("trades", 1, 0.5f))
                .withMessage("objective.interpolation: '1.0' is not allowed; allowed: above 0, below 1");
        assertThatIllegalArgumentException().isThrownBy(() -> new ObjectiveSpecification("trades", 0.5f, 0))
                .withMessage("objective.temperature: '0.0' is not allowed; allowed: above 0, at most 100");
    }
}
