package io.sparring.evaluator;

import io.sparring.learning.ModelProgram;
import io.sparring.learning.PerceptionConsistency;
import io.sparring.learning.PixelPerturbation;
import io.sparring.pipeline.EvaluationSettings;
import io.sparring.pipeline.RunSpecification;
import io.sparring.pipeline.Update;
import io.sparring.schemas.Evaluation;
import io.sparring.schemas.ImageBatch;
import io.sparring.schemas.UpdateIdentity;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Measures updates on held-out batches: clean and under the run's evaluation attack. Used by one thread. */
final class BatchEvaluator {

    private static final Logger LOG = LoggerFactory.getLogger(BatchEvaluator.class);

    static final String CLEAN = "clean";

    private final RunSpecification run;
    private final UpdateWeights weights;
    private final String instance;
    private final Clock clock;

    BatchEvaluator(RunSpecification run, UpdateWeights weights, String instance, Clock clock) {
        this.run = run;
        this.weights = weights;
        this.instance = instance;
        this.clock = clock;
    }

    /**
     * The facts about the batch for each slice that holds it: clean, then attacked. The attack's seed is the same for every
     * update. None if the model program cannot take the batch, which leaves the report incomplete.
     */
    List<Evaluation> evaluate(ImageBatch batch, Update update, List<Slice> slices) {
        ModelProgram program = weights.with(update);
        List<Evaluation> facts = new ArrayList<>();
        try {
            List<Evaluation> measured = measure(program, batch, update.identity());
            slices.stream().filter(slice -> slice.holds(batch)).forEach(slice -> measured.forEach(fact ->
                    facts.add(Evaluation.newBuilder(fact).setSlice(slice.name()).setBatches(slice.batches())
                            .setBatchNumber(fact.getBatchNumber() - slice.first()).build())));
        } catch (IllegalArgumentException e) {
            return passOver(batch, e.getMessage());
        }
        return facts;
    }

    private List<Evaluation> measure(ModelProgram program, ImageBatch batch, UpdateIdentity update) {
        long start = clock.millis();
        AttackedBatch measured = AttackedBatch.of(program, run, batch, clock);
        int[] labels = measured.labels();
        float[][] clean = measured.clean();
        double cleanSeconds = measured.cleanSeconds();
        EvaluationSettings attack = run.evaluation();
        float[] perturbed = measured.attacked().perturbed();
        float[][] attacked = program.predict(perturbed, labels.length);
        float[][] midpoint = program.predict(PerceptionConsistency.midpoints(measured.images(), perturbed), labels.length);
        ClassifiedImages withoutAttack = ClassifiedImages.of(clean, labels);
        ClassifiedImages underAttack = ClassifiedImages.of(attacked, labels);
        Evaluation fact = fact(batch, update).setAttack(CLEAN).setCorrect(withoutAttack.correct())
                .setLoss(withoutAttack.loss()).setEpsilon(0).setStepSize(0).setAttackSteps(0).setSeed(0)
                .setSeconds(cleanSeconds).build();
        return List.of(fact, Evaluation.newBuilder(fact).setAttack(attack.reportName()).setCorrect(underAttack.correct())
                .setLoss(underAttack.loss()).setEpsilon(attack.epsilon()).setStepSize(attack.stepSize())
                .setAttackSteps(attack.steps()).setSeed(measured.seed()).setParameters(parameters(attack))
                .setPerception(PerceptionRecords.of(PerceptionConsistency.of(clean, midpoint, attacked, labels)))
                .setSeconds((clock.millis() - start) / 1e3 - cleanSeconds).build());
    }

    /** What the facts about a batch have in common; the slice is still to be set. */
    private Evaluation.Builder fact(ImageBatch batch, UpdateIdentity update) {
        return Evaluation.newBuilder().setIncarnation(update.incarnation()).setStep(update.step()).setSlice("")
                .setBatchNumber(batch.getBatchNumber()).setBatches(0).setImages(batch.getLabels().size())
                .setEvaluator(instance).setCreatedAt(Instant.ofEpochMilli(clock.millis())).setNorm(run.attack().norm())
                .setDataSet(run.data().name()).setDataSha256(batch.getSha256());
    }

    /** Of PGD as the model program has it. */
    private static Map<String, String> parameters(EvaluationSettings attack) {
        return Map.of("steps", Integer.toString(attack.steps()), "step size", Float.toString(attack.stepSize()),
                "start", "uniform in the ball", "restarts", "1", "loss", "cross entropy");
    }

    private static List<Evaluation> passOver(ImageBatch batch, String reason) {
        LOG.warn("passed over held-out batch {}: {}", batch.getBatchNumber(), reason);
        return List.of();
    }

    static int[] labels(ImageBatch batch) {
        return batch.getLabels().stream().mapToInt(Integer::intValue).toArray();
    }

    /** The images as the model program takes them. */
    static float[] images(ImageBatch batch) {
        byte[] pixels = new byte[batch.getPixels().remaining()];
        batch.getPixels().duplicate().get(pixels);
        return PixelPerturbation.images(pixels);
    }
}
