package io.sparring.attacker;

import io.sparring.learning.AttackResult;
import io.sparring.learning.EpsilonSchedule;
import io.sparring.learning.ModelProgram;
import io.sparring.learning.PixelPerturbation;
import io.sparring.learning.SafeTensors;
import io.sparring.pipeline.AttackSettings;
import io.sparring.pipeline.BatchCheck;
import io.sparring.pipeline.RunSpecification;
import io.sparring.pipeline.Update;
import io.sparring.schemas.AdversarialBatch;
import io.sparring.schemas.Crafted;
import io.sparring.schemas.ImageBatch;
import io.sparring.schemas.Received;
import io.sparring.schemas.PerturbationNorm;
import io.sparring.schemas.Refused;
import io.sparring.schemas.UpdateIdentity;
import java.nio.ByteBuffer;
import java.time.Clock;
import java.time.Instant;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * Makes the adversarial batch of a clean one under the run's rule. What it makes is a function of the batch, the update and
 * the run's specification alone, down to the last bit on the same kind of processor. Used by one thread.
 */
public final class BatchCrafter {

    private final RunSpecification run;
    private final ModelProgram program;
    private final String instance;
    private final Clock clock;
    private final EpsilonSchedule epsilon;
    private UpdateIdentity loaded;

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
    }

    /** What becomes of a record of the clean batches, whose key is a batch number: Refused if it cannot be used. */
    public AdversarialBatch answer(ConsumerRecord<Long, Received<ImageBatch>> clean, Update update) {
        return BatchCheck.problem(clean).map(problem -> refused(clean.key(), problem))
                .orElseGet(() -> craft(clean.value().value(), update));
    }

    /** The batch's perturbation against {@code update}; Refused if the model program cannot take the batch. */
    public AdversarialBatch craft(ImageBatch batch, Update update) {
        if (!update.identity().equals(loaded)) {
            program.assign(SafeTensors.decode(update.weights()));
            loaded = update.identity();
        }
        int bound = PixelPerturbation.bound(epsilon.at(batch.getBatchNumber()));
        float effective = bound / 255f;
        long seed = seed(run.seed(), batch.getBatchNumber());
        byte[] pixels = pixels(batch);
        int[] labels = batch.getLabels().stream().mapToInt(Integer::intValue).toArray();
        AttackResult result;
        try {
            result = program.attack(AttackSettings.NAME, PixelPerturbation.images(pixels), labels, seed, effective,
                    run.attack().stepSize());
        } catch (IllegalArgumentException e) {
            return refused(batch.getBatchNumber(), e.getMessage());
        }
        return new AdversarialBatch(batch.getBatchNumber(), instance, new Crafted(update.identity().incarnation(),
                update.identity().step(), AttackSettings.NAME, effective, run.attack().stepSize(), bound, seed,
                ByteBuffer.wrap(PixelPerturbation.encode(pixels, result.perturbed(), bound)), batch.getSha256(),
                result.success(labels), mean(result.lossBefore()), mean(result.lossAfter()),
                PerturbationNorm.LINF, null), now());
    }

    /** The record that says that a clean batch cannot be used. */
    public AdversarialBatch refused(long batchNumber, String reason) {
        return new AdversarialBatch(batchNumber, instance, new Refused(reason), now());
    }

    /** Seed of the random start of batch {@code batchNumber}: neighbouring runs and batches have nothing in common. */
    static long seed(long runSeed, long batchNumber) {
        return runSeed * 0x9E3779B97F4A7C15L + batchNumber * 0xD1B54A32D192ED03L;
    }

    private Instant now() {
        return Instant.ofEpochMilli(clock.millis());
    }

    private static byte[] pixels(ImageBatch batch) {
        byte[] pixels = new byte[batch.getPixels().remaining()];
        batch.getPixels().duplicate().get(pixels);
        return pixels;
    }

    private static float mean(float[] values) {
        double sum = 0;
        for (float value : values) {
            sum += value;
        }
        return (float) (sum / values.length);
    }
}
