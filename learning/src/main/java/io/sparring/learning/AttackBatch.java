package io.sparring.learning;

import org.tensorflow.Operand;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt64;

/**
 * What an attack is given, within the graph.
 *
 * @param clean    x, N x H x W x C
 * @param targets  the labels one-hot, N x classes
 * @param seed     of everything random, a scalar
 * @param epsilon  the ball's radius in units of [0,1], a scalar
 * @param stepSize of one step in units of [0,1], a scalar
 */
record AttackBatch(Operand<TFloat32> clean, Operand<TFloat32> targets, Operand<TInt64> seed,
        Operand<TFloat32> epsilon, Operand<TFloat32> stepSize) {
}
