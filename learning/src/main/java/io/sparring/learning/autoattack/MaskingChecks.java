package io.sparring.learning.autoattack;

import io.sparring.learning.AttackNorm;
import io.sparring.learning.Geometry;
import io.sparring.learning.GradientLoss;
import io.sparring.learning.DifferentiableModel;
import io.sparring.learning.Setting;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Whether a robust accuracy is what it seems, or gradients are masked: the signs that Athalye, Carlini and Wagner (arXiv
 * 1802.00420, section 3.1) and Carlini et al. (arXiv 1902.06705) name. PGD is to be no weaker than one step, chance or a black
 * box, not to gain by more steps, and to leave nothing standing in a ball that holds a grey image.
 *
 * @param iterations of the PGD that is looked at, with steps of ε/4 from a random start
 */
public record MaskingChecks(AttackNorm norm, float epsilon, int iterations, long seed) {

    /** Where a part finds more than this share of the images, which those before it missed, something is wrong. */
    static final double TOLERANCE = 0.01;

    private static final int MORE = 5;
    private static final int DRAWS = 20;
    private static final int QUERIES = 1000;
    private static final String ONE_STEP = "one-step";
    private static final String NOISE = "noise";
    private static final String MORE_STEPS = "more-steps";
    private static final double GREY = 0.5;

    /** @throws IllegalArgumentException naming what is out of range */
    public MaskingChecks {
        Setting.require(epsilon > 0 && epsilon < Float.POSITIVE_INFINITY, "epsilon", epsilon, "a finite number above 0");
        Setting.require(iterations >= 1 && iterations <= 10_000, "iterations", iterations, "1 to 10000");
    }

    /** PGD, and then on what it leaves standing what should find nothing more. */
    public AttackSuite weaker() {
        List<AttackStep> steps = new ArrayList<>(pgd(epsilon).steps());
        Norm ball = Norm.of(norm);
        steps.add(new RestartedPgd(ONE_STEP, 1, ball, epsilon, epsilon, 1, false, seed));
        steps.add(new RandomNoise(NOISE, ball, epsilon, DRAWS, seed));
        steps.add(new RestartedPgd(MORE_STEPS, 1, ball, epsilon, epsilon / 4, MORE * iterations, true, seed));
        return new AttackSuite(steps);
    }

    /** PGD in larger balls, by their ε: twice and four times as large, and one that holds a grey image, which has no class. */
    public Map<Float, AttackSuite> larger(Geometry geometry) {
        float all = (float) (norm == AttackNorm.LINF ? GREY : GREY * Math.sqrt(geometry.imageSize()));
        Map<Float, AttackSuite> suites = new LinkedHashMap<>();
        for (float radius : new float[] {2 * epsilon, 4 * epsilon, all}) {
            if (radius <= all) {
                suites.put(radius, pgd(radius));
            }
        }
        return suites;
    }

    /** Gradients, and then a black box: AutoAttack with fewer queries. Only for who has not run AutoAttack itself. */
    public AttackSuite blackBox(int classes) {
        AutoAttackSettings few = new AutoAttackSettings(norm, epsilon, seed, 100, 1, 9, QUERIES);
        AttackSuite whole = AttackSuite.autoAttack(few, classes);
        return new AttackSuite(whole.steps().stream().filter(step -> !step.part().equals(AttackSuite.FAB_T)
                || !whole.parts().contains(AttackSuite.APGD_T)).toList());
    }

    private AttackSuite pgd(float radius) {
        return AttackSuite.pgd(norm, radius, radius / 4, iterations, 1, true, seed);
    }

    /** @param states with which {@link #weaker} is done */
    public List<MaskingFinding> judgeWeaker(List<ImageState> states) {
        String pgd = "PGD-" + iterations;
        int count = states.size();
        return List.of(
                finding(ONE_STEP, fooled(states, ONE_STEP), count, "a single step fools %d of %d images that " + pgd + " does not",
                        "one step finds what many do not where the loss is not smooth: " + pgd + " is too weak here"),
                finding("random-noise", fooled(states, NOISE), count, DRAWS + " random changes fool %d of %d images that " + pgd
                        + " does not", "chance finds what gradients do not: they do not lead to what fools the model"),
                finding(MORE_STEPS, fooled(states, MORE_STEPS), count, MORE * iterations + " steps fool %d of %d images that "
                        + pgd + " does not", pgd + " has not converged: its robust accuracy is too high"));
    }

    /** @param statesByEpsilon with which each of {@link #larger} is done */
    public List<MaskingFinding> judgeLarger(int standing, Map<Float, List<ImageState>> statesByEpsilon) {
        List<MaskingFinding> findings = new ArrayList<>();
        if (statesByEpsilon.isEmpty()) {
            return findings;
        }
        StringBuilder seen = new StringBuilder("PGD-" + iterations + " leaves standing " + standing + " images at epsilon "
                + number(epsilon));
        int before = standing;
        boolean rises = false;
        int count = 0;
        for (Map.Entry<Float, List<ImageState>> larger : statesByEpsilon.entrySet()) {
            count = larger.getValue().size();
            int left = (int) larger.getValue().stream().filter(state -> state.fooledBy().isEmpty()).count();
            rises |= left - before > TOLERANCE * count;
            seen.append(", ").append(left).append(" at ").append(number(larger.getKey()));
            before = left;
        }
        findings.add(new MaskingFinding("larger-epsilon", rises, seen + " of " + count,
                "a larger ball holds the smaller one: who stands there but not here was not attacked well"));
        findings.add(new MaskingFinding("unbounded", before > TOLERANCE * count, before + " of " + count
                + " images stand in a ball that holds a grey image",
                "without bounds an attack that works fools everything: gradients do not lead to what fools the model"));
        return findings;
    }

    /** @param states with which AutoAttack, or {@link #blackBox}, is done: Square comes last */
    public MaskingFinding judgeBlackBox(List<ImageState> states) {
        return finding("black-box", fooled(states, AttackSuite.SQUARE), states.size(),
                "Square, which sees logits alone, fools %d of %d images that gradients do not",
                "gradients miss what a search without them finds: they are masked");
    }

    /** What the model itself gives away, on images as they are. */
    public List<MaskingFinding> look(DifferentiableModel program, ImageBatch images) {
        float[][] first = program.predict(images.images(), images.size());
        float[][] second = program.predict(images.images(), images.size());
        int differ = 0;
        int probabilities = 0;
        for (int row = 0; row < first.length; row++) {
            differ += Arrays.equals(first[row], second[row]) ? 0 : 1;
            probabilities += areProbabilities(first[row]) ? 1 : 0;
        }
        List<MaskingFinding> findings = new ArrayList<>();
        findings.add(finding("repeatable", differ, images.size(), "the logits of %d of %d images differ when asked twice",
                "a model that draws at random needs attacks on its expectation: these are too weak for it"));
        findings.add(finding("logits", probabilities, images.size(), "%d of %d images have probabilities for logits",
                "behind a softmax gradients vanish: give the logits before it"));
        if (program.gives(GradientLoss.CROSS_ENTROPY)) {
            float[] gradient = program.gradient(GradientLoss.CROSS_ENTROPY, images.images(), images.labels(), images.labels())
                    .gradient();
            int zeros = 0;
            for (int row = 0; row < images.size(); row++) {
                zeros += Norm.LINF.length(gradient, row * images.imageSize(), images.imageSize()) == 0 ? 1 : 0;
            }
            findings.add(finding("zero-gradients", zeros, images.size(), "the gradient of %d of %d images is zero",
                    "no gradient leads away from there: only Square, and the random starts, attack these"));
        }
        return findings;
    }

    private static boolean areProbabilities(float[] logits) {
        double sum = 0;
        for (float value : logits) {
            if (value < 0 || value > 1) {
                return false;
            }
            sum += value;
        }
        return Math.abs(sum - 1) < 1e-3;
    }

    private static MaskingFinding finding(String check, int found, int count, String seen, String meaning) {
        return new MaskingFinding(check, found > TOLERANCE * count, String.format(Locale.ROOT, seen, found, count), meaning);
    }

    private static int fooled(List<ImageState> states, String part) {
        return (int) states.stream().filter(state -> state.fooledBy().filter(part::equals).isPresent()).count();
    }

    private static String number(float value) {
        return String.format(Locale.ROOT, "%.4g", value);
    }
}
