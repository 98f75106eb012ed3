package io.sparring.learning;

import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/**
 * Shifts and scales each channel of the images by constants, inside the network, so that attacks, ε and what goes over the
 * wire stay in [0,1].
 */
record Normalization(List<Float> mean, List<Float> deviation) implements Layer {

    @Override
    public Operand<TFloat32> apply(Ops tf, SignatureWeights weights, Operand<TFloat32> input) {
        float[] shift = new float[mean.size()];
        float[] scale = new float[mean.size()];
        for (int channel = 0; channel < shift.length; channel++) {
            shift[channel] = mean.get(channel);
            scale[channel] = 1 / deviation.get(channel);
        }
        return tf.math.mul(tf.math.sub(input, tf.constant(shift)), tf.constant(scale));
    }
}
