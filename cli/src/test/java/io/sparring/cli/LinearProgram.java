package io.sparring.cli;

import io.sparring.learning.SafeTensors;
import io.sparring.learning.TensorFlow;
import io.sparring.learning.Tensors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Output;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Gradients;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.op.core.VarHandleOp;
import org.tensorflow.proto.MetaGraphDef;
import org.tensorflow.proto.SavedModel;
import org.tensorflow.proto.SignatureDef;
import org.tensorflow.proto.TensorInfo;
import org.tensorflow.proto.TensorShapeProto;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.TInt64;
import org.tensorflow.types.family.TType;

/**
 * A model program made with TensorFlow alone: softmax regression on 8 x 8 grey images in 4 classes, attacked by the fast
 * gradient sign method and trained on what that makes, by gradient descent with momentum.
 */
final class LinearProgram {

    private static final Shape KERNEL = Shape.of(64, 4);
    private static final Shape IMAGES = Shape.of(-1, 8, 8, 1);

    private final Graph graph = new Graph();
    private final Ops tf = Ops.create(graph);
    private final VarHandleOp kernel = tf.varHandleOp(TFloat32.class, KERNEL, VarHandleOp.sharedName("kernel"));
    private final VarHandleOp momentum = tf.varHandleOp(TFloat32.class, KERNEL, VarHandleOp.sharedName("momentum"));
    private final MetaGraphDef.Builder program = MetaGraphDef.newBuilder()
            .setMetaInfoDef(MetaGraphDef.MetaInfoDef.newBuilder().addTags("serve"));

    /** A {@code saved_model.pb}. */
    static Path write(Path file) throws IOException {
        TensorFlow.start();
        LinearProgram linear = new LinearProgram();
        try (Graph graph = linear.graph) {
            linear.predict();
            linear.attack("attack-training");
            linear.attack("attack-evaluation");
            linear.train();
            linear.variable("assign", "read", "kernel", linear.kernel);
            linear.variable("assign-optimizer", "read-optimizer", "kernel/momentum", linear.momentum);
            linear.program.setGraphDef(graph.toGraphDef());
            return Files.write(file, SavedModel.newBuilder().setSavedModelSchemaVersion(1).addMetaGraphs(linear.program).build()
                    .toByteArray());
        }
    }

    /** The weights it begins with: zeros. */
    static Path writeWeights(Path file) throws IOException {
        Tensors weights = Tensors.builder().put("kernel", new int[] {64, 4}, new float[256]).build();
        return Files.write(file, SafeTensors.encode(weights, Map.of()));
    }

    private void predict() {
        Operand<TFloat32> images = input(TFloat32.class, IMAGES);
        signature("predict", Map.of("images", images), Map.of("logits", logits(images, read(kernel))));
    }

    private void attack(String name) {
        Operand<TFloat32> images = input(TFloat32.class, IMAGES);
        Operand<TInt32> labels = input(TInt32.class, Shape.of(-1));
        Operand<TInt64> seed = input(TInt64.class, Shape.scalar());
        Operand<TFloat32> epsilon = input(TFloat32.class, Shape.scalar());
        Operand<TFloat32> stepSize = input(TFloat32.class, Shape.scalar());
        Operand<TFloat32> weights = read(kernel);
        Operand<TFloat32> before = losses(logits(images, weights), labels);
        Operand<TFloat32> sign = tf.math.sign(tf.gradients(tf.reduceSum(before, tf.constant(0)), List.of(images)).dy(0));
        Operand<TFloat32> perturbed = tf.clipByValue(tf.math.add(images, tf.math.mul(epsilon, sign)), tf.constant(0f),
                tf.constant(1f));
        Operand<TFloat32> logits = logits(perturbed, weights);
        signature(name,
                Map.of("images", images, "labels", labels, "seed", seed, "epsilon", epsilon, "step_size", stepSize),
                Map.of("perturbed", perturbed, "loss_before", before, "loss_after", losses(logits, labels),
                        "predicted_after", predicted(logits)));
    }

    private void train() {
        Map<String, Operand<?>> inputs = new TreeMap<>();
        Operand<TFloat32> perturbed = input(TFloat32.class, IMAGES);
        Operand<TInt32> labels = input(TInt32.class, Shape.of(-1));
        Operand<TFloat32> learningRate = input(TFloat32.class, Shape.scalar());
        inputs.put("images", input(TFloat32.class, IMAGES));
        inputs.put("perturbed", perturbed);
        inputs.put("labels", labels);
        inputs.put("learning_rate", learningRate);
        inputs.put("lambda", input(TFloat32.class, Shape.scalar()));
        inputs.put("beta", input(TFloat32.class, Shape.scalar()));

        Operand<TFloat32> weights = read(kernel);
        Operand<TFloat32> before = read(momentum);
        Operand<TFloat32> logits = logits(perturbed, weights);
        Operand<TFloat32> loss = tf.math.mean(losses(logits, labels), tf.constant(0));
        Gradients gradients = tf.gradients(loss, List.of(weights));
        Operand<TFloat32> moved = tf.math.add(tf.math.mul(tf.constant(0.9f), before), gradients.dy(0));
        Operand<TFloat32> trained = tf.math.sub(weights, tf.math.mul(learningRate, moved));
        // both are read before either is written
        Ops known = tf.withControlDependencies(List.<Op>of(moved, trained));
        Ops after = tf.withControlDependencies(List.<Op>of(
                known.assignVariableOp(kernel, trained), known.assignVariableOp(momentum, moved)));
        Operand<TFloat32> correct = tf.reduceSum(
                tf.dtypes.cast(tf.math.equal(predicted(logits), labels), TFloat32.class), tf.constant(0));
        signature("train", inputs, Map.of("loss", after.identity(loss), "cross_entropy", after.identity(loss),
                "correct_perturbed", after.identity(correct)));
    }

    private void variable(String assign, String read, String name, VarHandleOp variable) {
        Operand<TFloat32> value = input(TFloat32.class, KERNEL);
        Operand<TFloat32> done = tf.withControlDependencies(List.<Op>of(tf.assignVariableOp(variable, value)))
                .identity(tf.constant(1f));
        signature(assign, Map.of(name, value), Map.of("done", done));
        signature(read, Map.of("nothing", input(TFloat32.class, Shape.scalar())), Map.of(name, read(variable)));
    }

    private Operand<TFloat32> read(VarHandleOp variable) {
        return tf.readVariableOp(variable, TFloat32.class);
    }

    private Operand<TFloat32> logits(Operand<TFloat32> images, Operand<TFloat32> weights) {
        return tf.linalg.matMul(tf.reshape(images, tf.constant(new int[] {-1, 64})), weights);
    }

    /** One for each image. TensorFlow's C++ library has no gradient of the sparse form. */
    private Operand<TFloat32> losses(Operand<TFloat32> logits, Operand<TInt32> labels) {
        return tf.nn.softmaxCrossEntropyWithLogits(logits,
                tf.oneHot(labels, tf.constant(4), tf.constant(1f), tf.constant(0f))).loss();
    }

    private Operand<TInt32> predicted(Operand<TFloat32> logits) {
        return tf.math.argMax(logits, tf.constant(1), TInt32.class);
    }

    private <T extends TType> Operand<T> input(Class<T> type, Shape shape) {
        return tf.placeholder(type, Placeholder.shape(shape));
    }

    private void signature(String name, Map<String, Operand<?>> inputs, Map<String, Operand<?>> outputs) {
        SignatureDef.Builder signature = SignatureDef.newBuilder().setMethodName("tensorflow/serving/predict");
        inputs.forEach((key, operand) -> signature.putInputs(key, information(operand.asOutput())));
        outputs.forEach((key, operand) -> signature.putOutputs(key, information(operand.asOutput())));
        program.putSignatureDef(name, signature.build());
    }

    private static TensorInfo information(Output<?> output) {
        TensorShapeProto.Builder shape = TensorShapeProto.newBuilder();
        for (long size : output.shape().asArray()) {
            shape.addDim(TensorShapeProto.Dim.newBuilder().setSize(size));
        }
        return TensorInfo.newBuilder().setName(output.op().name() + ":" + output.index()).setDtype(output.dataType())
                .setTensorShape(shape).build();
    }
}
