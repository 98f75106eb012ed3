package io.sparring.learning;

import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/** One layer of a network, or several in a row: what variables it has, and what it makes of its input. */
public interface Layer {

    /** The layer's variables, in the order in which they are drawn and stored. */
    default List<Variable> variables() {
        return List.of();
    }

    /** Adds the layer to a graph; called once for every forward pass. */
    Operand<TFloat32> apply(Ops tf, SignatureWeights weights, Operand<TFloat32> input);
}
