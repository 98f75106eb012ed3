package io.sparring.pipeline;

/**
 * Keys {@code objective.*} of a run: what is minimised.
 *
 * @param name objective
 * @param lambda weight of the perception term
 */
public record ObjectiveSettings(String name, float lambda) {

    public ObjectiveSettings {
        Setting.atLeast("objective.lambda", lambda, 0);
    }
}
