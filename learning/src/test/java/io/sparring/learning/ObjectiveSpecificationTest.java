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
                .withMessage("objective.name: 'pgd' is not known; allowed: pgd-at, pgd-at+rpat");
    }
}
