package io.sparring.learning;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.tensorflow.Operand;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.op.Ops;
import org.tensorflow.proto.ConfigProto;
import org.tensorflow.proto.GraphOptions;
import org.tensorflow.proto.OptimizerOptions;
import org.tensorflow.proto.RewriterConfig;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.family.TType;

/** A graph in which the golden network holds its golden weights as constants. */
final class GoldenGraph implements AutoCloseable {

    private static final OptimizerSpecification PLAIN = new OptimizerSpecification(0, 0);

    /** Everything is constant here and would be computed while the graph is optimised, by other kernels. */
    private static final ConfigProto AS_BUILT = ConfigProto.newBuilder().setGraphOptions(GraphOptions.newBuilder()
            .setOptimizerOptions(OptimizerOptions.newBuilder().setOptLevel(OptimizerOptions.Level.L0))
            .setRewriteOptions(RewriterConfig.newBuilder().setDisableMetaOptimizer(true))).build();

    private final GoldenFile golden;
    private final ProgramGraph program;
    private final Ops tf;
    private final Map<String, Operand<TFloat32>> values;

    GoldenGraph(GoldenFile golden) {
        TensorFlow.start();
        this.golden = golden;
        this.program = new ProgramGraph(golden.specification("pgd-at", PLAIN));
        this.tf = program.scope("golden");
        this.values = weights("parameters");
    }

    private Map<String, Operand<TFloat32>> weights(String group) {
        Tensors tensors = golden.tensors(group);
        Map<String, Operand<TFloat32>> constants = new LinkedHashMap<>();
        program.weights().forEach((name, variable) ->
                constants.put(name, tf.constant(variable.shape(), DataBuffers.of(tensors.values(name)))));
        return constants;
    }

    Ops tf() {
        return tf;
    }

    /** The trainable weights, in the network's order. */
    Map<String, Operand<TFloat32>> trained() {
        Map<String, Operand<TFloat32>> trained = new LinkedHashMap<>();
        program.trainable().forEach(variable -> trained.put(variable.name(), values.get(variable.name())));
        return trained;
    }

    SignatureWeights training() {
        return new SignatureWeights(values, true);
    }

    Classifier network(SignatureWeights weights) {
        return program.network().with(tf, weights);
    }

    Classifier evaluating() {
        return network(new SignatureWeights(values, false));
    }

    Operand<TInt32> labels() {
        return tf.constant(golden.labels());
    }

    Operand<TFloat32> targets(Operand<TInt32> labels) {
        return CrossEntropy.targets(tf, labels, program.specification().geometry().classes());
    }

    Operand<TFloat32> images(String... path) {
        float[] images = golden.values(path);
        Geometry geometry = program.specification().geometry();
        return tf.constant(Shape.of(images.length / geometry.imageSize(), geometry.height(), geometry.width(),
                geometry.channels()), DataBuffers.of(images));
    }

    Operand<TFloat32> number(String... path) {
        return tf.constant((float) golden.number(path));
    }

    /** The golden batch, two views joined to one batch of twice the size. */
    TrainingBatch trainingBatch(int views) {
        boolean both = views == 2;
        Operand<TInt32> labels = both ? join(labels(), labels()) : labels();
        return new TrainingBatch(
                both ? join(images("clean"), images("clean2")) : images("clean"),
                both ? join(images("adversarial"), images("adversarial2")) : images("adversarial"),
                labels, targets(labels), number("lambda"), number("beta"),
                network(new SignatureWeights(weights("averaged"), true)));
    }

    private <T extends TType> Operand<T> join(Operand<T> first, Operand<T> second) {
        return tf.concat(List.of(first, second), tf.constant(0));
    }

    List<float[]> run(List<? extends Operand<TFloat32>> outputs) {
        try (Session session = new Session(program.graph(), AS_BUILT)) {
            Session.Runner runner = session.runner();
            outputs.forEach(runner::fetch);
            try (Result result = runner.run()) {
                return Fetched.floats(result);
            }
        }
    }

    @Override
    public void close() {
        program.close();
    }
}
