package io.sparring.learning;

import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AttackSpecificationTest {

    @ParameterizedTest
    @ValueSource(strings = {"", "-pgd", "PGD", "pgd 20", "pgd/20", "a0123456789012345678901234567890123456789"})
    void refusesWhatCannotNameASignature(String name) {
        assertThatIllegalArgumentException().isThrownBy(() -> new AttackSpecification(name, 10, true))
                .withMessageStartingWith("attacks.name: '" + name + "' is not allowed");
    }

    @Test
    void refusesWhatIsOutOfRange() {
        assertThatIllegalArgumentException().isThrownBy(() -> new AttackSpecification("training", -1, true))
                .withMessage("attacks.steps: '-1' is not allowed; allowed: 0 to 1000");
    }
}
