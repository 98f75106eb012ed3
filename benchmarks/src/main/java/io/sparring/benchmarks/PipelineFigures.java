package io.sparring.benchmarks;

import java.util.Map;

/**
 * What a pipeline in steady state does.
 *
 * @param imagesPerSecond     trained on
 * @param processorSeconds    an image, all processes together
 * @param byProcess           likewise, of each
 * @param cleanBytes          an image in the log, which is what is sent and fetched of it
 * @param adversarialBytes    likewise
 * @param latencyMillis       from the producer's making of a batch to its training step, by quantile
 * @param craftedMillis       from the end of its crafting to its training step, by quantile
 * @param staleness           in steps, by quantile
 */
record PipelineFigures(double imagesPerSecond, double processorSeconds, Map<String, Double> byProcess, double cleanBytes,
        double adversarialBytes, Map<String, Double> latencyMillis, Map<String, Double> craftedMillis,
        Map<String, Double> staleness) {
}
