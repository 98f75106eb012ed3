package io.sparring.learning;

import java.util.ArrayList;
import java.util.List;

/**
 * ResNet-18 for small images (He et al., arXiv 1512.03385, in the form that the literature uses for CIFAR): a stem 3 x 3 with
 * stride 1, four stages of two basic blocks with 1, 2, 4 and 8 times the width and strides 1, 2, 2, 2, global average
 * pooling, a dense layer. Width 64 is the usual one: 11 173 962 trainable weights for three channels and ten classes.
 */
final class ResNet18 {

    private static final int STAGES = 4;
    private static final int BLOCKS = 2;

    private ResNet18() {
    }

    static Network network(Geometry geometry, NetworkSpecification specification) {
        int width = specification.width();
        List<Layer> layers = new ArrayList<>();
        layers.add(new NormalizedConvolution(
                new Convolution("stem/conv", 3, geometry.channels(), width, false),
                new BatchNormalization("stem/bn", width)));
        layers.add(new Rectifier());
        int inputs = width;
        for (int stage = 0; stage < STAGES; stage++) {
            int outputs = width << stage;
            for (int block = 0; block < BLOCKS; block++) {
                int stride = stage > 0 && block == 0 ? 2 : 1;
                layers.add(BasicBlock.block("stage" + (stage + 1) + "/block" + (block + 1), inputs, outputs, stride));
                inputs = outputs;
            }
        }
        layers.add(new GlobalAveragePooling());
        layers.add(new Dense("head", inputs, geometry.classes()));
        return new Network(layers);
    }
}
