package io.sparring.learning;

import java.util.ArrayList;
import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/**
 * A convolution with stride 1 that keeps height and width (PyTorch's padding of (size - 1) / 2 for odd sizes).
 *
 * @param name   prefix of its variables {@code kernel} (HWIO) and {@code bias}
 * @param size   of the square kernel, odd
 * @param bias   whether there is one; not before batch normalisation, which would subtract it again
 */
record Convolution(String name, int size, int inputs, int outputs, boolean bias) implements Layer {

    private static final List<Long> STRIDES = List.of(1L, 1L, 1L, 1L);

    @Override
    public List<Variable> variables() {
        int fanIn = size * size * inputs;
        List<Variable> variables = new ArrayList<>();
        variables.add(new Variable(kernelName(), Shape.of(size, size, inputs, outputs), true,
                InitialValue.Uniform.standard(fanIn)));
        if (bias) {
            variables.add(new Variable(biasName(), Shape.of(outputs), true, InitialValue.Uniform.standard(fanIn)));
        }
        return variables;
    }

    @Override
    public Operand<TFloat32> apply(Ops tf, SignatureWeights weights, Operand<TFloat32> input) {
        Operand<TFloat32> output = convolve(tf, input, weights.value(kernelName()));
        return bias ? tf.nn.biasAdd(output, weights.value(biasName())) : output;
    }

    /** The convolution with another kernel of the same shape, and without the bias. */
    Operand<TFloat32> convolve(Ops tf, Operand<TFloat32> input, Operand<TFloat32> kernel) {
        return tf.nn.conv2d(input, kernel, STRIDES, "SAME");
    }

    String kernelName() {
        return name + "/kernel";
    }

    private String biasName() {
        return name + "/bias";
    }
}
