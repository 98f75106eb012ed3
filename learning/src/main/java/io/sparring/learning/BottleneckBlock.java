package io.sparring.learning;

import java.util.List;

/**
 * The bottleneck residual block (He et al., arXiv 1512.03385, figure 5 right): convolutions 1 x 1, 3 x 3 and 1 x 1 with batch
 * normalisation, the last with four times the channels, ReLU between them and behind the sum. The published code has it as
 * {@code Bottleneck} in {@code models/resnet.py}, with the stride in the middle.
 */
final class BottleneckBlock {

    static final int EXPANSION = 4;

    private BottleneckBlock() {
    }

    static Layer block(String name, int inputs, int outputs, int stride) {
        int narrow = outputs / EXPANSION;
        Layer path = new Network(List.of(
                BasicBlock.convolution(name, "1", 1, inputs, narrow, 1),
                new Rectifier(),
                BasicBlock.convolution(name, "2", 3, narrow, narrow, stride),
                new Rectifier(),
                BasicBlock.convolution(name, "3", 1, narrow, outputs, 1)));
        return new Network(List.of(
                new Residual(path, BasicBlock.shortcut(name, inputs, outputs, stride)), new Rectifier()));
    }
}
