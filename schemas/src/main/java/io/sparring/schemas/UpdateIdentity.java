package io.sparring.schemas;

import java.util.Comparator;

/**
 * What identifies published weights.
 *
 * @param incarnation rises when a restarted trainer cannot reach the recorded weights again, from 0
 * @param step batches applied to the weights, from 0
 */
public record UpdateIdentity(int incarnation, long step) implements Comparable<UpdateIdentity> {

    private static final Comparator<UpdateIdentity> ORDER =
            Comparator.comparingInt(UpdateIdentity::incarnation).thenComparingLong(UpdateIdentity::step);

    public UpdateIdentity {
        if (incarnation < 0 || step < 0) {
            throw new IllegalArgumentException("update " + incarnation + "/" + step + ": neither may be negative");
        }
    }

    /** The key of the update's records: {@code incarnation/step}. */
    public String key() {
        return incarnation + "/" + step;
    }

    @Override
    public int compareTo(UpdateIdentity other) {
        return ORDER.compare(this, other);
    }

    @Override
    public String toString() {
        return key();
    }
}
