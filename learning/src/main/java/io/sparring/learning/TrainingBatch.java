package io.sparring.learning;

import org.tensorflow.Operand;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;

/**
 * What an objective is computed on, within the graph.
 *
 * @param clean     x, N x H x W x C
 * @param perturbed x', the same shape
 * @param labels    y, N
 * @param targets   y one-hot, N x classes
 * @param lambda    the weight of the objective's further terms, a scalar
 */
record TrainingBatch(Operand<TFloat32> clean, Operand<TFloat32> perturbed, Operand<TInt32> labels,
        Operand<TFloat32> targets, Operand<TFloat32> lambda) {
}
