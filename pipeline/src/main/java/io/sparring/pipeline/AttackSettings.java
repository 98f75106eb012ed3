package io.sparring.pipeline;

import java.util.List;

/**
 * Keys {@code attack.*} of a run: how training batches are crafted.
 *
 * @param name pgd, or fgsm: one step of the whole radius from the image itself (Goodfellow et al., arXiv 1412.6572)
 * @param norm linf or l2: what makes the ball, in training and in evaluation
 * @param epsilon radius of the ball, units of 1.0 = 255
 * @param stepSize length of a step, same unit
 * @param steps number of steps
 * @param epsilonWarmUp batches over which epsilon rises to its value
 */
public record AttackSettings(String name, String norm, float epsilon, float stepSize, int steps, long epsilonWarmUp) {

    /** Name of this attack in the model program and on the wire. */
    public static final String NAME = "training";

    /** Largest change of a value by a byte of 1/255, rounded. */
    private static final double LARGEST_ON_THE_WIRE = 0.5;
    /** As long as the diagonal of a million values. */
    private static final double LONGEST = 1000;

    private static final String FAST_GRADIENT = "fgsm";

    public AttackSettings {
        Setting.oneOf("attack.name", name, List.of("pgd", FAST_GRADIENT));
        Setting.oneOf("attack.norm", norm, List.of("linf", "l2"));
        Setting.between("attack.epsilon", epsilon, 0, norm.equals("linf") ? LARGEST_ON_THE_WIRE : LONGEST);
        Setting.between("attack.stepSize", stepSize, 0, longest(norm));
        Setting.between("attack.steps", steps, 1, 1000);
        Setting.require(steps == 1 || !name.equals(FAST_GRADIENT), "attack.steps", steps, "1 where attack.name is fgsm");
        Setting.atLeast("attack.epsilonWarmUp", epsilonWarmUp, 0);
    }

    /** Whether it is a single step from the image itself. */
    public boolean fastGradient() {
        return name.equals(FAST_GRADIENT);
    }

    /** Length of a step within a ball of that radius. */
    public float stepWithin(float radius) {
        return fastGradient() ? radius : stepSize;
    }

    /** The longest change that makes sense for images of values in [0,1]. */
    double longest() {
        return longest(norm);
    }

    private static double longest(String norm) {
        return norm.equals("linf") ? 1 : LONGEST;
    }
}
