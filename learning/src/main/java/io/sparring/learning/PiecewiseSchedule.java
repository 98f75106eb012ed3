package io.sparring.learning;

import java.util.List;

/**
 * A learning rate that is multiplied by a factor at each boundary.
 *
 * @param rate       before the first boundary, at least 0
 * @param boundaries the batch numbers from which on it is multiplied once more, rising
 * @param factor     at least 0, at most 1
 * @param warmUp     over how many batches the rate first rises in equal steps; 0 is none
 */
public record PiecewiseSchedule(float rate, List<Long> boundaries, float factor, long warmUp)
        implements LearningRateSchedule {

    /** @throws IllegalArgumentException naming the key that is not allowed */
    public PiecewiseSchedule {
        boundaries = List.copyOf(boundaries);
        Setting.require(rate >= 0 && Float.isFinite(rate), "learningRate.rate", rate, "at least 0");
        Setting.require(factor >= 0 && factor <= 1, "learningRate.factor", factor, "0 to 1");
        Setting.require(warmUp >= 0, "learningRate.warmUp", warmUp, "at least 0 batches");
        for (int i = 0; i < boundaries.size(); i++) {
            Setting.require(boundaries.get(i) > (i == 0 ? 0 : boundaries.get(i - 1)),
                    "learningRate.boundaries", boundaries, "rising batch numbers above 0");
        }
    }

    @Override
    public float at(long batchNumber) {
        long passed = boundaries.stream().filter(boundary -> batchNumber >= boundary).count();
        return (float) (rate * Math.pow(factor, passed)) * new LinearWarmUp(warmUp).factor(batchNumber);
    }
}
