package io.sparring.learning;

import java.util.Optional;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/**
 * Consistency-AT (Tack et al., arXiv 2103.04623, equation 5): the cross entropy of both views' perturbed images, and λ times
 * the {@link JensenShannon} divergence between what the network says of the two; with {@link RobustPerception} over both views,
 * λ times its term besides.
 *
 * <p>Every pass takes both views as one batch of twice the size. The order of passes is that of the published code ({@code
 * training/adv_train/adv_consistency_ra.py}): x', x~, x.
 */
record ConsistencyTraining(JensenShannon consistency, Optional<RobustPerception> perception) implements Objective {

    @Override
    public int views() {
        return 2;
    }

    @Override
    public String formula() {
        return "CE(f(x'), y) of both views + λ JS(f(x'1) ‖ f(x'2))" + (perception.isPresent() ? RobustPerception.FORMULA : "");
    }

    @Override
    public ObjectiveTerms terms(Ops tf, Classifier network, TrainingBatch batch) {
        Operand<TFloat32> perturbed = network.logits(batch.perturbed());
        ObjectiveTerms terms = ObjectiveTerms.of(CrossEntropy.mean(tf, perturbed, batch.targets()))
                .plus(tf, ObjectiveTerms.ROBUSTNESS, batch.lambda(), consistency.ofHalves(tf, perturbed))
                .reporting(ObjectiveTerms.CORRECT_PERTURBED, CrossEntropy.correct(tf, perturbed, batch.labels()));
        if (perception.isEmpty()) {
            return terms;
        }
        Operand<TFloat32> between =
                network.logits(perception.get().between(tf, batch.clean(), batch.perturbed()));
        Operand<TFloat32> clean = network.logits(batch.clean());
        return terms
                .plus(tf, ObjectiveTerms.PERCEPTION, batch.lambda(),
                        perception.get().term(tf, between, clean, perturbed))
                .reporting(ObjectiveTerms.CORRECT_CLEAN, CrossEntropy.correct(tf, clean, batch.labels()));
    }
}
