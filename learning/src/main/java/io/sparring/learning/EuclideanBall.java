package io.sparring.learning;

import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.ReduceSum;
import org.tensorflow.types.TFloat32;

/**
 * The ball of the L2 norm, each image by itself, as TRADES and the published code have it ({@code adv_lib/trades.py}): a step
 * goes along the gradient divided by its length; what is then too far from the clean image is drawn towards it until the
 * change is ε long, and cut to [0,1] last, which brings it only closer.
 */
record EuclideanBall(AttackBatch batch) implements Ball {

    /** Added to a gradient's length, which may be zero. */
    private static final float TINY = 1e-8f;

    @Override
    public Operand<TFloat32> place(Ops tf, Operand<TFloat32> unit) {
        return project(tf, unit);
    }

    @Override
    public Operand<TFloat32> move(Ops tf, Operand<TFloat32> images, Operand<TFloat32> gradient) {
        Operand<TFloat32> direction = tf.math.div(gradient,
                tf.math.add(length(tf, gradient), tf.constant(TINY)));
        return tf.math.add(images, tf.math.mul(batch.stepSize(), direction));
    }

    @Override
    public Operand<TFloat32> project(Ops tf, Operand<TFloat32> images) {
        Operand<TFloat32> change = tf.math.sub(images, batch.clean());
        // A change shorter than ε is divided by ε and so stays, unless ε is 0.
        Operand<TFloat32> radius = tf.math.maximum(batch.epsilon(), tf.constant(Float.MIN_NORMAL));
        Operand<TFloat32> share = tf.math.div(batch.epsilon(), tf.math.maximum(length(tf, change), radius));
        return withinRange(tf, tf.math.add(batch.clean(), tf.math.mul(change, share)));
    }

    private static Operand<TFloat32> withinRange(Ops tf, Operand<TFloat32> images) {
        return tf.math.minimum(tf.math.maximum(images, tf.constant(0f)), tf.constant(1f));
    }

    /** Of each image, N x 1 x 1 x 1. */
    private static Operand<TFloat32> length(Ops tf, Operand<TFloat32> images) {
        return tf.math.sqrt(tf.reduceSum(
                tf.math.square(images), tf.constant(new int[] {1, 2, 3}), ReduceSum.keepDims(true)));
    }
}
