package io.sparring.evaluator;

import io.sparring.schemas.Evaluation;
import io.sparring.schemas.Received;
import java.util.Optional;

/** Whether a record of the topic {@code evaluations} is a fact that can be counted. */
final class EvaluationCheck {

    /** More batches than any slice has: a report lists those that it has counted. */
    private static final int MOST_BATCHES = 1 << 20;

    private EvaluationCheck() {
    }

    /** Why it cannot be counted, as one sentence that names the field and what is allowed; nothing if it can. */
    static Optional<String> problem(String key, Received<Evaluation> received) {
        if (received == null) {
            return Optional.of("the record is empty; allowed: an Evaluation");
        }
        return received.isReadable() ? problem(key, received.value()) : Optional.of(received.failure());
    }

    private static Optional<String> problem(String key, Evaluation fact) {
        String own = fact.getIncarnation() + "/" + fact.getStep() + "/" + fact.getAttack() + "/" + fact.getSlice();
        if (fact.getIncarnation() < 0 || fact.getStep() < 0 || !own.equals(key)) {
            return Optional.of("key: " + key + "; allowed: the update, attack and slice of the fact, which are " + own);
        }
        if (fact.getBatches() < 1 || fact.getBatches() > MOST_BATCHES || fact.getBatchNumber() < 0
                || fact.getBatchNumber() >= fact.getBatches()) {
            return Optional.of("batchNumber: " + fact.getBatchNumber() + " of " + fact.getBatches()
                    + "; allowed: 0 to batches - 1");
        }
        if (fact.getImages() < 1 || fact.getCorrect() < 0 || fact.getCorrect() > fact.getImages()) {
            return Optional.of("correct: " + fact.getCorrect() + " of " + fact.getImages() + " images; allowed: 0 to images");
        }
        if (fact.getPerception() != null && !PerceptionRecords.countable(fact.getPerception(), fact.getImages())) {
            return Optional.of("perception: " + fact.getPerception() + "; allowed: finite sums over the " + fact.getImages() + " images");
        }
        boolean finite = Double.isFinite(fact.getSeconds()) && Float.isFinite(fact.getLoss()) && Float.isFinite(fact.getEpsilon())
                && Float.isFinite(fact.getStepSize());
        return finite ? Optional.empty() : Optional.of("loss, epsilon, stepSize, seconds: " + fact.getLoss() + ", " + fact.getEpsilon()
                + ", " + fact.getStepSize() + ", " + fact.getSeconds() + "; allowed: finite numbers");
    }
}
