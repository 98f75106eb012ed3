package io.sparring.learning;

import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/** Makes one row of each image, in H, W, C order. */
public record Flattening(int size) implements Layer {

    @Override
    public Operand<TFloat32> apply(Ops tf, SignatureWeights weights, Operand<TFloat32> input) {
        return tf.reshape(input, tf.constant(new int[] {-1, size}));
    }
}
