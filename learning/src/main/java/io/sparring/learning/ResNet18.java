package io.sparring.learning;

import java.util.ArrayList;
import java.util.List;

/**
 * ResNet-18 for small images (He et al., arXiv 1512.03385, in the form that the literature uses for CIFAR): a stem 3 x 3 with
 * stride 1, four stages of two blocks with 1, 2, 4 and 8 times the width and strides 1, 2, 2, 2, global average pooling, a dense
 * layer. Width 64 is the usual one.
 *
 * <p>With basic blocks that is 11 173 962 trainable weights for three channels and ten classes. The published code's {@code
 * resnet18} ({@code models/resnet.py}) has bottleneck blocks instead, and 13 958 986.
 */
final class ResNet18 {

    private static final int STAGES = 4;
    private static final int BLOCKS = 2;

    private ResNet18() {
    }

    static Network basic(Geometry geometry, NetworkSpecification specification) {
        int width = specification.width();
        return network(geometry, width, new ResidualStages(STAGES, BLOCKS, width, width), BasicBlock::block);
    }

    static Network bottleneck(Geometry geometry, NetworkSpecification specification) {
        int width = specification.width();
        return network(geometry, width,
                new ResidualStages(STAGES, BLOCKS, width, width * BottleneckBlock.EXPANSION), BottleneckBlock::block);
    }

    private static Network network(Geometry geometry, int width, ResidualStages stages, ResidualStages.Block block) {
        List<Layer> layers = new ArrayList<>();
        layers.add(new NormalizedConvolution(
                new Convolution("stem/conv", 3, geometry.channels(), width, false),
                new BatchNormalization("stem/bn", width)));
        layers.add(new Rectifier());
        layers.addAll(stages.layers(block));
        layers.add(new GlobalAveragePooling());
        layers.add(new Dense("head", stages.last(), geometry.classes()));
        return new Network(layers);
    }
}
