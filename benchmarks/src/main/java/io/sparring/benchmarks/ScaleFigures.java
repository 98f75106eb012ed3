package io.sparring.benchmarks;

import java.util.Map;

/**
 * What so many attackers do.
 *
 * @param trainedPerSecond  different batches that were crafted, all of them checked and joined by the trainer
 * @param craftedMillis     from the end of a batch's crafting to its outcome, by quantile
 * @param fairness          Jain's index of the batches that each attacker made: 1 where all made as many, 1 / N where one all
 * @param processorSeconds  of each process for a batch
 * @param joinPauseSeconds  the longest time between two outcomes after one more attacker has joined; null if not tried
 * @param killPauseSeconds  likewise after it was killed
 * @param notTrained        outcomes that were not TRAINED
 */
record ScaleFigures(double trainedPerSecond, Map<String, Double> craftedMillis, double fairness,
        Map<String, Double> processorSeconds, Double joinPauseSeconds, Double killPauseSeconds, long notTrained) {

    /** Of all processes together, for a batch. */
    double allProcessorSeconds() {
        return processorSeconds.values().stream().mapToDouble(Double::doubleValue).sum();
    }
}
