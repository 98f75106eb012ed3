package io.sparring.learning;

import java.util.Map;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/** PGD-AT (Madry et al., arXiv 1706.06083, equation 2.1): the cross entropy of the perturbed images, CE(f(x'), y). */
final class PgdTraining implements Objective {

    @Override
    public ObjectiveTerms terms(Ops tf, Classifier network, TrainingBatch batch) {
        Operand<TFloat32> perturbed = network.logits(batch.perturbed());
        Operand<TFloat32> crossEntropy = CrossEntropy.mean(tf, perturbed, batch.targets());
        return new ObjectiveTerms(crossEntropy, Map.of(
                ObjectiveTerms.CROSS_ENTROPY, crossEntropy,
                ObjectiveTerms.CORRECT_PERTURBED, CrossEntropy.correct(tf, perturbed, batch.labels())));
    }
}
