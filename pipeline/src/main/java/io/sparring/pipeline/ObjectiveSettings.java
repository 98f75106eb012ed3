package io.sparring.pipeline;

/**
 * Keys {@code objective.*} of a run: what is minimised. What the names mean is known to the module that trains.
 *
 * @param name objective
 * @param lambda weight of the perception term, and of Consistency-AT's divergence
 * @param beta weight of TRADES' and MART's divergence
 * @param interpolation share of the clean image in what the perception term looks at
 * @param temperature softens the predictions that Consistency-AT compares
 * @param averaging share of the averaged weights that each step keeps
 * @param averagingFromEpoch first epoch with averaging; before it the average is the weights
 */
public record ObjectiveSettings(String name, float lambda, float beta, float interpolation, float temperature, float averaging,
        long averagingFromEpoch) {

    public ObjectiveSettings {
        Setting.atLeast("objective.lambda", lambda, 0);
        Setting.atLeast("objective.beta", beta, 0);
        Setting.between("objective.interpolation", interpolation, 0, 1);
        Setting.between("objective.temperature", temperature, 0, 100);
        Setting.between("objective.averaging", averaging, 0, 1);
        Setting.atLeast("objective.averagingFromEpoch", averagingFromEpoch, 0);
    }

    /** How many augmented views of each image a training batch has, 1 or 2. */
    public int views() {
        return name.startsWith("consistency") ? 2 : 1;
    }
}
