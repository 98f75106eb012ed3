package io.sparring.learning;

import java.util.List;
import java.util.Optional;

/**
 * The basic residual block (He et al., arXiv 1512.03385, figure 5 left): two convolutions 3 x 3 with batch normalisation,
 * ReLU behind the first and behind the sum. The published code has it as {@code BasicBlock} in {@code models/resnet.py}.
 */
final class BasicBlock {

    private BasicBlock() {
    }

    static Layer block(String name, int inputs, int outputs, int stride) {
        Layer path = new Network(List.of(
                convolution(name, "1", 3, inputs, outputs, stride),
                new Rectifier(),
                convolution(name, "2", 3, outputs, outputs, 1)));
        return new Network(List.of(new Residual(path, shortcut(name, inputs, outputs, stride)), new Rectifier()));
    }

    /** A convolution of a block with its batch normalisation: {@code conv1}, {@code bn1} and so on. */
    static Layer convolution(String block, String number, int size, int inputs, int outputs, int stride) {
        return new NormalizedConvolution(
                new Convolution(block + "/conv" + number, size, inputs, outputs, stride, false),
                new BatchNormalization(block + "/bn" + number, outputs));
    }

    /** A convolution 1 x 1 with batch normalisation where the block changes the shape, else nothing. */
    static Optional<Layer> shortcut(String block, int inputs, int outputs, int stride) {
        return inputs == outputs && stride == 1 ? Optional.empty() : Optional.of(new NormalizedConvolution(
                new Convolution(block + "/shortcut/conv", 1, inputs, outputs, stride, false),
                new BatchNormalization(block + "/shortcut/bn", outputs)));
    }
}
