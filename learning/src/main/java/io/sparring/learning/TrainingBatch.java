package io.sparring.learning;

import org.tensorflow.Operand;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;

/**
 * What an objective is computed on, within the graph. For objectives with two views, all of the first view comes before all of
 * the second.
 *
 * @param clean     x, N x H x W x C
 * @param perturbed x', the same shape
 * @param labels    y, N
 * @param targets   y one-hot, N x classes
 * @param lambda    the weight of the robust perception term, and of consistency, a scalar
 * @param beta      the weight of TRADES' and MART's divergence, a scalar
 * @param averaged  the network with its averaged weights, in train mode; only for objectives that average
 */
record TrainingBatch(Operand<TFloat32> clean, Operand<TFloat32> perturbed, Operand<TInt32> labels,
        Operand<TFloat32> targets, Operand<TFloat32> lambda, Operand<TFloat32> beta, Classifier averaged) {
}
