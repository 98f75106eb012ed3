package io.sparring.learning;

import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;

/** Picks classes by their logits, without the sorting that TensorFlow's C++ gradients do not know. */
final class LargestLogit {

    private static final float FAR_BELOW = 1e30f;

    private LargestLogit() {
    }

    /**
     * The class with the largest logit among those not excluded, one-hot (N x classes), a constant to gradients.
     *
     * @param excluded 1 for each class that does not count, else 0, N x classes
     */
    static Operand<TFloat32> of(Ops tf, Operand<TFloat32> logits, Operand<TFloat32> excluded) {
        Operand<TFloat32> counting = tf.math.sub(logits, tf.math.mul(excluded, tf.constant(FAR_BELOW)));
        Operand<TInt32> largest = CrossEntropy.predicted(tf, counting);
        // One-hot over as many classes as there are logits.
        Operand<TInt32> classes = tf.reshape(
                tf.slice(tf.shape(logits), tf.constant(new int[] {1}), tf.constant(new int[] {1})),
                tf.constant(new int[0]));
        return tf.stopGradient(tf.oneHot(largest, classes, tf.constant(1f), tf.constant(0f)));
    }
}
