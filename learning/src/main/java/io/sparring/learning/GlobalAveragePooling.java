package io.sparring.learning;

import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/** The mean of each channel over height and width: N x H x W x C to N x C. */
public record GlobalAveragePooling() implements Layer {

    @Override
    public Operand<TFloat32> apply(Ops tf, SignatureWeights weights, Operand<TFloat32> input) {
        return tf.math.mean(input, tf.constant(new int[] {1, 2}));
    }
}
