package io.sparring.learning;

import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/** The largest value of each square of that size; what does not fill a square is dropped, as PyTorch does. */
public record MaximumPooling(int size) implements Layer {

    @Override
    public Operand<TFloat32> apply(Ops tf, SignatureWeights weights, Operand<TFloat32> input) {
        long[] window = {1, size, size, 1};
        // "MaxPool" rather than the MaxPoolV2 that tf.nn would build: oneDNN knows only the former, and is much faster.
        return tf.scope().opBuilder("MaxPool", "MaxPool")
                .addInput(input.asOutput())
                .setAttr("ksize", window)
                .setAttr("strides", window)
                .setAttr("padding", "VALID")
                .build()
                .<TFloat32>output(0);
    }
}
