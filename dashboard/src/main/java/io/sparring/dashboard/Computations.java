package io.sparring.dashboard;

import io.sparring.schemas.TrainingStep;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

/** On what a run's weights were computed, and when. */
final class Computations {

    private static final int MOST = 50;

    private final Map<String, String> platforms = new LinkedHashMap<>();
    private Instant first;
    private Instant last;

    void add(TrainingStep step) {
        first = first == null ? step.getTrainedAt() : first;
        last = step.getTrainedAt();
        if (step.getComputedOn() != null && (platforms.size() < MOST || platforms.containsKey(step.getComputedOn()))) {
            platforms.putIfAbsent(step.getComputedOn(), step.getIncarnation() + "/" + step.getStep());
        }
    }

    /** By what publishing steps say of the platform, the first update made on it. */
    Map<String, String> platforms() {
        return platforms;
    }

    /** When the first step that is there ended. */
    Instant first() {
        return first;
    }

    Instant last() {
        return last;
    }
}
