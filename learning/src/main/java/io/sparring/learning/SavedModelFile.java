package io.sparring.learning;

import com.google.protobuf.CodedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.tensorflow.Graph;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.proto.MetaGraphDef;
import org.tensorflow.proto.NodeDef;
import org.tensorflow.proto.SavedModel;

/** Writes a graph and its signatures as the bytes of a {@code saved_model.pb}, without a saver or an init operation. */
final class SavedModelFile {

    static final String NAME = "saved_model.pb";
    static final String TAG = "serve";

    private SavedModelFile() {
    }

    /** The same graph and signatures give the same bytes. */
    static byte[] bytes(Graph graph, Map<String, ProgramSignature> signatures) {
        List<String> roots = new ArrayList<>();
        for (ProgramSignature signature : signatures.values()) {
            signature.inputs().values().forEach(operand -> roots.add(operand.asOutput().op().name()));
            signature.outputs().values().forEach(operand -> roots.add(operand.asOutput().op().name()));
        }
        MetaGraphDef.Builder metaGraph = MetaGraphDef.newBuilder()
                .setMetaInfoDef(MetaGraphDef.MetaInfoDef.newBuilder().addTags(TAG))
                .setGraphDef(needed(RectifierGradients.byOutput(graph.toGraphDef()), roots));
        signatures.forEach((name, signature) -> metaGraph.putSignatureDef(name, signature.definition()));
        return bytes(metaGraph.build());
    }

    static byte[] bytes(MetaGraphDef metaGraph) {
        SavedModel model = SavedModel.newBuilder().setSavedModelSchemaVersion(1).addMetaGraphs(metaGraph).build();
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(model.getSerializedSize());
        CodedOutputStream output = CodedOutputStream.newInstance(bytes);
        output.useDeterministicSerialization();
        try {
            model.writeTo(output);
            output.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    /**
     * The graph without what these nodes do not need: gradients leave many nodes behind that nothing asks for, such as the
     * kernels' in an attack.
     */
    static GraphDef needed(GraphDef graph, Collection<String> roots) {
        Map<String, NodeDef> nodes = new HashMap<>();
        graph.getNodeList().forEach(node -> nodes.put(node.getName(), node));
        Deque<String> open = new ArrayDeque<>(roots);
        Set<String> needed = new HashSet<>();
        while (!open.isEmpty()) {
            String name = open.pop();
            if (needed.add(name)) {
                nodes.get(name).getInputList().forEach(input -> open.push(source(input)));
            }
        }
        GraphDef.Builder pruned = graph.toBuilder().clearNode();
        graph.getNodeList().stream().filter(node -> needed.contains(node.getName())).forEach(pruned::addNode);
        return pruned.build();
    }

    /** The node that an input such as {@code ^name} or {@code name:1} comes from. */
    static String source(String input) {
        String name = input.startsWith("^") ? input.substring(1) : input;
        int colon = name.indexOf(':');
        return colon < 0 ? name : name.substring(0, colon);
    }
}
