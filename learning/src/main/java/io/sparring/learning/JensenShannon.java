package io.sparring.learning;

import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/**
 * The Jensen-Shannon divergence between softened predictions, as the published code has it ({@code _jensen_shannon_div} in
 * {@code training/__init__.py}): ½ KL(p || m) + ½ KL(q || m), where p and q are the softmax of logits / T and m = ½ (p + q).
 *
 * @param temperature T, above 0
 */
record JensenShannon(float temperature) {

    private static final float SMALLEST = 1e-8f;

    /** The mean divergence between the first half of a batch of logits and the second, a scalar. */
    Operand<TFloat32> ofHalves(Ops tf, Operand<TFloat32> logits) {
        List<Operand<TFloat32>> views = List.copyOf(tf.split(tf.constant(0),
                tf.math.div(logits, tf.constant(temperature)), 2L).output());
        Operand<TFloat32> half = tf.constant(0.5f);
        Operand<TFloat32> mean = tf.math.mul(half,
                tf.math.add(tf.nn.softmax(views.get(0)), tf.nn.softmax(views.get(1))));
        Operand<TFloat32> logarithm = tf.math.log(tf.math.maximum(mean, tf.constant(SMALLEST)));
        Operand<TFloat32> divergence = tf.math.add(
                divergence(tf, views.get(0), logarithm), divergence(tf, views.get(1), logarithm));
        return tf.math.mul(half, tf.math.mean(divergence, tf.constant(0)));
    }

    private static Operand<TFloat32> divergence(Ops tf, Operand<TFloat32> logits, Operand<TFloat32> logarithm) {
        return tf.reduceSum(tf.math.mul(tf.nn.softmax(logits),
                tf.math.sub(tf.nn.logSoftmax(logits), logarithm)), tf.constant(1));
    }
}
