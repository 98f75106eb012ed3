package io.sparring.trainer;

import io.sparring.schemas.Position;
import io.sparring.schemas.Received;
import io.sparring.schemas.RunTopic;
import io.sparring.schemas.TrainingStep;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;

/** The committed training steps of a run from a checkpoint on, in their recorded order, one publishing interval after the other. */
final class RecordedSteps implements AutoCloseable {

    private static final Duration POLL = Duration.ofMillis(100);

    private final Consumer<Long, Received<TrainingStep>> consumer;
    private final TopicPartition partition;
    private final Outcomes outcomes;
    private final long end;
    private final Queue<TrainingStep> polled = new ArrayDeque<>();
    private TrainingStep last;

    /**
     * Reads what there is by now.
     *
     * @param consumer assigned and positioned by this, closed with it
     * @param position the checkpoint's: the steps of batches that have their outcome there are passed over
     */
    RecordedSteps(Consumer<Long, Received<TrainingStep>> consumer, String run, Position position) {
        this.consumer = consumer;
        this.partition = new TopicPartition(RunTopic.TRAINING_STEPS.of(run), 0);
        this.outcomes = new Outcomes(position);
        consumer.assign(List.of(partition));
        consumer.seekToBeginning(List.of(partition));
        this.end = consumer.endOffsets(List.of(partition)).get(partition);
    }

    /** The steps up to the next publishing step, which is the last of them; none after the last. */
    List<TrainingStep> nextInterval() {
        List<TrainingStep> interval = new ArrayList<>();
        while (interval.isEmpty() || interval.get(interval.size() - 1).getWeightsSha256() == null) {
            while (polled.isEmpty() && consumer.position(partition) < end) {
                consumer.poll(POLL).forEach(this::take);
            }
            if (polled.isEmpty()) {
                return interval;
            }
            interval.add(polled.remove());
        }
        return interval;
    }

    /** As {@link TrainingLog} does for the trainer. */
    private void take(ConsumerRecord<Long, Received<TrainingStep>> record) {
        if (TrainingLog.problem(record).isPresent()) {
            return;
        }
        TrainingStep step = record.value().value();
        if (!outcomes.has(step.getBatchNumber()) && !TrainingLog.older(step, last)) {
            outcomes.add(step.getBatchNumber());
            polled.add(step);
            last = step;
        }
    }

    @Override
    public void close() {
        consumer.close();
    }
}
