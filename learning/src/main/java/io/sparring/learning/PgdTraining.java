package io.sparring.learning;

import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/**
 * PGD-AT (Madry et al., arXiv 1706.06083, equation 2.1): the cross entropy of the perturbed images, CE(f(x'), y). In the
 * published code {@code training/adv_train/adv_train.py}.
 */
record PgdTraining() implements Objective {

    @Override
    public String formula() {
        return "CE(f(x'), y)";
    }

    @Override
    public ObjectiveTerms terms(Ops tf, Classifier network, TrainingBatch batch) {
        Operand<TFloat32> perturbed = network.logits(batch.perturbed());
        return ObjectiveTerms.of(CrossEntropy.mean(tf, perturbed, batch.targets()))
                .reporting(ObjectiveTerms.CORRECT_PERTURBED, CrossEntropy.correct(tf, perturbed, batch.labels()));
    }
}
