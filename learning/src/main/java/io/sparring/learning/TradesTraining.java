package io.sparring.learning;

import java.util.Optional;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/**
 * TRADES (Zhang et al., arXiv 1901.08573, equation 5): CE(f(x), y) + β KL(softmax f(x) || softmax f(x')), the divergence a
 * mean over the batch; with {@link RobustPerception}, λ times its term besides.
 *
 * <p>The published code ({@code training/adv_train/adv_trades_ra.py}) runs x a second time for the divergence, which with
 * batch normalisation moves the moving statistics once more: the passes are x, x', x, x~.
 */
record TradesTraining(Optional<RobustPerception> perception) implements Objective {

    @Override
    public String formula() {
        return "CE(f(x), y) + β KL(f(x) ‖ f(x'))" + (perception.isPresent() ? RobustPerception.FORMULA : "");
    }

    @Override
    public ObjectiveTerms terms(Ops tf, Classifier network, TrainingBatch batch) {
        Operand<TFloat32> clean = network.logits(batch.clean());
        Operand<TFloat32> perturbed = network.logits(batch.perturbed());
        Operand<TFloat32> again = network.logits(batch.clean());
        ObjectiveTerms terms = ObjectiveTerms.of(CrossEntropy.mean(tf, clean, batch.targets()))
                .plus(tf, ObjectiveTerms.ROBUSTNESS, batch.beta(), KullbackLeibler.mean(tf, again, perturbed))
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
}
