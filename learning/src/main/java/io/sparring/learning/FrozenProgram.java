package io.sparring.learning;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.tensorflow.proto.AttrValue;
import org.tensorflow.proto.DataType;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.proto.MetaGraphDef;
import org.tensorflow.proto.NodeDef;
import org.tensorflow.proto.SignatureDef;
import org.tensorflow.proto.TensorInfo;
import org.tensorflow.proto.TensorProto;
import org.tensorflow.proto.TensorShapeProto;

/**
 * A model program's {@code predict} with weights of its own, whoever made the program: each reading of a variable becomes a
 * constant. Where a variable reaches {@code predict} by another way, such as into a function, it stays one, and {@code assign}
 * with constants for its inputs is what the model does first when it is loaded.
 */
final class FrozenProgram {

    /** Where TensorFlow's loader looks for what to run first. */
    private static final String BEGINNING = "__saved_model_init_op";

    private static final Set<String> VARIABLES = Set.of("VarHandleOp", "VariableV2");

    private final MetaGraphDef program;
    private final SignatureDef assign;
    private final Map<String, TensorProto> given = new HashMap<>();
    private final Map<String, TensorProto> variables = new HashMap<>();

    private FrozenProgram(MetaGraphDef program, Tensors weights) {
        this.program = program;
        this.assign = program.getSignatureDefOrThrow(ProgramSignature.ASSIGN);
        weights.requireFitting("weights", LoadedSignature.shapes(assign.getInputsMap()));
        assign.getInputsMap().forEach((name, input) -> given.put(node(input), tensor(weights, name)));
        for (NodeDef node : program.getGraphDef().getNodeList()) {
            if (node.getOp().equals("AssignVariableOp") && given.containsKey(SavedModelFile.source(node.getInput(1)))) {
                variables.put(SavedModelFile.source(node.getInput(0)), given.get(SavedModelFile.source(node.getInput(1))));
            }
        }
    }

    /**
     * The bytes of a {@code saved_model.pb} with {@code serving_default} alone.
     *
     * @param weights just those that the program's {@code assign} takes
     * @throws IllegalArgumentException also for a program that may not be loaded, since who is given the model loads it
     */
    static byte[] savedModel(byte[] program, Tensors weights) {
        MetaGraphDef served = CheckedProgram.parse(program).getMetaGraphsList().stream()
                .filter(graph -> graph.getMetaInfoDef().getTagsList().contains(SavedModelFile.TAG)).findFirst()
                .orElseThrow(() -> new IllegalArgumentException("the model has nothing tagged " + SavedModelFile.TAG));
        return SavedModelFile.bytes(new FrozenProgram(served, weights).frozen());
    }

    private MetaGraphDef frozen() {
        GraphDef.Builder constant = program.getGraphDef().toBuilder().clearNode();
        program.getGraphDef().getNodeList().forEach(node -> constant.addNode(constant(node)));
        SignatureDef predict = program.getSignatureDefOrThrow(ProgramSignature.PREDICT);
        List<String> roots = new ArrayList<>(nodes(predict.getInputsMap().values()));
        roots.addAll(nodes(predict.getOutputsMap().values()));
        MetaGraphDef.Builder frozen = MetaGraphDef.newBuilder().setMetaInfoDef(program.getMetaInfoDef())
                .putSignatureDef(ProgramSignature.SERVING, predict);
        GraphDef needed = SavedModelFile.needed(constant.build(), roots);
        if (needed.getNodeList().stream().anyMatch(node -> VARIABLES.contains(node.getOp()))) {
            // the loader takes a node's name here, not a tensor's
            TensorInfo done = assign.getOutputsOrThrow(ProgramSignature.DONE);
            frozen.putSignatureDef(BEGINNING, SignatureDef.newBuilder()
                    .putOutputs(BEGINNING, done.toBuilder().setName(node(done)).build()).build());
            roots.add(node(done));
            needed = SavedModelFile.needed(constant.build(), roots);
        }
        return frozen.setGraphDef(needed).build();
    }

    private NodeDef constant(NodeDef node) {
        TensorProto value = node.getOp().equals("ReadVariableOp") ? variables.get(SavedModelFile.source(node.getInput(0)))
                : given.get(node.getName());
        return value == null ? node : NodeDef.newBuilder().setName(node.getName()).setOp("Const")
                .putAttr("dtype", AttrValue.newBuilder().setType(DataType.DT_FLOAT).build())
                .putAttr("value", AttrValue.newBuilder().setTensor(value).build()).build();
    }

    private static TensorProto tensor(Tensors weights, String name) {
        TensorShapeProto.Builder shape = TensorShapeProto.newBuilder();
        for (int size : weights.shape(name)) {
            shape.addDim(TensorShapeProto.Dim.newBuilder().setSize(size));
        }
        TensorProto.Builder tensor = TensorProto.newBuilder().setDtype(DataType.DT_FLOAT).setTensorShape(shape);
        for (float value : weights.values(name)) {
            tensor.addFloatVal(value);
        }
        return tensor.build();
    }

    private static List<String> nodes(Collection<TensorInfo> tensors) {
        return tensors.stream().map(FrozenProgram::node).toList();
    }

    private static String node(TensorInfo tensor) {
        return SavedModelFile.source(tensor.getName());
    }
}
