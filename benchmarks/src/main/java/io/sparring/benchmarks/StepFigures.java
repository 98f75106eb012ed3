package io.sparring.benchmarks;

/**
 * How fast one turn went, in images a second.
 *
 * @param attack crafting alone
 * @param train  the training step alone, in the midst of the others
 * @param step   crafting and training together: what a run makes of them
 * @param processorSeconds of this process for an image of the timed steps; 0 if not known
 */
record StepFigures(double attack, double train, double step, double processorSeconds) {
}
