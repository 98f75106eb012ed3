package io.sparring.benchmarks;

import io.sparring.learning.Precision;

/**
 * What one turn measures.
 *
 * @param batch  images in a training step
 * @param steps  that are timed
 * @param warmUp steps before those
 * @param judged whether what the network makes of the perturbed images is computed too, one forward pass more: an attacker of a
 *     run publishes it, the yardstick does not ask
 */
record StepPlan(StepNetwork network, Precision precision, Arrangement arrangement, int batch, int steps, int warmUp,
        boolean judged) {
}
