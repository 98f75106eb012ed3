package io.sparring.learning;

import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/** A way of perturbing images so that a network errs. */
interface Attack {

    /**
     * Adds the attack to the graph.
     *
     * @param network in evaluation mode
     */
    Crafted craft(Ops tf, Classifier network, AttackBatch batch);

    /**
     * What an attack gives.
     *
     * @param perturbed  x', N x H x W x C, within the ball and [0,1]
     * @param lossBefore the attack's loss where it starts, N
     * @param lossAfter  the attack's loss of x', N
     * @param logits     f(x'), N x classes
     */
    record Crafted(Operand<TFloat32> perturbed, Operand<TFloat32> lossBefore, Operand<TFloat32> lossAfter,
            Operand<TFloat32> logits) {
    }
}
