package io.sparring.learning;

import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/**
 * PGD-AT with {@link RobustPerception} (arXiv 2508.02186): CE(f(x'), y) + λ times its term. The order of the passes is that of
 * the published code ({@code training/adv_train/adv_train_ra.py}): x', x~, x.
 */
record RobustPerceptionTraining(RobustPerception perception) implements Objective {

    @Override
    public String formula() {
        return "CE(f(x'), y)" + RobustPerception.FORMULA;
    }

    @Override
    public ObjectiveTerms terms(Ops tf, Classifier network, TrainingBatch batch) {
        Operand<TFloat32> perturbed = network.logits(batch.perturbed());
        Operand<TFloat32> between = network.logits(perception.between(tf, batch.clean(), batch.perturbed()));
        Operand<TFloat32> clean = network.logits(batch.clean());
        return ObjectiveTerms.of(CrossEntropy.mean(tf, perturbed, batch.targets()))
                .plus(tf, ObjectiveTerms.PERCEPTION, batch.lambda(), perception.term(tf, between, clean, perturbed))
                .reporting(ObjectiveTerms.CORRECT_PERTURBED, CrossEntropy.correct(tf, perturbed, batch.labels()))
                .reporting(ObjectiveTerms.CORRECT_CLEAN, CrossEntropy.correct(tf, clean, batch.labels()));
    }
}
