package io.sparring.cli;

/**
 * Accuracy of one update on the held-out images.
 *
 * @param step batches applied to its weights
 * @param clean share of unperturbed images classified rightly, [0, 1]
 * @param pgd20 the same under the run's evaluation attack, by default PGD with 20 steps
 */
record MeasuredVersion(long step, double clean, double pgd20) {
}
