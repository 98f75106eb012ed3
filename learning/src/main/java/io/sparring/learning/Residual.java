package io.sparring.learning;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/**
 * Adds what a path makes of the input to the input (He et al., arXiv 1512.03385, equation 1).
 *
 * @param shortcut what brings the input to the path's shape; empty: it has that already
 */
public record Residual(Layer path, Optional<Layer> shortcut) implements Layer {

    @Override
    public List<Variable> variables() {
        return Stream.concat(Stream.of(path), shortcut.stream())
                .flatMap(layer -> layer.variables().stream()).toList();
    }

    @Override
    public Operand<TFloat32> apply(Ops tf, SignatureWeights weights, Operand<TFloat32> input) {
        Operand<TFloat32> past = shortcut.isEmpty() ? input : shortcut.get().apply(tf, weights, input);
        return tf.math.add(path.apply(tf, weights, input), past);
    }
}
