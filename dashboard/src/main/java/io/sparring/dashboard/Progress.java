package io.sparring.dashboard;

import io.sparring.schemas.Outcome;
import io.sparring.schemas.TrainingStep;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.EnumMap;
import java.util.Map;

/** How far a run is. */
final class Progress {

    private static final int RECENT = 64;
    /** Longer without a batch, there is no saying how long the rest will take. */
    private static final Duration STALLED = Duration.ofSeconds(30);

    private final Map<Outcome, Long> outcomes = new EnumMap<>(Outcome.class);
    private final Deque<Long> recent = new ArrayDeque<>();
    private long first = -1;
    private long recorded;
    private TrainingStep newest;

    /**
     * @param batches that have their outcome
     * @param firstBatch the first whose outcome is on the topic, for those before it may be trimmed; -1 for none
     * @param outcomes how many recorded batches were TRAINED, REFRESHED, DROPPED, REFUSED
     * @param batchesPerSecond over the last batches; null while none come
     * @param trainedAt of the newest, milliseconds since 1970; 0 for none
     */
    record View(long batches, long firstBatch, Map<Outcome, Long> outcomes, int incarnation, long step, Double learningRate,
            Double loss, Long staleness, Double batchesPerSecond, long trainedAt) {
    }

    void add(TrainingStep record) {
        first = first < 0 ? record.getBatchNumber() : Math.min(first, record.getBatchNumber());
        recorded++;
        outcomes.merge(record.getOutcome(), 1L, Long::sum);
        newest = record;
        recent.addLast(record.getTrainedAt().toEpochMilli());
        if (recent.size() > RECENT) {
            recent.removeFirst();
        }
    }

    View view(long now) {
        if (newest == null) {
            return new View(0, -1, Map.of(), 0, 0, null, null, null, null, 0);
        }
        long span = recent.getLast() - recent.getFirst();
        boolean moving = span > 0 && now - recent.getLast() < STALLED.toMillis();
        return new View(first + recorded, first, Map.copyOf(outcomes), newest.getIncarnation(), newest.getStep(),
                Shown.number(newest.getLearningRate()), newest.getImages() == 0 ? null : Shown.rounded(newest.getLoss()),
                newest.getStaleness(), moving ? Shown.rounded(1000.0 * (recent.size() - 1) / span) : null,
                newest.getTrainedAt().toEpochMilli());
    }
}
