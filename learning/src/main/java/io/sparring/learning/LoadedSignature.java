package io.sparring.learning;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.tensorflow.engine.TfSymbolBlock;
import ai.djl.training.ParameterStore;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeSet;
import org.tensorflow.proto.SignatureDef;
import org.tensorflow.proto.TensorInfo;
import org.tensorflow.proto.TensorShapeProto;

/** One signature of a loaded model. */
final class LoadedSignature implements AutoCloseable {

    private final TfSymbolBlock block;
    private final Map<String, int[]> inputs;
    private final Map<String, int[]> outputs;

    LoadedSignature(TfSymbolBlock block, SignatureDef definition) {
        this.block = block;
        this.inputs = shapes(definition.getInputsMap());
        this.outputs = shapes(definition.getOutputsMap());
    }

    /** The shape of each, sorted by name; -1 is any size. */
    static Map<String, int[]> shapes(Map<String, TensorInfo> tensors) {
        Map<String, int[]> shapes = new LinkedHashMap<>();
        for (String name : new TreeSet<>(tensors.keySet())) {
            shapes.put(name, tensors.get(name).getTensorShape().getDimList().stream()
                    .map(TensorShapeProto.Dim::getSize).mapToInt(Math::toIntExact).toArray());
        }
        return shapes;
    }

    /** The shape of each input by name, sorted as DJL sorts them; -1 is any size. */
    Map<String, int[]> inputs() {
        return inputs;
    }

    /** The shape of each output by name. */
    Map<String, int[]> outputs() {
        return outputs;
    }

    /**
     * Runs the signature.
     *
     * @param scope owns the inputs, and the outputs too
     */
    Map<String, NDArray> run(NDManager scope, Map<String, NDArray> values) {
        NDList list = new NDList(inputs.size());
        for (String name : inputs.keySet()) {
            NDArray value = values.get(name);
            if (value == null) {
                throw new IllegalArgumentException("input '" + name + "' is missing");
            }
            value.setName(name);
            list.add(value);
        }
        Map<String, NDArray> results = new HashMap<>();
        for (NDArray result : block.forward(new ParameterStore(scope, false), list, false)) {
            results.put(result.getName(), result);
        }
        return results;
    }

    @Override
    public void close() {
        block.close();
    }
}
