package io.sparring.learning;

import java.util.ArrayList;
import java.util.List;

/**
 * Four convolutions and two dense layers, the small network of the adversarial training literature:
 * conv(width) conv(width) pool conv(2 width) conv(2 width) pool dense(hidden) dense(classes), kernels 3 x 3, ReLU.
 */
final class Cnn4 {

    private static final int KERNEL = 3;
    private static final int POOL = 2;

    private Cnn4() {
    }

    /** @throws IllegalArgumentException when the images are too small to be pooled twice */
    static Network network(Geometry geometry, NetworkSpecification specification) {
        int height = geometry.height() / POOL / POOL;
        int width = geometry.width() / POOL / POOL;
        Setting.require(height > 0 && width > 0, "geometry", geometry, "at least 4 x 4 pixels for cnn4");
        int narrow = specification.width();
        int wide = 2 * narrow;
        List<Layer> layers = new ArrayList<>();
        layers.add(convolution(1, geometry.channels(), narrow, specification.batchNorm()));
        layers.add(new Rectifier());
        layers.add(convolution(2, narrow, narrow, specification.batchNorm()));
        layers.addAll(pooling());
        layers.add(convolution(3, narrow, wide, specification.batchNorm()));
        layers.add(new Rectifier());
        layers.add(convolution(4, wide, wide, specification.batchNorm()));
        layers.addAll(pooling());
        int features = height * width * wide;
        layers.add(new Flattening(features));
        layers.add(new Dense("hidden", features, specification.hidden()));
        layers.add(new Rectifier());
        layers.add(new Dense("head", specification.hidden(), geometry.classes()));
        return new Network(layers);
    }

    private static Layer convolution(int number, int inputs, int outputs, boolean batchNorm) {
        Convolution convolution = new Convolution("conv" + number, KERNEL, inputs, outputs, !batchNorm);
        return batchNorm ? new NormalizedConvolution(convolution, new BatchNormalization("bn" + number, outputs)) : convolution;
    }

    /** The largest value of a square is rectified, which is the largest of the rectified ones, and a quarter of the work. */
    private static List<Layer> pooling() {
        return List.of(new MaximumPooling(POOL), new Rectifier());
    }
}
