package io.sparring.trainer;

import io.sparring.attacker.BatchCrafter;
import io.sparring.learning.ModelProgram;
import io.sparring.pipeline.RunSpecification;
import io.sparring.pipeline.Update;
import io.sparring.schemas.AdversarialBatch;
import io.sparring.schemas.ImageBatch;
import io.sparring.schemas.Received;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.function.LongFunction;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Crafts the batch that the trainer waits for once no attacker has done so for the run's time, so that a run ends even when
 * its attackers do not come back. A session of its own holds the published weights, which are not those being trained.
 */
final class MissingBatches implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(MissingBatches.class);

    private final RunSpecification run;
    private final Supplier<ModelProgram> programs;
    private final String instance;
    private final Clock clock;
    private final Duration patience;
    private ModelProgram loaded;
    private BatchCrafter crafter;
    private long waitsFor = -1;
    private long since;

    /** @param programs loads the run's, which is closed with this */
    MissingBatches(RunSpecification run, Supplier<ModelProgram> programs, String instance, Clock clock) {
        this.run = run;
        this.programs = programs;
        this.instance = instance;
        this.clock = clock;
        this.patience = Duration.ofSeconds(run.staleness().craftAfterSeconds());
    }

    /** The batch that was waited for has arrived. */
    void found(long batchNumber) {
        if (waitsFor == batchNumber) {
            waitsFor = -1;
        }
    }

    /**
     * Called again and again while the trainer waits for the adversarial batch of {@code clean}.
     *
     * @param clean its key is the number waited for; what it holds may be unusable
     * @param update finds what to craft the batch of a number against
     * @return the answer, crafted or Refused, each time that patience is over
     */
    Optional<AdversarialBatch> craft(ConsumerRecord<Long, Received<ImageBatch>> clean, LongFunction<Update> update) {
        long now = clock.millis();
        // a clock that was set back must not make it wait for that much longer
        if (waitsFor != clean.key() || now < since) {
            waitsFor = clean.key();
            since = now;
        }
        if (now - since < patience.toMillis()) {
            return Optional.empty();
        }
        LOG.warn("no attacker has crafted batch {} for {} s: crafting it here", waitsFor, patience.toSeconds());
        if (loaded == null) {
            loaded = programs.get();
            crafter = new BatchCrafter(run, loaded, instance, clock);
        }
        AdversarialBatch crafted = crafter.answer(clean, update.apply(clean.key()));
        since = clock.millis();
        return Optional.of(crafted);
    }

    @Override
    public void close() {
        if (loaded != null) {
            loaded.close();
        }
    }
}
