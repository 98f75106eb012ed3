package io.sparring.learning;

/**
 * Stochastic gradient descent with momentum as PyTorch has it: v = momentum · v + (g + weightDecay · w), w -= rate · v,
 * with the weight decay on every trainable parameter. The learning rate is given with each step.
 *
 * @param momentum    0 up to but not including 1
 * @param weightDecay 0 to 1
 */
public record OptimizerSpecification(float momentum, float weightDecay) {

    /** @throws IllegalArgumentException naming the key that is out of range */
    public OptimizerSpecification {
        Setting.require(momentum >= 0 && momentum < 1, "optimizer.momentum", momentum, "at least 0, less than 1");
        Setting.require(weightDecay >= 0 && weightDecay <= 1, "optimizer.weightDecay", weightDecay, "0 to 1");
    }
}
