package io.sparring.pipeline;

/**
 * Keys {@code evaluation.*} of a run: how updates are measured.
 *
 * @param epsilon radius of the ball, whose norm is {@code attack.norm}, units of 1.0 = 255
 * @param stepSize length of a step, same unit
 * @param steps number of steps
 * @param every batches between two measured updates
 */
public record EvaluationSettings(float epsilon, float stepSize, int steps, int every) {

    /** Name of this attack in the model program. */
    public static final String NAME = "evaluation";

    public EvaluationSettings {
        Setting.atLeast("evaluation.epsilon", epsilon, 0);
        Setting.atLeast("evaluation.stepSize", stepSize, 0);
        Setting.between("evaluation.steps", steps, 1, 1000);
        Setting.atLeast("evaluation.every", every, 1);
    }

    /** Name of this attack in reports, for example pgd-20. */
    public String reportName() {
        return "pgd-" + steps;
    }
}
