package io.sparring.learning;

import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/**
 * A fully connected layer.
 *
 * @param name prefix of its variables {@code kernel} (IN x OUT) and {@code bias}
 */
public record Dense(String name, int inputs, int outputs) implements Layer {

    @Override
    public List<Variable> variables() {
        return List.of(
                new Variable(name + "/kernel", Shape.of(inputs, outputs), true, InitialValue.Uniform.standard(inputs)),
                new Variable(name + "/bias", Shape.of(outputs), true, InitialValue.Uniform.standard(inputs)));
    }

    @Override
    public Operand<TFloat32> apply(Ops tf, SignatureWeights weights, Operand<TFloat32> input) {
        return tf.nn.biasAdd(tf.linalg.matMul(input, weights.value(name + "/kernel")), weights.value(name + "/bias"));
    }
}
