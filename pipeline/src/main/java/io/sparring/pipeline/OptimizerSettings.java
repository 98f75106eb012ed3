package io.sparring.pipeline;

import java.util.List;

/**
 * Keys {@code optimizer.*} of a run: stochastic gradient descent with momentum and the learning rate's schedule.
 *
 * @param momentum share of the velocity that is kept
 * @param weightDecay times the weights, added to the gradient
 * @param learningRate base learning rate
 * @param warmUp batches over which it rises to its value
 * @param schedule constant, cosine or piecewise
 * @param milestones batch numbers at which {@code piecewise} multiplies the learning rate, ascending
 * @param factor what it multiplies by
 * @param notFinite what a step does that makes the loss or a weight NaN or infinite: stop or refuse
 */
public record OptimizerSettings(float momentum, float weightDecay, float learningRate, long warmUp, String schedule,
        List<Long> milestones, float factor, String notFinite) {

    public OptimizerSettings {
        Setting.between("optimizer.momentum", momentum, 0, 1);
        Setting.atLeast("optimizer.weightDecay", weightDecay, 0);
        Setting.atLeast("optimizer.learningRate", learningRate, 0);
        Setting.atLeast("optimizer.warmUp", warmUp, 0);
        Setting.oneOf("optimizer.schedule", schedule, List.of("constant", "cosine", "piecewise"));
        Setting.require(milestones.isEmpty() != schedule.equals("piecewise"), "optimizer.milestones", milestones,
                "one or more where optimizer.schedule is piecewise, else none");
        Setting.require(milestones.equals(milestones.stream().distinct().sorted().toList()), "optimizer.milestones", milestones,
                "ascending batch numbers");
        Setting.between("optimizer.factor", factor, 0, 1);
        Setting.oneOf("optimizer.notFinite", notFinite, List.of("stop", "refuse"));
        milestones = List.copyOf(milestones);
    }
}
