package io.sparring.learning;

import java.util.OptionalInt;

/**
 * What a training step found, before it moved the weights.
 *
 * @param total            what was minimised
 * @param crossEntropy     the objective's cross entropy, a mean over the batch: of the clean images for TRADES, boosted for
 *                         MART, of the perturbed images else
 * @param perception       RPAT's term before it is multiplied by λ; 0 for objectives without it
 * @param correctPerturbed how many perturbed images were classified as labelled (batch normalisation in train mode), in all
 *                         views
 * @param correctClean     how many clean images were; empty when the objective does not look at them
 * @param robustness       the divergence of TRADES and MART before it is multiplied by β, of Consistency-AT before it is
 *                         multiplied by λ; 0 for objectives without it
 */
public record TrainingLosses(
        float total, float crossEntropy, float perception, int correctPerturbed, OptionalInt correctClean,
        float robustness) {

    /** Whether no term is infinite or not a number. */
    public boolean allFinite() {
        return Float.isFinite(total) && Float.isFinite(crossEntropy) && Float.isFinite(perception)
                && Float.isFinite(robustness);
    }
}
