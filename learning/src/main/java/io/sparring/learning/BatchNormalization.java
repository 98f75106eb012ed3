package io.sparring.learning;

import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.op.nn.FusedBatchNorm;
import org.tensorflow.types.TFloat32;

/**
 * Batch normalisation over N, H and W (Ioffe and Szegedy, arXiv 1502.03167) with PyTorch's conventions: the batch is
 * normalised by its biased variance, the moving variance takes the unbiased one, both statistics move by 0.1.
 *
 * @param name prefix of its variables {@code gamma beta moving_mean moving_variance}
 */
public record BatchNormalization(String name, int channels) implements Layer {

    static final float EPSILON = 1e-5f;
    static final float MOMENTUM = 0.1f;

    @Override
    public List<Variable> variables() {
        Shape shape = Shape.of(channels);
        return List.of(
                new Variable(name + "/gamma", shape, true, new InitialValue.Constant(1)),
                new Variable(name + "/beta", shape, true, new InitialValue.Constant(0)),
                new Variable(name + "/moving_mean", shape, false, new InitialValue.Constant(0)),
                new Variable(name + "/moving_variance", shape, false, new InitialValue.Constant(1)));
    }

    @Override
    public Operand<TFloat32> apply(Ops tf, SignatureWeights weights, Operand<TFloat32> input) {
        return weights.training()
                ? normalizeByBatch(tf, weights, input)
                : tf.nn.biasAdd(tf.math.mul(input, scale(tf, weights)), offset(tf, weights));
    }

    /** What evaluation mode multiplies each channel by. */
    Operand<TFloat32> scale(Ops tf, SignatureWeights weights) {
        return weights.derived(name + "/scale", () -> tf.math.mul(weights.value(name + "/gamma"),
                tf.math.rsqrt(tf.math.add(weights.value(name + "/moving_variance"), tf.constant(EPSILON)))));
    }

    /** What evaluation mode adds to each channel after that. */
    Operand<TFloat32> offset(Ops tf, SignatureWeights weights) {
        return weights.derived(name + "/offset", () -> tf.math.sub(weights.value(name + "/beta"),
                tf.math.mul(weights.value(name + "/moving_mean"), scale(tf, weights))));
    }

    private Operand<TFloat32> normalizeByBatch(Ops tf, SignatureWeights weights, Operand<TFloat32> input) {
        Operand<TFloat32> empty = tf.constant(new float[0]);
        FusedBatchNorm<TFloat32, TFloat32> normalized = tf.nn.fusedBatchNorm(input,
                weights.value(name + "/gamma"), weights.value(name + "/beta"), empty, empty,
                FusedBatchNorm.epsilon(EPSILON), FusedBatchNorm.isTraining(true));
        move(tf, weights, name + "/moving_mean", normalized.batchMean());
        // The kernel gives the unbiased variance here, and normalises by the biased one.
        move(tf, weights, name + "/moving_variance", normalized.batchVariance());
        return normalized.y();
    }

    private static void move(Ops tf, SignatureWeights weights, String name, Operand<TFloat32> batch) {
        Operand<TFloat32> kept = tf.math.mul(weights.value(name), tf.constant(1 - MOMENTUM));
        weights.move(name, tf.math.add(kept, tf.math.mul(batch, tf.constant(MOMENTUM))));
    }
}
