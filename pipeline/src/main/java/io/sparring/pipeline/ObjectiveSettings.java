package io.sparring.pipeline;

/**
 * Keys {@code objective.*} of a run: what is minimised.
 *
 * @param name objective
 * @param lambda weight of the perception term
 * @param beta weight of the divergence term
 * @param interpolation share of the clean image in what the perception term looks at
 */
public record ObjectiveSettings(String name, float lambda, float beta, float interpolation) {

    public ObjectiveSettings {
        Setting.atLeast("objective.lambda", lambda, 0);
        Setting.atLeast("objective.beta", beta, 0);
        Setting.between("objective.interpolation", interpolation, 0, 1);
    }
}
