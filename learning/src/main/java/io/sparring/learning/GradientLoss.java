package io.sparring.learning;

import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/**
 * The losses whose gradients a program gives to attacks that live outside the graph, each image's by itself. The DLR losses are
 * AutoAttack's (Croce and Hein, arXiv 2003.01690, equations 6 and 7; its code adds the small constant): z are the logits, z(1)
 * the largest of them, z(2) the second largest and so on, y is the label and t the target class.
 */
public enum GradientLoss {

    /** CE(z, y). */
    CROSS_ENTROPY("cross-entropy", 2) {
        @Override
        Operand<TFloat32> each(Ops tf, Operand<TFloat32> logits, Operand<TFloat32> labels, Operand<TFloat32> targets) {
            return CrossEntropy.each(tf, logits, labels);
        }
    },

    /** -(z_y - max of z_i with i ≠ y) / (z(1) - z(3) + 1e-12). */
    DLR("dlr", 3) {
        @Override
        Operand<TFloat32> each(Ops tf, Operand<TFloat32> logits, Operand<TFloat32> labels, Operand<TFloat32> targets) {
            Operand<TFloat32> rival = LargestLogit.of(tf, logits, labels);
            RankedLogits ranked = RankedLogits.of(tf, logits, 3);
            return ratio(tf, logits, rival, labels, tf.math.sub(ranked.value(0), ranked.value(2)));
        }
    },

    /** -(z_y - z_t) / (z(1) - ½ (z(3) + z(4)) + 1e-12). */
    DLR_TARGETED("dlr-targeted", 4) {
        @Override
        Operand<TFloat32> each(Ops tf, Operand<TFloat32> logits, Operand<TFloat32> labels, Operand<TFloat32> targets) {
            RankedLogits ranked = RankedLogits.of(tf, logits, 4);
            Operand<TFloat32> lower = tf.math.mul(
                    tf.constant(0.5f), tf.math.add(ranked.value(2), ranked.value(3)));
            return ratio(tf, logits, targets, labels, tf.math.sub(ranked.value(0), lower));
        }
    },

    /** z_t - z_y: what targeted FAB takes for how far the boundary is. Programs of old lack it. */
    DIFFERENCE("difference", 2) {
        @Override
        Operand<TFloat32> each(Ops tf, Operand<TFloat32> logits, Operand<TFloat32> labels, Operand<TFloat32> targets) {
            return apart(tf, logits, targets, labels);
        }
    };

    private static final float TINY = 1e-12f;

    private final String key;
    private final int fewestClasses;

    GradientLoss(String key, int fewestClasses) {
        this.key = key;
        this.fewestClasses = fewestClasses;
    }

    /** What its signature is called, behind {@code gradient-}. */
    public String key() {
        return key;
    }

    /** With fewer classes the loss does not exist, nor its signature. */
    int fewestClasses() {
        return fewestClasses;
    }

    /**
     * The loss of each image, N.
     *
     * @param labels  one-hot, N x classes
     * @param targets the target classes one-hot, N x classes
     */
    abstract Operand<TFloat32> each(
            Ops tf, Operand<TFloat32> logits, Operand<TFloat32> labels, Operand<TFloat32> targets);

    /** How far one class is above another, in units of a spread. */
    private static Operand<TFloat32> ratio(Ops tf, Operand<TFloat32> logits, Operand<TFloat32> above,
            Operand<TFloat32> below, Operand<TFloat32> spread) {
        return tf.math.div(apart(tf, logits, above, below), tf.math.add(spread, tf.constant(TINY)));
    }

    private static Operand<TFloat32> apart(Ops tf, Operand<TFloat32> logits, Operand<TFloat32> above, Operand<TFloat32> below) {
        return tf.reduceSum(tf.math.mul(logits, tf.math.sub(above, below)), tf.constant(1));
    }
}
