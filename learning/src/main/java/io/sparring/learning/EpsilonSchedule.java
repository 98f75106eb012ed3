package io.sparring.learning;

/**
 * The radius of the ball that training attacks within, rising in equal steps over the first batches: a network that has not
 * learned anything yet may stay on a plateau under the full one.
 *
 * @param epsilon in the end, at least 0, finite
 * @param warmUp  over how many batches it rises; 0 is not at all
 */
public record EpsilonSchedule(float epsilon, long warmUp) {

    /** @throws IllegalArgumentException naming the key that is not allowed */
    public EpsilonSchedule {
        ImageCheck.rate("epsilon", epsilon);
        Setting.require(warmUp >= 0, "epsilon.warmUp", warmUp, "at least 0 batches");
    }

    /** @param batchNumber from 0 */
    public float at(long batchNumber) {
        return epsilon * new LinearWarmUp(warmUp).factor(batchNumber);
    }
}
