package io.sparring.benchmarks;

/**
 * Predicts how many batches a second N attackers make, from constants that few of them show.
 *
 * <p>An attacker makes one batch in the time of crafting and that of its transaction: r = 1 / (c + o). In a consumer group each
 * has a whole number of the M partitions and the trainer takes the batches in order, so the one with most partitions sets the
 * pace: M r / ⌈M / N⌉, and with N &gt; M as with M. In a share group, N r. Either is bounded by what does not grow with N:
 * the trainer, one thread, 1 / t; the producer, one thread, 1 / p; and where all runs on one machine the cores, C / u.
 *
 * @param craftingSeconds  c, what an attack on a batch takes
 * @param overheadSeconds  o, from one attack to the next
 * @param trainerSeconds   t, processor time of the trainer for a batch
 * @param producerSeconds  p, likewise of the producer
 * @param processorSeconds u, processor time of all processes on the machine for a batch
 * @param cores            C, of the machine that all runs on; infinite where every process has its own
 */
record ScaleModel(double craftingSeconds, double overheadSeconds, double trainerSeconds, double producerSeconds,
        double processorSeconds, double cores) {

    /** What bounds a prediction. */
    enum Bound { ATTACKERS, PARTITIONS, TRAINER, PRODUCER, PROCESSOR }

    /**
     * A prediction.
     *
     * @param batchesPerSecond of the whole run
     * @param bound            what would have to grow for more
     */
    record Prediction(double batchesPerSecond, Bound bound) {
    }

    /** @param queue whether a share group hands out the batches, rather than a consumer group the partitions */
    Prediction predict(int attackers, int partitions, boolean queue) {
        double each = 1 / (craftingSeconds + overheadSeconds);
        double crafted = queue ? attackers * each
                : partitions * each / Math.ceil(partitions / (double) Math.min(attackers, partitions));
        Prediction least = new Prediction(crafted, queue || attackers <= partitions ? Bound.ATTACKERS : Bound.PARTITIONS);
        least = least(least, 1 / trainerSeconds, Bound.TRAINER);
        least = least(least, 1 / producerSeconds, Bound.PRODUCER);
        return least(least, cores / processorSeconds, Bound.PROCESSOR);
    }

    private static Prediction least(Prediction before, double limit, Bound bound) {
        return limit < before.batchesPerSecond() ? new Prediction(limit, bound) : before;
    }
}
