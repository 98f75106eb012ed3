package io.sparring.attacker;

import io.sparring.schemas.UpdateIdentity;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Whether an attacker can do its work: clean batches can come to it, and it has weights that are not too old or are held by the window.
 */
final class AttackerReadiness {

    private final Clock clock;
    private final Duration oldestWeights;
    private Supplier<Optional<String>> batches = () -> Optional.of(CleanBatches.NOT_ASSIGNED);
    private UpdateIdentity weights;
    private long weightsSince;
    private boolean paused;

    AttackerReadiness(Clock clock, Duration oldestWeights) {
        this.clock = clock;
        this.oldestWeights = oldestWeights;
    }

    /** @param problem why no clean batch can come, asked whenever somebody wants to know */
    synchronized void batches(Supplier<Optional<String>> problem) {
        batches = problem;
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
        Optional<String> noBatches = batches.get();
        if (noBatches.isPresent()) {
            return noBatches;
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
