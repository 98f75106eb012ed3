package io.sparring.learning;

/**
 * The numbers that may differ from step to step. What an objective has no use for it ignores.
 *
 * @param learningRate at least 0
 * @param lambda       the weight of the robust perception term, and of Consistency-AT's divergence; at least 0
 * @param beta         the weight of TRADES' and MART's divergence; at least 0
 * @param averaging    how much of the averaged weights each step keeps, 0 to 1: 0 makes them the weights
 */
public record TrainingParameters(float learningRate, float lambda, float beta, float averaging) {

    /** TRADES' and MART's. */
    public static final float BETA = 6;
    /** ReBAT's, once it averages. */
    public static final float AVERAGING = 0.999f;

    /** @throws IllegalArgumentException naming the number that is not allowed */
    public TrainingParameters {
        ImageCheck.rate("learningRate", learningRate);
        ImageCheck.rate("lambda", lambda);
        ImageCheck.rate("beta", beta);
        Setting.require(averaging >= 0 && averaging <= 1, "averaging", averaging, "0 to 1");
    }

    /** With the papers' β and averaging. */
    public TrainingParameters(float learningRate, float lambda) {
        this(learningRate, lambda, BETA, AVERAGING);
    }
}
