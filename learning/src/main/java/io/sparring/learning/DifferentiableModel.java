package io.sparring.learning;

/**
 * What attacks outside the graph ask of a model: what it predicts, and gradients by the image. Images and labels, and what is
 * thrown for bad ones, as {@link ModelProgram} has them.
 */
public interface DifferentiableModel {

    /** The images it takes and the classes it tells apart. */
    Geometry geometry();

    /** Whether it has that loss's gradient by the image. */
    boolean gives(GradientLoss loss);

    /** The logits of {@code count} images, a row each, in evaluation mode. */
    float[][] predict(float[] images, int count);

    /**
     * The logits of images, a loss of each and its gradient by the image, in evaluation mode: for attacks that live outside the
     * graph.
     *
     * @param targets a class for each image; only losses with a target look at them
     * @throws IllegalArgumentException also when the loss needs more classes than there are
     */
    ImageGradient gradient(GradientLoss loss, float[] images, int[] labels, int[] targets);
}
