package io.sparring.attacker;

import io.sparring.schemas.UpdateIdentity;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;

/** Whether an attacker can do its work: it has partitions, and weights that are not too old or are held by the window. */
final class AttackerReadiness {

    private final Clock clock;
    private final Duration oldestWeights;
    private int assigned;
    private UpdateIdentity weights;
    private long weightsSince;
    private boolean paused;

    AttackerReadiness(Clock clock, Duration oldestWeights) {
        this.clock = clock;
        this.oldestWeights = oldestWeights;
    }

    synchronized void assigned(int partitions) {
        assigned = partitions;
    }

    synchronized void weights(UpdateIdentity newest) {
        if (!newest.equals(weights)) {
            weights = newest;
            weightsSince = clock.millis();
        }
    }

    /** @param byWindow whether the attacker has all it needs but may not run further ahead, or has nothing to attack */
    synchronized void paused(boolean byWindow) {
        paused = byWindow;
    }

    /** Why not, or nothing. */
    synchronized Optional<String> problem() {
        if (assigned == 0) {
            return Optional.of("no partition of clean-batches is assigned");
        }
        if (weights == null) {
            return Optional.of("no weights have been published yet");
        }
        long seconds = (clock.millis() - weightsSince) / 1000;
        if (!paused && seconds > oldestWeights.toSeconds()) {
            return Optional.of("the newest weights, " + weights + ", came " + seconds + " s ago; allowed: "
                    + oldestWeights.toSeconds() + " s");
        }
        return Optional.empty();
    }
}
