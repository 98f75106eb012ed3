package io.sparring.evaluator;

import io.sparring.learning.ModelProgram;
import io.sparring.learning.SafeTensors;
import io.sparring.pipeline.EvaluationSettings;
import io.sparring.pipeline.RunSpecification;
import io.sparring.pipeline.Update;
import io.sparring.schemas.Evaluation;
import io.sparring.schemas.ImageBatch;
import io.sparring.schemas.Split;
import io.sparring.schemas.UpdateIdentity;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Measures updates on held-out batches: clean and under the run's evaluation attack. Used by one thread. */
final class BatchEvaluator {

    private static final Logger LOG = LoggerFactory.getLogger(BatchEvaluator.class);

    static final String SLICE = "held-out";
    static final String VALIDATION_SLICE = "validation";
    static final String CLEAN = "clean";

    private final RunSpecification run;
    private final ModelProgram program;
    private final String instance;
    private final Clock clock;
    private UpdateIdentity loaded;

    /** @param program is the caller's to close; its weights are this evaluator's to set */
    BatchEvaluator(RunSpecification run, ModelProgram program, String instance, Clock clock) {
        this.run = run;
        this.program = program;
        this.instance = instance;
        this.clock = clock;
    }

    /**
     * The facts about the batch: clean, then attacked. The attack's seed is the same for every update. None if the model
     * program cannot take the batch, which leaves the report incomplete.
     */
    List<Evaluation> evaluate(ImageBatch batch, Update update) {
        if (!update.identity().equals(loaded)) {
            program.assign(SafeTensors.decode(update.weights()));
            loaded = update.identity();
        }
        AttackedBatch measured;
        try {
            measured = AttackedBatch.of(program, run, batch);
        } catch (IllegalArgumentException e) {
            return passOver(batch, e.getMessage());
        }
        int[] labels = measured.labels();
        EvaluationSettings attack = run.evaluation();
        ClassifiedImages clean = ClassifiedImages.of(measured.clean(), labels);
        Evaluation fact = Evaluation.newBuilder().setIncarnation(update.identity().incarnation())
                .setStep(update.identity().step()).setAttack(CLEAN).setSlice(slice(batch)).setBatchNumber(batch.getBatchNumber())
                .setBatches(run.heldOutBatches()).setImages(labels.length).setCorrect(clean.correct()).setLoss(clean.loss())
                .setEpsilon(0).setStepSize(0).setAttackSteps(0).setSeed(0).setEvaluator(instance)
                .setCreatedAt(Instant.ofEpochMilli(clock.millis())).setNorm(run.attack().norm()).build();
        return List.of(fact, Evaluation.newBuilder(fact).setAttack(attack.reportName())
                .setCorrect(labels.length - Math.round(measured.attacked().success(labels) * labels.length))
                .setLoss(ClassifiedImages.mean(measured.attacked().lossAfter())).setEpsilon(attack.epsilon())
                .setStepSize(attack.stepSize()).setAttackSteps(attack.steps()).setSeed(measured.seed()).build());
    }

    private static String slice(ImageBatch batch) {
        return batch.getSplit() == Split.VALIDATION ? VALIDATION_SLICE : SLICE;
    }

    private static List<Evaluation> passOver(ImageBatch batch, String reason) {
        LOG.warn("passed over held-out batch {}: {}", batch.getBatchNumber(), reason);
        return List.of();
    }
}
