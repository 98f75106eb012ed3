package io.sparring.learning;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;

/** Brings images into TensorFlow. */
final class ImageTensor {

    private ImageTensor() {
    }

    /** @param imageShape of a signature's input: -1, height, width, channels */
    static NDArray of(NDManager scope, float[] images, int count, int[] imageShape) {
        return scope.create(images, new Shape(count, imageShape[1], imageShape[2], imageShape[3]));
    }
}
