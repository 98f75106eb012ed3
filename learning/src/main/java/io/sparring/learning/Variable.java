package io.sparring.learning;

import org.tensorflow.ndarray.Shape;

/**
 * One variable of a network.
 *
 * @param name      unique within the network, such as {@code conv1/kernel}
 * @param shape     convolution kernels are HWIO, dense kernels IN x OUT
 * @param trainable whether the optimizer moves it; if not, it is a moving statistic of batch normalisation
 */
public record Variable(String name, Shape shape, boolean trainable, InitialValue initialValue) {

    int count() {
        return Math.toIntExact(shape.size());
    }

    int[] dimensions() {
        int[] dimensions = new int[shape.numDimensions()];
        for (int i = 0; i < dimensions.length; i++) {
            dimensions[i] = Math.toIntExact(shape.get(i));
        }
        return dimensions;
    }
}
