package io.sparring.learning;

import java.util.List;
import java.util.stream.Stream;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/**
 * A convolution and the batch normalisation behind it. In evaluation mode, where an attack spends its time, the two are one
 * convolution: its kernel takes up the scale once for all steps of the attack.
 */
public record NormalizedConvolution(Convolution convolution, BatchNormalization normalization) implements Layer {

    @Override
    public List<Variable> variables() {
        return Stream.of(convolution, normalization).flatMap(layer -> layer.variables().stream()).toList();
    }

    @Override
    public Operand<TFloat32> apply(Ops tf, SignatureWeights weights, Operand<TFloat32> input) {
        if (weights.training()) {
            return normalization.apply(tf, weights, convolution.apply(tf, weights, input));
        }
        Operand<TFloat32> kernel = weights.derived(convolution.kernelName() + "/scaled", () ->
                tf.math.mul(weights.value(convolution.kernelName()), normalization.scale(tf, weights)));
        return tf.nn.biasAdd(convolution.convolve(tf, input, kernel), normalization.offset(tf, weights));
    }
}
