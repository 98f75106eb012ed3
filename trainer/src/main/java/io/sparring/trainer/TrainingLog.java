package io.sparring.trainer;

import io.sparring.pipeline.TopicTail;
import io.sparring.schemas.Received;
import io.sparring.schemas.RunTopic;
import io.sparring.schemas.TrainingStep;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;

/** The committed training steps of a run. */
final class TrainingLog {

    private TrainingLog() {
    }

    /**
     * The steps of batch {@code nextBatch} and after, in their recorded order.
     *
     * @param stopped ends the reading early, with what there is
     */
    static List<TrainingStep> from(Consumer<Long, Received<TrainingStep>> consumer, String run, long nextBatch,
            Supplier<Boolean> stopped) {
        TopicPartition partition = new TopicPartition(RunTopic.TRAINING_STEPS.of(run), 0);
        return TopicTail.newest(consumer, partition, () -> new Collector(nextBatch), stopped).orElse(List.of());
    }

    /** Answers once it has seen where the wanted steps begin; until then {@link TopicTail} looks further back. */
    private static final class Collector
            implements Function<ConsumerRecord<Long, Received<TrainingStep>>, Optional<List<TrainingStep>>> {

        private final long nextBatch;
        private final List<TrainingStep> steps = new ArrayList<>();
        private boolean beginningSeen;

        Collector(long nextBatch) {
            this.nextBatch = nextBatch;
        }

        @Override
        public Optional<List<TrainingStep>> apply(ConsumerRecord<Long, Received<TrainingStep>> record) {
            TrainingStep step = record.value() == null ? null : record.value().value();
            if (step != null) {
                beginningSeen |= step.getBatchNumber() <= nextBatch;
                if (step.getBatchNumber() >= nextBatch) {
                    steps.add(step);
                }
            }
            return beginningSeen ? Optional.of(steps) : Optional.empty();
        }
    }
}
