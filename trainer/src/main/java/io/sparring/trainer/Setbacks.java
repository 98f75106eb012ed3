package io.sparring.trainer;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.sparring.pipeline.LostPositionException;
import io.sparring.pipeline.Metric;
import io.sparring.pipeline.RunSpecification;
import io.sparring.schemas.UpdateIdentity;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Why a trainer begins again at what is committed, and when not. Most of all: what it does about steps that make the loss or a
 * weight NaN or infinite. The committed steps are known to be good, since
 * weights are looked at before they are published; so training goes back to them and takes the batches after them again. A finite
 * loss may come with weights that overflow, and then it is the next batch whose loss is not finite: the first time that something
 * is found, the batches are therefore taken again with a look at the weights after each, and what is found then is the cause. It
 * is refused and the others are taken once more. Each time but the first refuses one batch, so this ends.
 *
 * <p>Nothing of it is kept but the outcomes that are published in the end: who takes over meanwhile finds the same.
 */
final class Setbacks {

    private static final Logger LOG = LoggerFactory.getLogger(Setbacks.class);

    private final boolean refuses;
    private final Counter counter;
    private final Map<Long, String> refused = new HashMap<>();
    private boolean careful;
    private UpdateIdentity lostFrom;

    Setbacks(RunSpecification run, MeterRegistry meters) {
        this.refuses = run.optimizer().notFinite().equals("refuse");
        this.counter = Metric.SETBACKS.counter(meters);
    }

    /** Whether the weights are to be looked at after each step. */
    boolean careful() {
        return careful;
    }

    /** Why the batch is to be refused, or nothing. */
    Optional<String> reason(long batchNumber) {
        return Optional.ofNullable(refused.get(batchNumber));
    }

    /**
     * Training is to go on from what is committed.
     *
     * @throws NotFiniteException the same, if the run is to stop instead
     */
    void goBack(NotFiniteException found) {
        if (!refuses || refused.containsKey(found.batchNumber())) {
            throw found;
        }
        counter.increment();
        if (careful) {
            refused.put(found.batchNumber(), found.reason());
            LOG.warn("batch {} is refused: {}", found.batchNumber(), found.reason());
        } else {
            careful = true;
            LOG.warn("batch {}: {}; the batches since the last update are taken again to find the cause", found.batchNumber(),
                    found.reason());
        }
    }

    /**
     * A trainer that was stopped for long may find that the one after it has trimmed what it was about to read. Then there is a
     * newer checkpoint to begin at. Who begins at the same one again has really lost its position.
     *
     * @param begun the checkpoint that the session began at
     * @throws LostPositionException the same, if the session before began at that checkpoint and lost its position too
     */
    void goBack(LostPositionException lost, UpdateIdentity begun) {
        if (begun.equals(lostFrom)) {
            throw lost;
        }
        lostFrom = begun;
        LOG.warn("begins again at the newest checkpoint: {}", lost.getMessage());
    }

    /** The outcomes of the batches that were taken again are committed, or training goes on with other weights. */
    void forget() {
        careful = false;
        refused.clear();
    }
}
