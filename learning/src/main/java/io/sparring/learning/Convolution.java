package io.sparring.learning;

import java.util.ArrayList;
import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.StridedSlice;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;

/**
 * A convolution with PyTorch's padding of (size - 1) / 2 on each side: with stride 1 it keeps height and width, with stride 2
 * it halves them, rounding up.
 *
 * @param name   prefix of its variables {@code kernel} (HWIO) and {@code bias}
 * @param size   of the square kernel, odd
 * @param stride from one place of the kernel to the next, in both directions
 * @param bias   whether there is one; not before batch normalisation, which would subtract it again
 */
public record Convolution(String name, int size, int inputs, int outputs, int stride, boolean bias) implements Layer {

    /** Of a slice's bounds: that of each of the four dimensions is left to its size. */
    private static final long ALL = 0b1111;

    /** One with stride 1. */
    public Convolution(String name, int size, int inputs, int outputs, boolean bias) {
        this(name, size, inputs, outputs, 1, bias);
    }

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
        if (stride == 1) {
            return tf.nn.conv2d(input, kernel, strides(1), "SAME");
        }
        if (size == 1) {
            // oneDNN's own strides give a wrong gradient of such a kernel on processors without AVX512.
            return tf.nn.conv2d(everyOther(tf, input), kernel, strides(1), "SAME");
        }
        // TensorFlow's SAME would pad by 0 before and 1 behind; its EXPLICIT padding has no gradient.
        return tf.nn.conv2d(padded(tf, input), kernel, strides(stride), "VALID");
    }

    /** The pixels that a kernel of one pixel sees. */
    private Operand<TFloat32> everyOther(Ops tf, Operand<TFloat32> input) {
        int[] none = {0, 0, 0, 0};
        return tf.stridedSlice(input, tf.constant(none), tf.constant(none), tf.constant(new int[] {1, stride, stride, 1}),
                StridedSlice.beginMask(ALL), StridedSlice.endMask(ALL));
    }

    private Operand<TFloat32> padded(Ops tf, Operand<TFloat32> input) {
        int margin = (size - 1) / 2;
        Operand<TInt32> margins = tf.constant(new int[][] {{0, 0}, {margin, margin}, {margin, margin}, {0, 0}});
        // "Pad" rather than the PadV2 that tf.pad would build: the two are one operation with the convolution then.
        return tf.scope().opBuilder("Pad", "Pad")
                .addInput(input.asOutput())
                .addInput(margins.asOutput())
                .build()
                .<TFloat32>output(0);
    }

    private static List<Long> strides(long each) {
        return List.of(1L, each, each, 1L);
    }

    String kernelName() {
        return name + "/kernel";
    }

    private String biasName() {
        return name + "/bias";
    }
}
