package io.sparring.learning;

import org.tensorflow.Operand;
import org.tensorflow.types.TFloat32;

/** A network with its weights: each call adds one forward pass to the graph. */
@FunctionalInterface
interface Classifier {

    /**
     * @param images N x H x W x C, in [0,1]
     * @return N x classes
     */
    Operand<TFloat32> logits(Operand<TFloat32> images);
}
