package io.sparring.learning;

import java.util.Map;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/**
 * PGD-AT with the robust perception term of RPAT (arXiv 2508.02186): CE(f(x'), y) + λ times the mean over batch and
 * classes of (f(x~) - ½ f(x) - ½ f(x'))², where x~ = ½ x + ½ x' and f gives logits. All three passes carry gradient; their
 * order is that of the published code: x', x~, x.
 */
final class RobustPerceptionTraining implements Objective {

    @Override
    public ObjectiveTerms terms(Ops tf, Classifier network, TrainingBatch batch) {
        Operand<TFloat32> perturbed = network.logits(batch.perturbed());
        Operand<TFloat32> between = network.logits(middle(tf, batch.clean(), batch.perturbed()));
        Operand<TFloat32> clean = network.logits(batch.clean());
        Operand<TFloat32> crossEntropy = CrossEntropy.mean(tf, perturbed, batch.targets());
        Operand<TFloat32> bend = tf.math.square(tf.math.sub(between, middle(tf, clean, perturbed)));
        Operand<TFloat32> perception = tf.math.mean(bend, tf.constant(new int[] {0, 1}));
        return new ObjectiveTerms(tf.math.add(crossEntropy, tf.math.mul(batch.lambda(), perception)), Map.of(
                ObjectiveTerms.CROSS_ENTROPY, crossEntropy,
                ObjectiveTerms.PERCEPTION, perception,
                ObjectiveTerms.CORRECT_PERTURBED, CrossEntropy.correct(tf, perturbed, batch.labels()),
                ObjectiveTerms.CORRECT_CLEAN, CrossEntropy.correct(tf, clean, batch.labels())));
    }

    private static Operand<TFloat32> middle(Ops tf, Operand<TFloat32> one, Operand<TFloat32> other) {
        Operand<TFloat32> half = tf.constant(0.5f);
        return tf.math.add(tf.math.mul(half, one), tf.math.mul(half, other));
    }
}
