package io.sparring.learning;

import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt64;

/**
 * PGD under the L-infinity norm on the cross entropy (Madry et al., arXiv 1706.06083, section 2.1): each step adds the step
 * size times the gradient's sign and projects onto the ball and [0,1], whose intersection is a box computed once.
 *
 * @param steps       unrolled, since TensorFlow's C++ gradients know no loops
 * @param randomStart whether it starts uniformly within the ball, projected onto [0,1], or at the image
 */
record ProjectedGradientDescent(int steps, boolean randomStart) implements Attack {

    @Override
    public Crafted craft(Ops tf, Classifier network, AttackBatch batch) {
        Operand<TFloat32> start = randomStart
                ? tf.math.add(batch.clean(), noise(tf, batch))
                : batch.clean();
        return craftFrom(tf, network, batch, start);
    }

    /** The same from a start that is given; it is projected first. */
    Crafted craftFrom(Ops tf, Classifier network, AttackBatch batch, Operand<TFloat32> start) {
        Operand<TFloat32> lowest =
                tf.math.maximum(tf.math.sub(batch.clean(), batch.epsilon()), tf.constant(0f));
        Operand<TFloat32> highest =
                tf.math.minimum(tf.math.add(batch.clean(), batch.epsilon()), tf.constant(1f));
        Operand<TFloat32> perturbed = project(tf, start, lowest, highest);
        Operand<TFloat32> lossBefore = null;
        for (int step = 0; step < steps; step++) {
            Operand<TFloat32> loss = CrossEntropy.each(tf, network.logits(perturbed), batch.targets());
            lossBefore = lossBefore == null ? loss : lossBefore;
            Operand<TFloat32> gradient = tf.gradients(loss, List.of(perturbed)).dy(0);
            Operand<TFloat32> move = tf.math.mul(batch.stepSize(), tf.math.sign(gradient));
            perturbed = project(tf, tf.math.add(perturbed, move), lowest, highest);
        }
        if (lossBefore == null) {
            lossBefore = CrossEntropy.each(tf, network.logits(perturbed), batch.targets());
        }
        return new Crafted(perturbed, lossBefore);
    }

    private static Operand<TFloat32> project(
            Ops tf, Operand<TFloat32> images, Operand<TFloat32> lowest, Operand<TFloat32> highest) {
        return tf.math.minimum(tf.math.maximum(images, lowest), highest);
    }

    /** Uniform in [-ε, ε), a function of the seed alone. */
    private static Operand<TFloat32> noise(Ops tf, AttackBatch batch) {
        Operand<TInt64> key = tf.stack(List.of(batch.seed(), tf.constant(0L)));
        Operand<TFloat32> unit = tf.random.statelessRandomUniform(tf.shape(batch.clean()), key);
        Operand<TFloat32> centred = tf.math.sub(tf.math.mul(unit, tf.constant(2f)), tf.constant(1f));
        return tf.math.mul(centred, batch.epsilon());
    }
}
