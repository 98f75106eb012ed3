package io.sparring.learning;

import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/** The weights that training starts from. */
public final class InitialWeights {

    private InitialWeights() {
    }

    /**
     * Draws them as PyTorch does by default: kernels and biases uniform within 1 / sqrt(fan in), batch normalisation's scale
     * and variance 1, its offset and mean 0; those of a WideResNet as its published code does. A function of specification and
     * seed alone, on every machine.
     *
     * @return sorted by name, as {@link ModelProgram#weights} gives them
     */
    public static Tensors draw(ProgramSpecification specification, long seed) {
        Random random = new Random(seed);
        Map<String, Variable> variables = new TreeMap<>();
        Map<String, float[]> values = new HashMap<>();
        for (Variable variable : NetworkRegistry.network(specification.geometry(), specification.network()).variables()) {
            variables.put(variable.name(), variable);
            values.put(variable.name(), variable.initialValue().draw(random, variable.count()));
        }
        Tensors.Builder weights = Tensors.builder();
        variables.forEach((name, variable) -> weights.put(name, variable.dimensions(), values.get(name)));
        return weights.build();
    }
}
