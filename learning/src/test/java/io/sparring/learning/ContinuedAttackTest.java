package io.sparring.learning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ContinuedAttackTest {

    private static final int COUNT = 8;
    private static final int FIRST = 3;
    private static final int FURTHER = 2;
    private static final float[] IMAGES = TinyProgram.images(new Random(1), COUNT);
    private static final int[] LABELS = TinyProgram.labels(new Random(2), COUNT);

    private static ModelProgram program;

    @BeforeAll
    static void load() {
        program = TinyProgram.load(specification(List.of(
                attack("ce", FIRST, AttackLoss.CROSS_ENTROPY, AttackNorm.LINF),
                attack("ce", FIRST, AttackLoss.CROSS_ENTROPY, AttackNorm.LINF).continued(FURTHER),
                attack("ce-whole", FIRST + FURTHER, AttackLoss.CROSS_ENTROPY, AttackNorm.LINF),
                attack("kl", FIRST, AttackLoss.KL, AttackNorm.LINF),
                attack("kl", FIRST, AttackLoss.KL, AttackNorm.LINF).continued(FURTHER),
                attack("kl-whole", FIRST + FURTHER, AttackLoss.KL, AttackNorm.LINF),
                attack("l2", FIRST, AttackLoss.CROSS_ENTROPY, AttackNorm.L2),
                attack("l2", FIRST, AttackLoss.CROSS_ENTROPY, AttackNorm.L2).continued(FURTHER),
                attack("l2-whole", FIRST + FURTHER, AttackLoss.CROSS_ENTROPY, AttackNorm.L2))));
    }

    @AfterAll
    static void close() {
        program.close();
    }

    /** Three steps and then two are the five that the same attack takes at once. */
    @ParameterizedTest
    @CsvSource({"ce, 0.1, 0.03", "kl, 0.1, 0.03", "l2, 1, 0.4"})
    void goesOnAsTheAttackItselfWould(String attack, float epsilon, float stepSize) {
        AttackResult first = program.attack(attack, IMAGES, LABELS, 5, epsilon, stepSize);
        AttackResult further = program.continueAttack(attack, IMAGES, first.perturbed(), LABELS, epsilon, stepSize);
        AttackResult whole = program.attack(attack + "-whole", IMAGES, LABELS, 5, epsilon, stepSize);

        assertThat(further.perturbed()).usingComparatorWithPrecision(1e-6f).containsExactly(whole.perturbed());
        assertThat(further.lossBefore()).usingComparatorWithPrecision(1e-5f).containsExactly(first.lossAfter());
        assertThat(further.lossAfter()).usingComparatorWithPrecision(1e-5f).containsExactly(whole.lossAfter());
        assertThat(further.predictedAfter()).isEqualTo(whole.predictedAfter());
        assertThat(further.perturbed()).isNotEqualTo(first.perturbed());
        assertThat(program.continueAttack(attack, IMAGES, first.perturbed(), LABELS, epsilon, stepSize).perturbed())
                .as("nothing is drawn").isEqualTo(further.perturbed());
        assertThat(program.perturbFurther(attack, IMAGES, first.perturbed(), LABELS, epsilon, stepSize))
                .as("with no more computed than that").isEqualTo(further.perturbed());
    }

    /** By hand, with the gradients that the program gives. */
    @Test
    void stepsAlongTheSignOfTheGradientThere() {
        float epsilon = 0.1f;
        float stepSize = 0.03f;
        float[] start = program.attack("ce", IMAGES, LABELS, 5, epsilon, stepSize).perturbed();
        float[] moved = start.clone();
        for (int step = 0; step < FURTHER; step++) {
            float[] gradient = program.gradient(GradientLoss.CROSS_ENTROPY, moved, LABELS, LABELS).gradient();
            for (int i = 0; i < moved.length; i++) {
                float further = moved[i] + stepSize * Math.signum(gradient[i]);
                moved[i] = Math.min(Math.max(further, Math.max(IMAGES[i] - epsilon, 0)), Math.min(IMAGES[i] + epsilon, 1));
            }
        }

        assertThat(program.continueAttack("ce", IMAGES, start, LABELS, epsilon, stepSize).perturbed())
                .usingComparatorWithPrecision(1e-6f).containsExactly(moved);
    }

    @Test
    void isNoAttackThatStartsByItself() {
        assertThat(program.attacks()).containsExactly("ce", "ce-whole", "kl", "kl-whole", "l2", "l2-whole");
        assertThat(program.continues("kl")).isTrue();
        assertThat(program.continues("kl-whole")).isFalse();
        assertThat(attack("kl", 1, AttackLoss.KL, AttackNorm.LINF).continued(1).randomStart()).isFalse();
        assertThatCode(() -> program.requireTrainable(Set.of("ce", "l2-whole"))).doesNotThrowAnyException();
        assertThatIllegalArgumentException().isThrownBy(() ->
                program.continueAttack("kl-whole", IMAGES, IMAGES, LABELS, 0.1f, 0.1f))
                .withMessageStartingWith("the model has no signature 'continue-kl-whole'; it has: ");
        assertThatIllegalArgumentException().isThrownBy(() -> specification(List.of(
                attack("kl", 1, AttackLoss.KL, AttackNorm.LINF).continued(1),
                attack("kl", 1, AttackLoss.KL, AttackNorm.LINF).continued(2)))).withMessageStartingWith("attacks.name: 'kl'");
    }

    @Test
    void refusesAStartThatIsNoImage() {
        float[] start = IMAGES.clone();
        start[3] = 1.5f;
        assertThatIllegalArgumentException().isThrownBy(() ->
                program.continueAttack("ce", IMAGES, start, LABELS, 0.1f, 0.1f)).withMessage("perturbed: 1.5 is not in [0,1]");
    }

    private static AttackSpecification attack(String name, int steps, AttackLoss loss, AttackNorm norm) {
        return new AttackSpecification(name, steps, loss == AttackLoss.KL ? AttackStart.NORMAL : AttackStart.UNIFORM, loss, norm);
    }

    private static ProgramSpecification specification(List<AttackSpecification> attacks) {
        ProgramSpecification tiny = TinyProgram.specification("pgd-at", true);
        return new ProgramSpecification(tiny.geometry(), tiny.network(), tiny.objective(), tiny.optimizer(), attacks);
    }
}
