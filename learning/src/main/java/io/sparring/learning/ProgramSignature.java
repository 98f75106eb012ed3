package io.sparring.learning;

import java.util.Map;
import java.util.TreeMap;
import org.tensorflow.Operand;
import org.tensorflow.Output;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.proto.SignatureDef;
import org.tensorflow.proto.TensorInfo;
import org.tensorflow.proto.TensorShapeProto;

/** A signature of a SavedModel: what goes in and what comes out, by name. */
record ProgramSignature(Map<String, Operand<?>> inputs, Map<String, Operand<?>> outputs) {

    static final String PREDICT = "predict";
    static final String ATTACK = "attack-";
    static final String CONTINUE = "continue-";
    /** Before the name of either: the same, of which only the perturbed images come out. */
    static final String ONLY_PERTURB = "perturb-by-";
    static final String GRADIENT = "gradient-";
    static final String TRAIN = "train";
    static final String ASSIGN = "assign";
    static final String READ = "read";
    static final String ASSIGN_OPTIMIZER = "assign-optimizer";
    static final String READ_OPTIMIZER = "read-optimizer";
    static final String ASSIGN_AVERAGED = "assign-averaged";
    static final String READ_AVERAGED = "read-averaged";
    /** What TensorFlow's own tools look for in a model that only predicts. */
    static final String SERVING = "serving_default";

    static final String IMAGES = "images";
    static final String PERTURBED = "perturbed";
    static final String SECOND_IMAGES = "second_images";
    static final String SECOND_PERTURBED = "second_perturbed";
    static final String LABELS = "labels";
    static final String TARGETS = "targets";
    static final String LOGITS = "logits";
    static final String LOSS = "loss";
    static final String IMAGE_GRADIENT = "gradient";
    static final String SEED = "seed";
    static final String EPSILON = "epsilon";
    static final String STEP_SIZE = "step_size";
    static final String LEARNING_RATE = "learning_rate";
    static final String LAMBDA = "lambda";
    static final String BETA = "beta";
    static final String AVERAGING = "averaging";
    static final String LOSS_BEFORE = "loss_before";
    static final String LOSS_AFTER = "loss_after";
    static final String PREDICTED_AFTER = "predicted_after";
    /** What a signature has that needs no input or gives no output: DJL wants at least one of each. */
    static final String NOTHING = "nothing";
    static final String DONE = "done";

    ProgramSignature {
        inputs = new TreeMap<>(inputs);
        outputs = new TreeMap<>(outputs);
    }

    SignatureDef definition() {
        SignatureDef.Builder definition = SignatureDef.newBuilder().setMethodName("tensorflow/serving/predict");
        inputs.forEach((name, operand) -> definition.putInputs(name, information(operand.asOutput())));
        outputs.forEach((name, operand) -> definition.putOutputs(name, information(operand.asOutput())));
        return definition.build();
    }

    private static TensorInfo information(Output<?> output) {
        TensorShapeProto.Builder shape = TensorShapeProto.newBuilder();
        Shape dimensions = output.shape();
        if (dimensions.isUnknown()) {
            shape.setUnknownRank(true);
        } else {
            for (int i = 0; i < dimensions.numDimensions(); i++) {
                shape.addDim(TensorShapeProto.Dim.newBuilder().setSize(dimensions.get(i)));
            }
        }
        return TensorInfo.newBuilder()
                .setName(output.op().name() + ":" + output.index())
                .setDtype(output.dataType())
                .setTensorShape(shape)
                .build();
    }
}
