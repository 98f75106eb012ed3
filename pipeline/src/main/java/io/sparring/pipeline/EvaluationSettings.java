package io.sparring.pipeline;

import java.util.List;

/**
 * Keys {@code evaluation.*} of a run: how updates are measured.
 *
 * @param epsilon radius of the ball, whose norm is {@code attack.norm}, units of 1.0 = 255
 * @param stepSize length of a step, same unit
 * @param steps number of steps
 * @param every batches between two measured updates
 * @param sliceImages held-out images that every one of them is measured on, the first ones; 0 for all
 * @param suite what some of them are measured with on all held-out images: {@value #NONE} or {@value #AUTO_ATTACK}
 * @param suiteOn which: {@value #EVERY} n-th of them, or the {@value #BEST} on the validation split
 * @param suiteEvery n
 * @param suiteIterations of AutoPGD and FAB
 * @param suiteRestarts runs of each attack with each target
 * @param suiteTargets target classes of the targeted attacks, at most
 * @param suiteQueries of Square
 */
public record EvaluationSettings(float epsilon, float stepSize, int steps, int every, int sliceImages, String suite,
        String suiteOn, int suiteEvery, int suiteIterations, int suiteRestarts, int suiteTargets, int suiteQueries) {

    /** Name of this attack in the model program. */
    public static final String NAME = "evaluation";

    public static final String NONE = "none";
    public static final String AUTO_ATTACK = "autoattack";
    public static final String EVERY = "every";
    public static final String BEST = "best";

    public EvaluationSettings {
        Setting.atLeast("evaluation.epsilon", epsilon, 0);
        Setting.atLeast("evaluation.stepSize", stepSize, 0);
        Setting.between("evaluation.steps", steps, 1, 1000);
        Setting.atLeast("evaluation.every", every, 1);
        Setting.atLeast("evaluation.sliceImages", sliceImages, 0);
        Setting.oneOf("evaluation.suite", suite, List.of(NONE, AUTO_ATTACK));
        Setting.oneOf("evaluation.suiteOn", suiteOn, List.of(EVERY, BEST));
        Setting.atLeast("evaluation.suiteEvery", suiteEvery, 1);
        Setting.between("evaluation.suiteIterations", suiteIterations, 1, 100_000);
        Setting.between("evaluation.suiteRestarts", suiteRestarts, 1, 1000);
        Setting.between("evaluation.suiteTargets", suiteTargets, 1, 1000);
        Setting.between("evaluation.suiteQueries", suiteQueries, 1, 10_000_000);
        Setting.require(suite.equals(NONE) || epsilon > 0, "evaluation.epsilon", epsilon,
                "above 0 where evaluation.suite is " + suite);
    }

    /** Measuring on all held-out images, without a suite. */
    public EvaluationSettings(float epsilon, float stepSize, int steps, int every) {
        this(epsilon, stepSize, steps, every, 0, NONE, EVERY, 10, 100, 1, 9, 5000);
    }

    /** Name of this attack in reports, for example pgd-20. */
    public String reportName() {
        return "pgd-" + steps;
    }

    /** Whether some updates are measured with more than PGD. */
    public boolean hasSuite() {
        return !suite.equals(NONE);
    }

    /** Whether it is the best updates that are. */
    public boolean suiteOnBest() {
        return hasSuite() && suiteOn.equals(BEST);
    }
}
