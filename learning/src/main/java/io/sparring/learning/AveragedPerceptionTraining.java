package io.sparring.learning;

import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/**
 * RPAT++ (arXiv 2508.02186 upon ReBAT, Wang et al., arXiv 2303.14077): CE(f(x'), y) + λ times the batch's mean of
 * KL(softmax(g(x~) - α g(x)) || softmax((1-α) f(x'))), where g is the network with its averaged weights, through which no
 * gradient flows, and x~ = α x + (1-α) x'. The passes are f(x'), g(x), g(x~).
 *
 * <p>In the published code {@code RPAT_SOTAs/train_cifar_ra.py}, whose {@code interpolation_rate} is 1-α, whose {@code beta} is
 * λ, and which runs the averaged model in train mode. Before the averaging starts both λ and the averaging are 0 there. It
 * passes x through f once more after each step, for a training loss to print; that is not done here.
 *
 * @param perception gives α
 */
record AveragedPerceptionTraining(RobustPerception perception) implements Objective {

    @Override
    public boolean averages() {
        return true;
    }

    @Override
    public String formula() {
        return "CE(f(x'), y) + λ KL(g(x~) - α g(x) ‖ (1-α) f(x'))";
    }

    @Override
    public ObjectiveTerms terms(Ops tf, Classifier network, TrainingBatch batch) {
        Operand<TFloat32> perturbed = network.logits(batch.perturbed());
        Operand<TFloat32> clean = batch.averaged().logits(batch.clean());
        Operand<TFloat32> between =
                batch.averaged().logits(perception.between(tf, batch.clean(), batch.perturbed()));
        float share = perception.interpolation();
        Operand<TFloat32> expected = tf.stopGradient(
                tf.math.sub(between, tf.math.mul(tf.constant(share), clean)));
        Operand<TFloat32> given = tf.math.mul(tf.constant(1 - share), perturbed);
        return ObjectiveTerms.of(CrossEntropy.mean(tf, perturbed, batch.targets()))
                .plus(tf, ObjectiveTerms.PERCEPTION, batch.lambda(), KullbackLeibler.mean(tf, expected, given))
                .reporting(ObjectiveTerms.CORRECT_PERTURBED, CrossEntropy.correct(tf, perturbed, batch.labels()));
    }
}
