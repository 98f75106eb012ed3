package io.sparring.trainer;

import io.sparring.schemas.Position;
import java.util.List;
import java.util.TreeSet;

/** Which batch numbers have their outcome: all below the next one and, where batches are taken as they arrive, some above it. */
final class Outcomes {

    private final TreeSet<Long> above;
    private long next;

    /** Those of a checkpoint's position. */
    Outcomes(Position position) {
        this.next = position.getNextBatch();
        this.above = new TreeSet<>(position.getOutcomesAbove());
    }

    /** The smallest number without an outcome. */
    long next() {
        return next;
    }

    /** Those above the smallest number without one, ascending. */
    List<Long> above() {
        return List.copyOf(above);
    }

    /** How many there are. */
    long count() {
        return next + above.size();
    }

    boolean has(long batchNumber) {
        return batchNumber < next || above.contains(batchNumber);
    }

    /** @throws IllegalStateException if the number has its outcome already: there is one for each */
    void add(long batchNumber) {
        if (batchNumber < next || !above.add(batchNumber)) {
            throw new IllegalStateException("batch " + batchNumber + " has its outcome already");
        }
        while (above.remove(next)) {
            next++;
        }
    }
}
