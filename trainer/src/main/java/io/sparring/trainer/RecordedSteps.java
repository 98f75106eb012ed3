package io.sparring.trainer;

import io.sparring.schemas.Position;
import io.sparring.schemas.Received;
import io.sparring.schemas.RunTopic;
import io.sparring.schemas.TrainingStep;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;

/** The committed training steps of a run from a checkpoint on, in their recorded order, one publishing interval after the other. */
final class RecordedSteps implements AutoCloseable {

    private static final Duration POLL = Duration.ofMillis(100);

    private final Consumer<Long, Received<TrainingStep>> consumer;
    private final TopicPartition partition;
    private final long nextBatch;
    private final Set<Long> outcomesAbove;
    private final long end;
    private final Queue<TrainingStep> polled = new ArrayDeque<>();

    /**
     * Reads what there is by now.
     *
     * @param consumer assigned and positioned by this, closed with it
     * @param position the checkpoint's: the steps of batches that have their outcome there are passed over
     */
    RecordedSteps(Consumer<Long, Received<TrainingStep>> consumer, String run, Position position) {
        this.consumer = consumer;
        this.partition = new TopicPartition(RunTopic.TRAINING_STEPS.of(run), 0);
        this.nextBatch = position.getNextBatch();
        this.outcomesAbove = new HashSet<>(position.getOutcomesAbove());
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

    private void take(ConsumerRecord<Long, Received<TrainingStep>> record) {
        TrainingStep step = record.value() == null ? null : record.value().value();
        if (step != null && step.getBatchNumber() >= nextBatch && !outcomesAbove.contains(step.getBatchNumber())) {
            polled.add(step);
        }
    }

    @Override
    public void close() {
        consumer.close();
    }
}
