package io.sparring.pipeline;

/**
 * Keys {@code attack.*} of a run: how training batches are crafted.
 *
 * @param epsilon radius of the L-infinity ball, units of 1.0 = 255
 * @param stepSize length of a step, same unit
 * @param steps number of steps
 * @param epsilonWarmUp batches over which epsilon rises to its value
 */
public record AttackSettings(float epsilon, float stepSize, int steps, long epsilonWarmUp) {

    /** Name of this attack in the model program and on the wire. */
    public static final String NAME = "training";

    public AttackSettings {
        Setting.between("attack.epsilon", epsilon, 0, 0.5);
        Setting.between("attack.stepSize", stepSize, 0, 1);
        Setting.between("attack.steps", steps, 1, 1000);
        Setting.atLeast("attack.epsilonWarmUp", epsilonWarmUp, 0);
    }
}
