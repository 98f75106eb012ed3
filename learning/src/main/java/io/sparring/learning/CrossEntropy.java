package io.sparring.learning;

import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;

/** Softmax cross entropy, and what goes with it. */
final class CrossEntropy {

    private CrossEntropy() {
    }

    /** Labels (N) as rows of zeros and a one (N x classes): the sparse form of the loss has no gradient in C++. */
    static Operand<TFloat32> targets(Ops tf, Operand<TInt32> labels, int classes) {
        return tf.oneHot(labels, tf.constant(classes), tf.constant(1f), tf.constant(0f));
    }

    /** The loss of each image, N. */
    static Operand<TFloat32> each(Ops tf, Operand<TFloat32> logits, Operand<TFloat32> targets) {
        return tf.nn.softmaxCrossEntropyWithLogits(logits, targets).loss();
    }

    /** The batch's mean, a scalar. */
    static Operand<TFloat32> mean(Ops tf, Operand<TFloat32> logits, Operand<TFloat32> targets) {
        return tf.math.mean(each(tf, logits, targets), tf.constant(0));
    }

    /** The class with the largest logit, N. */
    static Operand<TInt32> predicted(Ops tf, Operand<TFloat32> logits) {
        return tf.math.argMax(logits, tf.constant(1), TInt32.class);
    }

    /** How many images are classified as labelled, a scalar. */
    static Operand<TFloat32> correct(Ops tf, Operand<TFloat32> logits, Operand<TInt32> labels) {
        Operand<TFloat32> hits = tf.dtypes.cast(tf.math.equal(predicted(tf, logits), labels), TFloat32.class);
        return tf.reduceSum(hits, tf.constant(0));
    }
}
