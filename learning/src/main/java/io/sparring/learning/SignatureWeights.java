package io.sparring.learning;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;
import org.tensorflow.Operand;
import org.tensorflow.types.TFloat32;

/**
 * A network's weights as one signature sees them: every variable read once, whatever number of forward passes follow.
 *
 * <p>In train mode each forward pass moves the moving statistics by dataflow, one pass after the other in the order in which
 * they were built; what they end in is written back once. In evaluation mode nothing moves.
 */
public final class SignatureWeights {

    private final Map<String, Operand<TFloat32>> values;
    private final Map<String, Operand<TFloat32>> moved = new LinkedHashMap<>();
    private final Map<String, Operand<TFloat32>> derived = new HashMap<>();
    private final boolean training;

    SignatureWeights(Map<String, Operand<TFloat32>> values, boolean training) {
        this.values = Map.copyOf(values);
        this.training = training;
    }

    /** Whether batch normalisation is in train mode. */
    public boolean training() {
        return training;
    }

    /** The variable's value, after the moves made so far. */
    public Operand<TFloat32> value(String name) {
        Operand<TFloat32> value = moved.getOrDefault(name, values.get(name));
        if (value == null) {
            throw new IllegalStateException("no variable " + name);
        }
        return value;
    }

    void move(String name, Operand<TFloat32> value) {
        moved.put(name, value);
    }

    /** The moving statistics that forward passes have moved, by name. */
    Map<String, Operand<TFloat32>> moved() {
        return moved;
    }

    /** What depends on weights alone, built by the first forward pass and shared by the others. */
    Operand<TFloat32> derived(String name, Supplier<Operand<TFloat32>> built) {
        Operand<TFloat32> operand = derived.get(name);
        if (operand == null) {
            operand = built.get();
            derived.put(name, operand);
        }
        return operand;
    }
}
