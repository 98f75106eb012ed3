package io.sparring.attacker;

import io.sparring.learning.AttackNorm;
import io.sparring.learning.AttackResult;
import io.sparring.learning.EpsilonSchedule;
import io.sparring.learning.ModelProgram;
import io.sparring.learning.PerturbationEncoding;
import io.sparring.learning.PixelPerturbation;
import io.sparring.learning.SafeTensors;
import io.sparring.pipeline.AttackSettings;
import io.sparring.pipeline.BatchCheck;
import io.sparring.pipeline.RunSpecification;
import io.sparring.pipeline.Update;
import io.sparring.schemas.AdversarialBatch;
import io.sparring.schemas.Crafted;
import io.sparring.schemas.ImageBatch;
import io.sparring.schemas.PerturbationNorm;
import io.sparring.schemas.Received;
import io.sparring.schemas.Refused;
import io.sparring.schemas.UpdateIdentity;
import java.nio.ByteBuffer;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.ToDoubleFunction;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * Makes the adversarial batch of a clean one under the run's rule. What it makes is a function of the batch, the update and
 * the run's specification alone, down to the last bit on the same kind of processor. Used by one thread.
 */
public final class BatchCrafter {

    /** What is added to the seed of a batch for its second view. */
    static final long SECOND_VIEW = 0xBF58476D1CE4E5B9L;

    private final RunSpecification run;
    private final ModelProgram program;
    private final String instance;
    private final Clock clock;
    private final EpsilonSchedule epsilon;
    private final AttackNorm norm;
    private final PerturbationEncoding encoding;
    private UpdateIdentity loaded;
    private int[] predicted;

    /**
     * @param program is the caller's to close; its weights are this crafter's to set
     * @param instance who crafts
     */
    public BatchCrafter(RunSpecification run, ModelProgram program, String instance, Clock clock) {
        this.run = run;
        this.program = program;
        this.instance = instance;
        this.clock = clock;
        this.epsilon = new EpsilonSchedule(run.attack().epsilon(), run.attack().epsilonWarmUp());
        this.norm = AttackNorm.named(run.attack().norm());
        this.encoding = PerturbationEncoding.of(norm);
    }

    /** What becomes of a record of the clean batches, whose key is a batch number: Refused if it cannot be used. */
    public AdversarialBatch answer(ConsumerRecord<Long, Received<ImageBatch>> clean, Update update) {
        return BatchCheck.problem(clean).map(problem -> refused(clean.key(), problem))
                .orElseGet(() -> craft(clean.value().value(), update));
    }

    /** The batch's perturbation against {@code update}; Refused if the model program cannot take the batch. */
    public AdversarialBatch craft(ImageBatch batch, Update update) {
        predicted = null;
        if (!update.identity().equals(loaded)) {
            program.assign(SafeTensors.decode(update.weights()));
            loaded = update.identity();
        }
        Optional<String> problem = BatchViews.problem(batch, program);
        return problem.map(reason -> refused(batch.getBatchNumber(), reason)).orElseGet(() -> craft(batch, update.identity()));
    }

    private AdversarialBatch craft(ImageBatch batch, UpdateIdentity update) {
        BatchViews views = BatchViews.of(batch);
        float radius = encoding.radius(epsilon.at(batch.getBatchNumber()));
        long seed = seed(run.seed(), batch.getBatchNumber());
        List<ByteBuffer> perturbations = new ArrayList<>();
        List<AttackResult> results = new ArrayList<>();
        try {
            for (byte[] pixels : views.pixels()) {
                AttackResult result = program.attack(AttackSettings.NAME, PixelPerturbation.images(pixels), views.labels(),
                        seed + results.size() * SECOND_VIEW, radius, run.attack().stepWithin(radius));
                perturbations.add(ByteBuffer.wrap(encoding.encode(pixels, result.perturbed(), views.labels().length, radius)));
                results.add(result);
            }
            predicted = results.get(0).predictedAfter();
        } catch (IllegalArgumentException e) {
            return refused(batch.getBatchNumber(), e.getMessage());
        }
        return new AdversarialBatch(batch.getBatchNumber(), instance, new Crafted(update.incarnation(), update.step(),
                AttackSettings.NAME, radius, run.attack().stepWithin(radius),
                norm == AttackNorm.LINF ? PixelPerturbation.bound(radius) : 0, seed, perturbations.get(0), batch.getSha256(),
                mean(results, result -> result.success(views.labels())), mean(results, result -> mean(result.lossBefore())),
                mean(results, result -> mean(result.lossAfter())), PerturbationNorm.valueOf(norm.name()),
                perturbations.size() > 1 ? perturbations.get(1) : null, program.platform()), now());
    }

    /** The class that each image of the batch crafted last is taken for once perturbed, of its first view. */
    int[] predicted() {
        return predicted;
    }

    /** The model program, with the weights that the batch crafted last was crafted against. */
    ModelProgram program() {
        return program;
    }

    /** The record that says that a clean batch cannot be used. */
    public AdversarialBatch refused(long batchNumber, String reason) {
        return new AdversarialBatch(batchNumber, instance, new Refused(reason), now());
    }

    /**
     * Seed of the random start of batch {@code batchNumber}; that of its second view is {@link #SECOND_VIEW} more. Neighbouring
     * runs and batches have nothing in common.
     */
    static long seed(long runSeed, long batchNumber) {
        return runSeed * 0x9E3779B97F4A7C15L + batchNumber * 0xD1B54A32D192ED03L;
    }

    private Instant now() {
        return Instant.ofEpochMilli(clock.millis());
    }

    /** Over the views. */
    private static float mean(List<AttackResult> results, ToDoubleFunction<AttackResult> number) {
        return (float) results.stream().mapToDouble(number).average().orElseThrow();
    }

    private static float mean(float[] values) {
        double sum = 0;
        for (float value : values) {
            sum += value;
        }
        return (float) (sum / values.length);
    }
}
