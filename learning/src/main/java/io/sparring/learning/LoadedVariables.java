package io.sparring.learning;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/** Runs the signatures that {@link VariableSignatures} built. */
final class LoadedVariables {

    private LoadedVariables() {
    }

    static void write(LoadedSignature assign, Tensors tensors) {
        try (NDManager scope = LoadedModel.scope()) {
            Map<String, NDArray> inputs = new HashMap<>();
            for (String name : tensors.names()) {
                long[] shape = Arrays.stream(tensors.shape(name)).asLongStream().toArray();
                inputs.put(name, scope.create(tensors.sharedValues(name), new Shape(shape)));
            }
            assign.run(scope, inputs);
        }
    }

    static Tensors read(LoadedSignature read) {
        try (NDManager scope = LoadedModel.scope()) {
            Map<String, NDArray> values = read.run(scope, Map.of(ProgramSignature.NOTHING, scope.create(0f)));
            Tensors.Builder tensors = Tensors.builder();
            read.outputs().forEach((name, shape) -> tensors.put(name, shape, values.get(name).toFloatArray()));
            return tensors.build();
        }
    }
}
