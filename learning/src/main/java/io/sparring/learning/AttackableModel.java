package io.sparring.learning;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Operation;
import org.tensorflow.exceptions.TFInvalidArgumentException;
import org.tensorflow.exceptions.TFUnimplementedException;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.proto.MetaGraphDef;
import org.tensorflow.proto.SignatureDef;
import org.tensorflow.proto.TensorInfo;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;

/**
 * A model that only predicts, made one that can be attacked: its own graph, {@code serving_default} called {@code predict}, and
 * beside it {@code gradient-<loss>} for each loss. The model's weights stay constants, which lets TensorFlow prepare them once.
 */
public final class AttackableModel {

    private final byte[] program;
    private final Geometry geometry;

    private AttackableModel(byte[] program, Geometry geometry) {
        this.program = program;
        this.geometry = geometry;
    }

    /**
     * A network with weights.
     *
     * @throws IllegalArgumentException when these are not its weights
     */
    public static AttackableModel of(NetworkSpecification network, Geometry geometry, Tensors weights) {
        return of(ModelProgramBuilder.build(new ProgramSpecification(geometry, network, new ObjectiveSpecification("pgd-at"),
                new OptimizerSpecification(0, 0), List.of())), weights);
    }

    /**
     * A model program's {@code predict} with weights.
     *
     * @throws IllegalArgumentException when it is no program, or these are not its weights
     */
    public static AttackableModel of(byte[] program, Tensors weights) {
        return of(FrozenProgram.savedModel(program, weights));
    }

    /**
     * A SavedModel.
     *
     * @param savedModel with a signature {@code serving_default} from {@code images} (N x H x W x C, in [0,1]) to {@code logits}
     * @throws IllegalArgumentException when it is not such a model, one that may not be loaded, or one that TensorFlow cannot
     *                                  differentiate
     */
    public static AttackableModel of(byte[] savedModel) {
        MetaGraphDef served = CheckedProgram.parseAny(savedModel).getMetaGraphsList().stream()
                .filter(graph -> graph.getMetaInfoDef().getTagsList().contains(SavedModelFile.TAG)).findFirst()
                .orElseThrow(() -> new IllegalArgumentException("the model has nothing tagged " + SavedModelFile.TAG));
        SignatureDef serving = served.getSignatureDefMap().get(ProgramSignature.SERVING);
        Setting.require(serving != null, "signatures of the model", served.getSignatureDefMap().keySet(),
                "one that is called " + ProgramSignature.SERVING);
        int[] image = ProgramContract.shape(ProgramSignature.SERVING + " takes images",
                LoadedSignature.shapes(serving.getInputsMap()).get(ProgramSignature.IMAGES), 4);
        int classes = ProgramContract.shape(ProgramSignature.SERVING + " gives logits",
                LoadedSignature.shapes(serving.getOutputsMap()).get(ProgramSignature.LOGITS), 2)[1];
        TensorFlow.start();
        try (Graph graph = new Graph()) {
            graph.importGraphDef(served.getGraphDef());
            Operand<TFloat32> images = operand(graph, serving.getInputsOrThrow(ProgramSignature.IMAGES));
            Operand<TFloat32> logits = operand(graph, serving.getOutputsOrThrow(ProgramSignature.LOGITS));
            Map<String, ProgramSignature> signatures = new LinkedHashMap<>();
            signatures.put(ProgramSignature.PREDICT, new ProgramSignature(
                    Map.of(ProgramSignature.IMAGES, images), Map.of(ProgramSignature.LOGITS, logits)));
            for (GradientLoss loss : GradientLoss.values()) {
                if (classes >= loss.fewestClasses()) {
                    signatures.put(ProgramSignature.GRADIENT + loss.key(), gradient(graph, images, logits, loss, classes));
                }
            }
            return new AttackableModel(SavedModelFile.bytes(graph, signatures),
                    new Geometry(image[1], image[2], image[3], classes));
        } catch (TFInvalidArgumentException | TFUnimplementedException e) {
            throw new IllegalArgumentException("TensorFlow cannot differentiate the model: " + e.getMessage(), e);
        }
    }

    /** The images it takes and the classes it tells apart. */
    public Geometry geometry() {
        return geometry;
    }

    /** Loads a copy of it, which needs no weights assigned. */
    public ModelProgram load(ExecutionSettings settings) {
        return LoadedProgram.loadChecked(program, settings);
    }

    private static ProgramSignature gradient(Graph graph, Operand<TFloat32> images, Operand<TFloat32> logits, GradientLoss loss,
            int classes) {
        Ops tf = Ops.create(graph).withSubScope(ProgramSignature.GRADIENT + loss.key());
        Operand<TInt32> labels = classes(tf, ProgramSignature.LABELS);
        Operand<TInt32> targets = classes(tf, ProgramSignature.TARGETS);
        Operand<TFloat32> losses = loss.each(tf, logits,
                CrossEntropy.targets(tf, labels, classes), CrossEntropy.targets(tf, targets, classes));
        return new ProgramSignature(
                Map.of(ProgramSignature.IMAGES, images,
                        ProgramSignature.LABELS, labels,
                        ProgramSignature.TARGETS, targets),
                Map.of(ProgramSignature.LOGITS, logits,
                        ProgramSignature.LOSS, losses,
                        ProgramSignature.IMAGE_GRADIENT, tf.gradients(losses, List.of(images)).dy(0)));
    }

    private static Operand<TInt32> classes(Ops tf, String name) {
        return tf.withName(name).placeholder(TInt32.class, Placeholder.shape(Shape.of(-1)));
    }

    private static Operand<TFloat32> operand(Graph graph, TensorInfo tensor) {
        String name = tensor.getName();
        Operation operation = graph.operation(SavedModelFile.source(name));
        Setting.require(operation != null, "tensor of the model", name, "one of its graph");
        int colon = name.indexOf(':');
        return operation.output(colon < 0 ? 0 : Integer.parseInt(name.substring(colon + 1)));
    }
}
