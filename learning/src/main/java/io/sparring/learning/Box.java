package io.sparring.learning;

import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/** The ball of the L-infinity norm: with [0,1] it is a box, whose edges are computed once. Steps go along the sign. */
record Box(AttackBatch batch, Operand<TFloat32> lowest, Operand<TFloat32> highest) implements Ball {

    static Box around(Ops tf, AttackBatch batch) {
        return new Box(batch,
                tf.math.maximum(tf.math.sub(batch.clean(), batch.epsilon()), tf.constant(0f)),
                tf.math.minimum(tf.math.add(batch.clean(), batch.epsilon()), tf.constant(1f)));
    }

    @Override
    public Operand<TFloat32> place(Ops tf, Operand<TFloat32> unit) {
        Operand<TFloat32> centred = tf.math.sub(tf.math.mul(unit, tf.constant(2f)), tf.constant(1f));
        return project(tf, tf.math.add(batch.clean(), tf.math.mul(centred, batch.epsilon())));
    }

    @Override
    public Operand<TFloat32> move(Ops tf, Operand<TFloat32> images, Operand<TFloat32> gradient) {
        return tf.math.add(images, tf.math.mul(batch.stepSize(), tf.math.sign(gradient)));
    }

    @Override
    public Operand<TFloat32> project(Ops tf, Operand<TFloat32> images) {
        return tf.math.minimum(tf.math.maximum(images, lowest), highest);
    }
}
