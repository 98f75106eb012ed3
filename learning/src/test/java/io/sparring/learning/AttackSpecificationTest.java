package io.sparring.learning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
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

    @Test
    void wantsARandomStartForTheDivergence() {
        assertThatIllegalArgumentException().isThrownBy(() -> new AttackSpecification(
                        "training", 10, AttackStart.IMAGE, AttackLoss.KL, AttackNorm.LINF))
                .withMessage("attacks.start: 'IMAGE' is not allowed; allowed: a random one for the divergence");
    }

    @Test
    void craftsWhatTheObjectiveNeeds() {
        assertThat(training("trades+rpat")).isEqualTo(new AttackSpecification(
                "training", 10, AttackStart.NORMAL, AttackLoss.KL, AttackNorm.L2));
        assertThat(training("mart")).isEqualTo(new AttackSpecification(
                "training", 10, AttackStart.NORMAL, AttackLoss.CROSS_ENTROPY, AttackNorm.L2));
        for (String objective : List.of("pgd-at", "pgd-at+rpat", "consistency", "consistency+rpat", "rpat++")) {
            assertThat(training(objective)).isEqualTo(new AttackSpecification(
                    "training", 10, AttackStart.UNIFORM, AttackLoss.CROSS_ENTROPY, AttackNorm.L2));
        }
        assertThat(new AttackSpecification("training", 10, true).randomStart()).isTrue();
        assertThat(new AttackSpecification("training", 10, false).randomStart()).isFalse();
    }

    private static AttackSpecification training(String objective) {
        return AttackSpecification.training("training", 10, new ObjectiveSpecification(objective), AttackNorm.L2);
    }

    @Test
    void normsHaveTheNamesThatRunsGiveThem() {
        assertThat(AttackNorm.names()).containsExactly("linf", "l2");
        assertThat(AttackNorm.named("l2")).isEqualTo(AttackNorm.L2);
        assertThat(AttackNorm.named("linf")).isEqualTo(AttackNorm.LINF);
        assertThatIllegalArgumentException().isThrownBy(() -> AttackNorm.named("l1"))
                .withMessage("attack.norm: 'l1' is not known; allowed: linf, l2");
    }
}
