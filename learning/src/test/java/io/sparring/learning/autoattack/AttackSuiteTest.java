package io.sparring.learning.autoattack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.sparring.learning.AttackNorm;
import io.sparring.learning.GradientLoss;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class AttackSuiteTest {

    private static final int COUNT = 24;

    private static SmallProgram small;
    private static ImageBatch images;

    @BeforeAll
    static void load() {
        small = SmallProgram.load(5);
        images = small.images(COUNT);
    }

    @AfterAll
    static void close() {
        small.close();
    }

    @Test
    void isTheStandardVersion() {
        AttackSuite suite = AttackSuite.autoAttack(AutoAttackSettings.standard(AttackNorm.LINF, 8 / 255f, 0), 10);
        assertThat(suite.parts()).containsExactly("clean", "apgd-ce", "apgd-t", "fab-t", "square");
        assertThat(suite.steps()).hasSize(1 + 1 + 9 + 9 + 1);
        assertThat(suite.steps().get(1)).isEqualTo(
                new AutoPgd("apgd-ce", 1, Norm.LINF, 8 / 255f, 100, GradientLoss.CROSS_ENTROPY, 0, 0));
        for (int target = 1; target <= 9; target++) {
            assertThat(suite.steps().get(1 + target)).isEqualTo(new AutoPgd(
                    "apgd-t", target, Norm.LINF, 8 / 255f, 100, GradientLoss.DLR_TARGETED, target + 1, 0));
            assertThat(suite.steps().get(10 + target)).isEqualTo(new FastAdaptiveBoundary(
                    "fab-t", target, Norm.LINF, 8 / 255f, 100, target + 1, false, 0));
        }
        assertThat(suite.steps().get(20)).isEqualTo(new Square("square", 1, Norm.LINF, 8 / 255f, 5000, 0));
        assertThat(suite.steps().stream().map(AttackStep::name).distinct()).hasSize(21);
    }

    @Test
    void leavesOutWhatFewClassesDoNotAllow() {
        AutoAttackSettings settings = AutoAttackSettings.standard(AttackNorm.L2, 0.5f, 0);
        assertThat(names(AttackSuite.autoAttack(settings, 4)))
                .containsExactly("clean", "apgd-ce/1", "apgd-t/1", "apgd-t/2", "apgd-t/3", "fab-t/1", "fab-t/2", "fab-t/3",
                        "square/1");
        assertThat(names(AttackSuite.autoAttack(settings, 3)))
                .containsExactly("clean", "apgd-ce/1", "fab-t/1", "fab-t/2", "square/1");
        assertThat(names(AttackSuite.autoAttack(settings, 2))).containsExactly("clean", "apgd-ce/1", "fab-t/1", "square/1");
    }

    private static List<String> names(AttackSuite suite) {
        return suite.steps().stream().map(AttackStep::name).toList();
    }

    @Test
    void runsOnTwoClasses() {
        try (SmallProgram two = SmallProgram.load(2)) {
            AttackSuite suite = AttackSuite.autoAttack(settings(AttackNorm.LINF, 0.3f), 2);
            List<ImageState> states = suite.attack(two.program(), two.images(4));
            assertThat(states).hasSize(4).allMatch(suite::isDone);
        }
    }

    @ParameterizedTest
    @EnumSource
    void staysInTheBallAndIsWrongThere(AttackNorm norm) {
        float epsilon = norm == AttackNorm.LINF ? 0.01f : 0.1f;
        AttackSuite suite = AttackSuite.autoAttack(settings(norm, epsilon), 5);
        for (String part : suite.parts().subList(1, 5)) {
            int[] fooled = new int[1];
            List<ImageState> states = suite.alone(part).attack(small.program(), images, Map.of(), 10, attacked -> {
                for (AttackedImage each : attacked) {
                    assertThat(each.adversarial().isPresent()).isEqualTo(each.state().fooledBy().isPresent());
                    each.adversarial().ifPresent(image -> {
                        int row = (int) each.state().image() - 100;
                        assertThat(Norm.of(norm).distance(image, images.image(row), 0, image.length))
                                .isLessThanOrEqualTo(epsilon + 1e-6);
                        float[] sorted = image.clone();
                        Arrays.sort(sorted);
                        assertThat(sorted[0]).isNotNegative();
                        assertThat(sorted[sorted.length - 1]).isLessThanOrEqualTo(1);
                        assertThat(Logits.largest(small.program().predict(image, 1)[0])).isNotEqualTo(images.labels()[row]);
                        fooled[0]++;
                    });
                }
            });
            assertThat(fooled[0]).as(part).isBetween(1, COUNT - 1);
            assertThat(suite.alone(part).standing(states)).containsEntry("clean", COUNT).containsEntry(part, COUNT - fooled[0]);
        }
    }

    @ParameterizedTest
    @EnumSource
    void doesNotDependOnTheOrderNorOnBatches(AttackNorm norm) {
        AttackSuite suite = AttackSuite.autoAttack(settings(norm, norm == AttackNorm.LINF ? 0.01f : 0.1f), 5);
        for (String part : suite.parts().subList(1, 5)) {
            Map<Long, float[]> first = adversarial(suite.alone(part), images, COUNT);
            int[] reversed = IntStream.range(0, COUNT).map(i -> COUNT - 1 - i).toArray();
            Map<Long, float[]> second = adversarial(suite.alone(part), images.select(reversed), 5);
            assertThat(second.keySet()).as(part).isEqualTo(first.keySet());
            first.forEach((index, image) -> assertThat(second.get(index)).as("%s on %d", part, index)
                    .usingComparatorWithPrecision(1e-4f).containsExactly(image));
        }
    }

    private static Map<Long, float[]> adversarial(AttackSuite suite, ImageBatch batch, int size) {
        Map<Long, float[]> fooling = new HashMap<>();
        suite.attack(small.program(), batch, Map.of(), size, attacked -> attacked.forEach(each ->
                each.adversarial().ifPresent(image -> fooling.put(each.state().image(), image))));
        return fooling;
    }

    /** Killed after any step, and gone on with elsewhere, it repeats nothing and ends the same. */
    @Test
    void goesOnWhereItWas() {
        AttackSuite suite = AttackSuite.autoAttack(settings(AttackNorm.LINF, 0.01f), 5);
        List<ImageState> whole = new ArrayList<>();
        List<ImageState> ends = suite.attack(small.program(), images, Map.of(), 7, attacked -> attacked.forEach(
                each -> whole.add(each.state())));
        assertThat(suite.standing(ends).get("square")).isBetween(1, COUNT - 1);
        for (int killed = 0; killed < whole.size(); killed += 29) {
            Map<Long, ImageState> known = new HashMap<>();
            whole.subList(0, killed).forEach(state -> known.put(state.image(), state));
            List<ImageState> rest = new ArrayList<>();
            assertThat(suite.attack(small.program(), images, known, 7, attacked -> attacked.forEach(
                    each -> rest.add(each.state())))).isEqualTo(ends);
            assertThat(rest).as("after %d", killed).containsExactlyInAnyOrderElementsOf(whole.subList(killed, whole.size()));
        }
    }

    @Test
    void leavesAloneWhatIsMisclassified() {
        int[] labels = images.labels().clone();
        labels[3] = (labels[3] + 1) % 5;
        AttackSuite suite = AttackSuite.pgd(AttackNorm.LINF, 0, 0, 1, 1, false, 0);
        List<ImageState> states = suite.attack(small.program(), new ImageBatch(images.indices(), images.images(), labels));
        assertThat(states.get(3)).isEqualTo(new ImageState(103, 1, Optional.of("clean")));
        assertThat(states.get(4)).as("no ball to find anything in").isEqualTo(new ImageState(104, 2, Optional.empty()));
        assertThat(suite.standing(states)).containsExactly(Map.entry("clean", COUNT - 1), Map.entry("pgd1", COUNT - 1));
    }

    @ParameterizedTest
    @EnumSource
    void triesPgdWithMoreStepsAndStarts(AttackNorm norm) {
        float epsilon = norm == AttackNorm.LINF ? 0.01f : 0.1f;
        int one = standing(AttackSuite.pgd(norm, epsilon, epsilon / 4, 1, 1, false, 1));
        int ten = standing(AttackSuite.pgd(norm, epsilon, epsilon / 4, 10, 1, false, 1));
        int restarted = standing(AttackSuite.pgd(norm, epsilon, epsilon / 4, 10, 4, true, 1));
        int large = standing(AttackSuite.pgd(norm, 40 * epsilon, epsilon, 60, 1, false, 1));
        assertThat(ten).isLessThan(one).isGreaterThan(0);
        assertThat(restarted).isLessThanOrEqualTo(ten + 1);
        assertThat(large).isZero();
    }

    private static int standing(AttackSuite suite) {
        List<ImageState> states = suite.attack(small.program(), images);
        return suite.standing(states).get(suite.parts().get(1));
    }

    @Test
    void refusesWhatMakesNoSense() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> AutoAttackSettings.standard(AttackNorm.L2, 0, 0))
                .withMessage("epsilon: '0.0' is not allowed; allowed: a finite number above 0");
        AttackSuite suite = AttackSuite.autoAttack(settings(AttackNorm.LINF, 0.1f), 5);
        assertThatIllegalArgumentException().isThrownBy(() -> suite.alone("fab"))
                .withMessage("part: 'fab' is not known; allowed: clean, apgd-ce, apgd-t, fab-t, square");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> suite.attack(small.without(GradientLoss.DLR_TARGETED), images))
                .withMessageContaining("dlr-targeted");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> AttackSuite.pgd(AttackNorm.L2, 1, 1, 20, 2, false, 0)).withMessageContaining("restarts");
        assertThatIllegalArgumentException().isThrownBy(() -> new ImageBatch(new long[2], new float[4], new int[1]));
    }

    private static AutoAttackSettings settings(AttackNorm norm, float epsilon) {
        return new AutoAttackSettings(norm, epsilon, 7, 20, 1, 9, 100);
    }
}
