package io.sparring.learning;

import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/** The Kullback-Leibler divergence between what two rows of logits say: KL(p || q) = sum of p (log p - log q). */
final class KullbackLeibler {

    private KullbackLeibler() {
    }

    /**
     * The divergence of each image, N; gradients flow through both.
     *
     * @param from logits of p, N x classes
     * @param to   logits of q, the same shape
     */
    static Operand<TFloat32> each(Ops tf, Operand<TFloat32> from, Operand<TFloat32> to) {
        Operand<TFloat32> apart = tf.math.sub(tf.nn.logSoftmax(from), tf.nn.logSoftmax(to));
        return tf.reduceSum(tf.math.mul(tf.nn.softmax(from), apart), tf.constant(1));
    }

    /** The batch's mean, a scalar. */
    static Operand<TFloat32> mean(Ops tf, Operand<TFloat32> from, Operand<TFloat32> to) {
        return tf.math.mean(each(tf, from, to), tf.constant(0));
    }
}
