package io.sparring.learning;

import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/**
 * The robust perception term of RPAT (arXiv 2508.02186): the logits of a mixture of two images are to be the mixture of
 * their logits. With x~ = α x + (1-α) x' it is the mean over batch and classes of (f(x~) - α f(x) - (1-α) f(x'))². All three
 * passes carry gradient.
 *
 * <p>The published code ({@code criterion_ra} in {@code training/adv_train/*_ra.py}) has it in this form. The paper's formula
 * divides by α and by 1-α, so that at α = ½ its λ = 1/16 is the code's, and our, λ = 1: (α(1-α))² lies between them.
 *
 * @param interpolation α, the share of the clean image
 */
record RobustPerception(float interpolation) {

    /** What objectives with this term add to their formula. */
    static final String FORMULA = " + λ mean (f(x~) - α f(x) - (1-α) f(x'))²";

    /** x~, or what is compared with its logits: the mixture of two tensors of one shape. */
    Operand<TFloat32> between(Ops tf, Operand<TFloat32> clean, Operand<TFloat32> perturbed) {
        return tf.math.add(tf.math.mul(tf.constant(interpolation), clean),
                tf.math.mul(tf.constant(1 - interpolation), perturbed));
    }

    /**
     * The term before it is multiplied by λ, a scalar.
     *
     * @param between   f(x~), N x classes
     * @param clean     f(x), the same shape
     * @param perturbed f(x'), the same shape
     */
    Operand<TFloat32> term(
            Ops tf, Operand<TFloat32> between, Operand<TFloat32> clean, Operand<TFloat32> perturbed) {
        Operand<TFloat32> bend = tf.math.square(tf.math.sub(between, between(tf, clean, perturbed)));
        return tf.math.mean(bend, tf.constant(new int[] {0, 1}));
    }
}
