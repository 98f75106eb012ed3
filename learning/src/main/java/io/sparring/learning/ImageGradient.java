package io.sparring.learning;

/**
 * What a program says to an attack that lives outside the graph. The arrays are the caller's.
 *
 * @param logits   of each image, a row each
 * @param loss     of each image
 * @param gradient of each image's loss by the image, NHWC
 */
public record ImageGradient(float[][] logits, float[] loss, float[] gradient) {
}
