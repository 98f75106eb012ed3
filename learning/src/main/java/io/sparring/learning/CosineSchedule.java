package io.sparring.learning;

/**
 * A learning rate that falls along half a cosine to 0 (Loshchilov and Hutter, arXiv 1608.03983, without restarts).
 *
 * @param rate    at the start, at least 0
 * @param batches how many batches the fall takes, warm-up included; from then on the rate is 0
 * @param warmUp  over how many batches the rate first rises in equal steps; 0 is none, fewer than {@code batches}
 */
public record CosineSchedule(float rate, long batches, long warmUp) implements LearningRateSchedule {

    /** @throws IllegalArgumentException naming the key that is not allowed */
    public CosineSchedule {
        Setting.require(rate >= 0 && Float.isFinite(rate), "learningRate.rate", rate, "at least 0");
        Setting.require(batches >= 1, "learningRate.batches", batches, "at least 1");
        Setting.require(warmUp >= 0 && warmUp < batches,
                "learningRate.warmUp", warmUp, "at least 0, fewer than learningRate.batches: " + batches);
    }

    @Override
    public float at(long batchNumber) {
        if (batchNumber < warmUp) {
            return rate * new LinearWarmUp(warmUp).factor(batchNumber);
        }
        double progress = Math.min(1, (double) (batchNumber - warmUp) / (batches - warmUp));
        return (float) (rate * 0.5 * (1 + Math.cos(Math.PI * progress)));
    }
}
