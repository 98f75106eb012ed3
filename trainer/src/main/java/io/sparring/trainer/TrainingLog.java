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
     * The steps that give other batches than those their outcome, in their recorded order.
     *
     * @param outcomes of a checkpoint, which has been committed after their steps and before all others
     * @param stopped ends the reading early, with what there is
     */
    static List<TrainingStep> from(Consumer<Long, Received<TrainingStep>> consumer, String run, Outcomes outcomes,
            Supplier<Boolean> stopped) {
        TopicPartition partition = new TopicPartition(RunTopic.TRAINING_STEPS.of(run), 0);
        Collector[] last = new Collector[1];
        TopicTail.newest(consumer, partition, () -> last[0] = new Collector(outcomes), stopped);
        return List.copyOf(last[0].steps);
    }

    /**
     * Answers once it has seen where the wanted steps begin; until then {@link TopicTail} looks further back. In a log without an
     * answer they are all wanted.
     */
    private static final class Collector
            implements Function<ConsumerRecord<Long, Received<TrainingStep>>, Optional<List<TrainingStep>>> {

        private final Outcomes outcomes;
        private final List<TrainingStep> steps = new ArrayList<>();
        private boolean beginningSeen;

        Collector(Outcomes outcomes) {
            this.outcomes = outcomes;
        }

        @Override
        public Optional<List<TrainingStep>> apply(ConsumerRecord<Long, Received<TrainingStep>> record) {
            TrainingStep step = record.value() == null ? null : record.value().value();
            if (step != null) {
                if (outcomes.has(step.getBatchNumber())) {
                    beginningSeen = true;
                } else {
                    steps.add(step);
                }
            }
            return beginningSeen ? Optional.of(steps) : Optional.empty();
        }
    }
}
