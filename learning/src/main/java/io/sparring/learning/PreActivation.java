package io.sparring.learning;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/**
 * The pre-activation residual block (He et al., arXiv 1603.05027, figure 1b): batch normalisation and ReLU come before each
 * convolution 3 x 3, and the sum stays as it is. Where the block changes the shape, a convolution 1 x 1 of the activated input
 * is the shortcut, else the input itself is, as in {@code networks/preactresnet.py} and {@code networks/wideresnet.py} of the
 * published code's {@code RPAT_SOTAs}.
 */
record PreActivation(Layer activation, Layer path, Optional<Layer> shortcut) implements Layer {

    static PreActivation block(String name, int inputs, int outputs, int stride) {
        Layer activation = new Network(List.of(new BatchNormalization(name + "/bn1", inputs), new Rectifier()));
        Layer path = new Network(List.of(
                new NormalizedConvolution(
                        new Convolution(name + "/conv1", 3, inputs, outputs, stride, false),
                        new BatchNormalization(name + "/bn2", outputs)),
                new Rectifier(),
                new Convolution(name + "/conv2", 3, outputs, outputs, false)));
        return new PreActivation(activation, path, inputs == outputs && stride == 1 ? Optional.empty()
                : Optional.of(new Convolution(name + "/shortcut/conv", 1, inputs, outputs, stride, false)));
    }

    @Override
    public List<Variable> variables() {
        return Stream.concat(Stream.of(activation, path), shortcut.stream())
                .flatMap(layer -> layer.variables().stream()).toList();
    }

    @Override
    public Operand<TFloat32> apply(Ops tf, SignatureWeights weights, Operand<TFloat32> input) {
        Operand<TFloat32> activated = activation.apply(tf, weights, input);
        Operand<TFloat32> past = shortcut.isEmpty() ? input : shortcut.get().apply(tf, weights, activated);
        return tf.math.add(path.apply(tf, weights, activated), past);
    }
}
