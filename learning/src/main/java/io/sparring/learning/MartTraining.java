package io.sparring.learning;

import java.util.Optional;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/**
 * MART (Wang et al., ICLR 2020, "Improving Adversarial Robustness Requires Revisiting Misclassified Examples", equation 11):
 * BCE(p', y) + β times the batch's mean of KL(p || p') (1 - p_y), where p = softmax f(x), p' = softmax f(x') and the boosted
 * cross entropy BCE(p', y) is -log p'_y - log(1 - max of p' over the other classes); with {@link RobustPerception}, λ times its
 * term besides.
 *
 * <p>Its small constants are those of the published code ({@code adv_lib/mart.py}), and so is the order of passes: x, x', x~.
 */
record MartTraining(Optional<RobustPerception> perception) implements Objective {

    private static final float MARGIN_ONE = 1.0001f;
    private static final float WEIGHT_ONE = 1.0000001f;
    private static final float TINY = 1e-12f;

    @Override
    public String formula() {
        return "BCE(f(x'), y) + β KL(f(x) ‖ f(x')) (1 - p_y)" + (perception.isPresent() ? RobustPerception.FORMULA : "");
    }

    @Override
    public ObjectiveTerms terms(Ops tf, Classifier network, TrainingBatch batch) {
        Operand<TFloat32> clean = network.logits(batch.clean());
        Operand<TFloat32> perturbed = network.logits(batch.perturbed());
        ObjectiveTerms terms = ObjectiveTerms.of(boostedCrossEntropy(tf, perturbed, batch.targets()))
                .plus(tf, ObjectiveTerms.ROBUSTNESS, batch.beta(),
                        weightedDivergence(tf, clean, perturbed, batch.targets()))
                .reporting(ObjectiveTerms.CORRECT_PERTURBED, CrossEntropy.correct(tf, perturbed, batch.labels()))
                .reporting(ObjectiveTerms.CORRECT_CLEAN, CrossEntropy.correct(tf, clean, batch.labels()));
        if (perception.isEmpty()) {
            return terms;
        }
        Operand<TFloat32> between =
                network.logits(perception.get().between(tf, batch.clean(), batch.perturbed()));
        return terms.plus(tf, ObjectiveTerms.PERCEPTION, batch.lambda(),
                perception.get().term(tf, between, clean, perturbed));
    }

    private static Operand<TFloat32> boostedCrossEntropy(
            Ops tf, Operand<TFloat32> perturbed, Operand<TFloat32> targets) {
        Operand<TFloat32> probabilities = tf.nn.softmax(perturbed);
        Operand<TFloat32> rival = LargestLogit.of(tf, perturbed, targets);
        Operand<TFloat32> margins = tf.math.log(tf.math.add(
                tf.math.sub(tf.constant(MARGIN_ONE), probabilities), tf.constant(TINY)));
        Operand<TFloat32> margin = tf.reduceSum(tf.math.mul(margins, rival), tf.constant(1));
        return tf.math.sub(CrossEntropy.mean(tf, perturbed, targets), tf.math.mean(margin, tf.constant(0)));
    }

    private static Operand<TFloat32> weightedDivergence(
            Ops tf, Operand<TFloat32> clean, Operand<TFloat32> perturbed, Operand<TFloat32> targets) {
        Operand<TFloat32> probabilities = tf.nn.softmax(clean);
        Operand<TFloat32> logarithm = tf.math.log(tf.math.add(tf.nn.softmax(perturbed), tf.constant(TINY)));
        Operand<TFloat32> divergence = tf.reduceSum(
                tf.math.mul(probabilities, tf.math.sub(tf.nn.logSoftmax(clean), logarithm)), tf.constant(1));
        Operand<TFloat32> weight = tf.math.sub(tf.constant(WEIGHT_ONE),
                tf.reduceSum(tf.math.mul(probabilities, targets), tf.constant(1)));
        return tf.math.mean(tf.math.mul(divergence, weight), tf.constant(0));
    }
}
