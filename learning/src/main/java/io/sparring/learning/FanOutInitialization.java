package io.sparring.learning;

import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/**
 * Layers whose first weights are those of {@code networks/wideresnet.py} in {@code RPAT_SOTAs}: convolution kernels normal with
 * the variance 2 / (size² · outputs), which is PyTorch's {@code kaiming_normal_} in the mode {@code fan_out}, biases zero, all
 * else as it was.
 */
record FanOutInitialization(Layer layers) implements Layer {

    @Override
    public List<Variable> variables() {
        return layers.variables().stream().map(FanOutInitialization::initialized).toList();
    }

    private static Variable initialized(Variable variable) {
        if (variable.shape().numDimensions() == 4) {
            int fanOut = variable.count() / Math.toIntExact(variable.shape().get(2));
            return with(variable, InitialValue.Normal.he(fanOut));
        }
        return variable.name().endsWith("/bias") ? with(variable, new InitialValue.Constant(0)) : variable;
    }

    private static Variable with(Variable variable, InitialValue value) {
        return new Variable(variable.name(), variable.shape(), variable.trainable(), value);
    }

    @Override
    public Operand<TFloat32> apply(Ops tf, SignatureWeights weights, Operand<TFloat32> input) {
        return layers.apply(tf, weights, input);
    }
}
