package io.sparring.learning.autoattack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.sparring.learning.AttackNorm;
import io.sparring.learning.Geometry;
import io.sparring.learning.GradientLoss;
import io.sparring.learning.DifferentiableModel;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** On models of two values, whose gradients tell the truth or do not. */
class MaskingChecksTest {

    private static final Geometry PAIR = new Geometry(1, 2, 1, 2);
    private static final FakeModel.Model HONEST =
            honest(new FakeModel.Linear(new float[][] {{0, 0}, {3, 4}}, new float[] {0, -4.2f}));
    private static final int COUNT = 20;

    @ParameterizedTest
    @EnumSource
    void findsNothingWhereGradientsLeadToTheBoundary(AttackNorm norm) {
        MaskingChecks checks = new MaskingChecks(norm, 0.05f, 20, 1);
        assertThat(suspicious(checks, program(HONEST))).isEmpty();
    }

    @Test
    void seesThatGradientsLeadAway() {
        MaskingChecks checks = new MaskingChecks(AttackNorm.LINF, 0.12f, 20, 1);
        FakeModel.Model reversed = gradient(HONEST, slope -> -slope);
        assertThat(suspicious(checks, program(reversed))).contains("black-box", "unbounded").doesNotContain("zero-gradients");
    }

    @Test
    void seesThatThereAreNone() {
        MaskingChecks checks = new MaskingChecks(AttackNorm.LINF, 0.12f, 20, 1);
        assertThat(suspicious(checks, program(gradient(HONEST, slope -> 0f))))
                .contains("zero-gradients", "black-box", "unbounded", "random-noise");
    }

    @Test
    void seesProbabilities() {
        FakeModel.Model softmax = new FakeModel.Model() {
            @Override
            public float[] logits(float[] image) {
                float second = (float) (1 / (1 + Math.exp(-HONEST.logits(image)[1])));
                return new float[] {1 - second, second};
            }

            @Override
            public float[] loss(GradientLoss loss, float[] image, int label, int target) {
                return HONEST.loss(loss, image, label, target);
            }
        };
        assertThat(suspicious(new MaskingChecks(AttackNorm.LINF, 0.05f, 20, 1), program(softmax))).containsExactly("logits");
    }

    @Test
    void seesThatAnswersDiffer() {
        int[] asked = new int[1];
        FakeModel.Model moody = new FakeModel.Model() {
            @Override
            public float[] logits(float[] image) {
                float[] logits = HONEST.logits(image);
                logits[0] += asked[0]++ % 7 * 1e-4f;
                return logits;
            }

            @Override
            public float[] loss(GradientLoss loss, float[] image, int label, int target) {
                return HONEST.loss(loss, image, label, target);
            }
        };
        assertThat(suspicious(new MaskingChecks(AttackNorm.LINF, 0.05f, 20, 1), program(moody))).contains("repeatable");
    }

    @Test
    void looksAtLargerBallsUpToThatOfAGreyImage() {
        Geometry images = new Geometry(4, 4, 1, 10);
        assertThat(new MaskingChecks(AttackNorm.LINF, 0.1f, 20, 0).larger(images).keySet()).containsExactly(0.2f, 0.4f, 0.5f);
        assertThat(new MaskingChecks(AttackNorm.L2, 0.75f, 20, 0).larger(images).keySet()).containsExactly(1.5f, 2f);
        assertThat(new MaskingChecks(AttackNorm.LINF, 0.1f, 20, 0).judgeLarger(3, Map.of())).isEmpty();
        assertThat(new MaskingChecks(AttackNorm.LINF, 0.1f, 20, 0).blackBox(10).parts())
                .containsExactly("clean", "apgd-ce", "apgd-t", "square");
        assertThat(new MaskingChecks(AttackNorm.LINF, 0.1f, 20, 0).blackBox(3).parts())
                .containsExactly("clean", "apgd-ce", "fab-t", "square");
        assertThatIllegalArgumentException().isThrownBy(() -> new MaskingChecks(AttackNorm.LINF, 0, 20, 0))
                .withMessageContaining("epsilon");
    }

    private static List<String> suspicious(MaskingChecks checks, DifferentiableModel program) {
        ImageBatch images = images();
        List<ImageState> weaker = checks.weaker().attack(program, images);
        int standing = checks.weaker().standing(weaker).get("pgd20");
        Map<Float, List<ImageState>> larger = new LinkedHashMap<>();
        checks.larger(PAIR).forEach((radius, suite) -> larger.put(radius, suite.attack(program, images)));
        List<MaskingFinding> findings = new ArrayList<>(checks.look(program, images));
        findings.addAll(checks.judgeWeaker(weaker));
        findings.addAll(checks.judgeLarger(standing, larger));
        findings.add(checks.judgeBlackBox(checks.blackBox(2).attack(program, images)));
        assertThat(findings).extracting(MaskingFinding::check).containsExactlyInAnyOrder("repeatable", "logits", "zero-gradients",
                "one-step", "random-noise", "more-steps", "larger-epsilon", "unbounded", "black-box");
        return findings.stream().filter(MaskingFinding::suspicious).map(MaskingFinding::check).collect(Collectors.toList());
    }

    private static FakeModel program(FakeModel.Model model) {
        return new FakeModel(PAIR, model, GradientLoss.CROSS_ENTROPY, GradientLoss.DIFFERENCE);
    }

    /** Images of class 0, of which some are nearer to the boundary than others. */
    private static ImageBatch images() {
        long[] indices = new long[COUNT];
        float[] images = new float[2 * COUNT];
        for (int i = 0; i < COUNT; i++) {
            indices[i] = i;
            images[2 * i] = 0.5f - 0.01f * i;
            images[2 * i + 1] = 0.5f;
        }
        return new ImageBatch(indices, images, new int[COUNT]);
    }

    /** Of two classes: the difference of the logits as it is, and the cross entropy that it makes. */
    private static FakeModel.Model honest(FakeModel.Linear linear) {
        return new FakeModel.Model() {
            @Override
            public float[] logits(float[] image) {
                return linear.logits(image);
            }

            @Override
            public float[] loss(GradientLoss loss, float[] image, int label, int target) {
                if (loss != GradientLoss.CROSS_ENTROPY) {
                    return linear.loss(loss, image, label, target);
                }
                float[] result = linear.loss(loss, image, label, 1 - label);
                double odds = Math.exp(result[0]);
                for (int i = 1; i < result.length; i++) {
                    result[i] *= (float) (odds / (1 + odds));
                }
                result[0] = (float) Math.log1p(odds);
                return result;
            }
        };
    }

    private static FakeModel.Model gradient(FakeModel.Model honest, Function<Float, Float> change) {
        return new FakeModel.Model() {
            @Override
            public float[] logits(float[] image) {
                return honest.logits(image);
            }

            @Override
            public float[] loss(GradientLoss loss, float[] image, int label, int target) {
                float[] result = honest.loss(loss, image, label, target);
                for (int i = 1; i < result.length; i++) {
                    result[i] = change.apply(result[i]);
                }
                return result;
            }
        };
    }
}
