package io.sparring.learning;

import org.tensorflow.Operand;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.VarHandleOp;
import org.tensorflow.types.TFloat32;

/** Adds to a graph what {@link OptimizerSpecification} says. */
record MomentumDescent(OptimizerSpecification specification) {

    /**
     * Updates one variable and its momentum.
     *
     * @param value        the variable as it was read
     * @param gradient     of the loss, the same shape
     * @param learningRate a scalar
     */
    Op update(Ops tf, VarHandleOp variable, VarHandleOp momentum, Operand<TFloat32> value,
            Operand<TFloat32> gradient, Operand<TFloat32> learningRate) {
        Operand<TFloat32> decayed = specification.weightDecay() == 0
                ? gradient
                : tf.math.add(gradient, tf.math.mul(value, tf.constant(specification.weightDecay())));
        return tf.train.resourceApplyMomentum(
                variable, momentum, learningRate, decayed, tf.constant(specification.momentum()));
    }
}
