package io.sparring.benchmarks;

import io.sparring.learning.Precision;

/**
 * What one turn measures.
 *
 * @param batch  images in a training step
 * @param steps  that are timed
 * @param warmUp steps before those
 */
record StepPlan(StepNetwork network, Precision precision, Arrangement arrangement, int batch, int steps, int warmUp) {
}
