package io.sparring.learning;

/**
 * One augmented view of a batch. The arrays stay the caller's.
 *
 * @param clean     the images, NHWC in [0,1]
 * @param perturbed what an attack made of them
 */
public record TrainingView(float[] clean, float[] perturbed) {
}
