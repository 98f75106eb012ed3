package io.sparring.evaluator;

import io.sparring.pipeline.Update;
import io.sparring.schemas.ImageBatch;
import java.util.Collection;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/**
 * Which held-out batch is measured next, and on which update. An update is finished before the newest one is begun, so that
 * updates which come faster than they can be measured do not keep every report from completion. Used by one thread.
 */
final class MeasuringPlan {

    private final Set<Long> measured = new HashSet<>();
    private Update update;

    /** The update that is being measured, or nothing if there is none yet. */
    Optional<Update> update() {
        return Optional.ofNullable(update);
    }

    /** A batch that the update has not been measured on; of the newest update once there is none. */
    Optional<ImageBatch> next(Collection<ImageBatch> held, Optional<Update> newest) {
        Optional<ImageBatch> next = unmeasured(held);
        if (next.isEmpty() && newest.isPresent() && newest.get() != update) {
            if (update == null || !update.identity().equals(newest.get().identity())) {
                // the same weights, published again for more batches, need not be measured again
                measured.clear();
            }
            update = newest.get();
            next = unmeasured(held);
        }
        return next;
    }

    /** The update needs not be measured on this batch again. */
    void done(ImageBatch batch) {
        measured.add(batch.getBatchNumber());
    }

    private Optional<ImageBatch> unmeasured(Collection<ImageBatch> held) {
        return update == null ? Optional.empty()
                : held.stream().filter(batch -> !measured.contains(batch.getBatchNumber())).findFirst();
    }
}
