package io.sparring.trainer;

import io.sparring.pipeline.SetAside;
import io.sparring.pipeline.TopicTail;
import io.sparring.schemas.Received;
import io.sparring.schemas.RunTopic;
import io.sparring.schemas.TrainingStep;
import io.sparring.schemas.WireFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;

/** The committed training steps of a run. */
final class TrainingLog {

    private static final WireFormat<TrainingStep> FORMAT = WireFormat.of(TrainingStep.class);

    private TrainingLog() {
    }

    /**
     * The steps that give other batches than those their outcome, in their recorded order.
     *
     * @param outcomes of a checkpoint, which has been committed after their steps and before all others
     * @param aside where records go that are no training steps, or further ones of a number
     * @param stopped ends the reading early, with what there is
     */
    static List<TrainingStep> from(Consumer<Long, Received<TrainingStep>> consumer, String run, Outcomes outcomes,
            SetAside aside, Supplier<Boolean> stopped) {
        TopicPartition partition = new TopicPartition(RunTopic.TRAINING_STEPS.of(run), 0);
        Collector[] last = new Collector[1];
        boolean answered =
                TopicTail.newest(consumer, partition, () -> last[0] = new Collector(outcomes, aside), stopped).isPresent();
        if (answered && !last[0].beginningSeen) {
            // it began with copies of older steps: where the wanted ones begin is only known once all are read
            TopicTail.newest(consumer, partition, () -> {
                last[0] = new Collector(outcomes, SetAside.LOGGED);
                return record -> last[0].apply(record).filter(collector -> false);
            }, stopped);
        }
        return List.copyOf(last[0].steps.values());
    }

    /**
     * Answers once it has seen where the wanted steps begin; until then {@link TopicTail} looks further back. In a log without an
     * answer they are all wanted.
     */
    private static final class Collector
            implements Function<ConsumerRecord<Long, Received<TrainingStep>>, Optional<Collector>> {

        private final Outcomes outcomes;
        private final SetAside aside;
        private final Map<Long, TrainingStep> steps = new LinkedHashMap<>();
        private TrainingStep last;
        private boolean beginningSeen;

        Collector(Outcomes outcomes, SetAside aside) {
            this.outcomes = outcomes;
            this.aside = aside;
        }

        @Override
        public Optional<Collector> apply(ConsumerRecord<Long, Received<TrainingStep>> record) {
            Optional<String> problem = problem(record);
            if (problem.isPresent()) {
                aside.add(record, FORMAT.bytes(record.value()), problem.get());
            } else {
                take(record.value().value());
            }
            return beginningSeen ? Optional.of(this) : Optional.empty();
        }

        private void take(TrainingStep step) {
            if (last != null && step.getIncarnation() == last.getIncarnation() && step.getStep() > last.getStep() + 1) {
                // what came before was a copy of an older step, and the beginning is further back
                steps.clear();
                beginningSeen = false;
            }
            last = step;
            if (outcomes.has(step.getBatchNumber())) {
                beginningSeen = true;
            } else {
                steps.put(step.getBatchNumber(), step);
            }
        }

        private Optional<String> problem(ConsumerRecord<Long, Received<TrainingStep>> record) {
            return TrainingLog.problem(record).or(() -> older(record.value().value(), last)
                    || steps.containsKey(record.key()) ? Optional.of("a duplicate: batch " + record.key()
                            + " has its outcome already") : Optional.empty());
        }
    }

    /** Why the record is no training step, or nothing. */
    static Optional<String> problem(ConsumerRecord<Long, Received<TrainingStep>> record) {
        if (record.value() == null || !record.value().isReadable()) {
            return Optional.of(record.value() == null ? "the record is empty; allowed: a TrainingStep"
                    : record.value().failure());
        }
        long number = record.value().value().getBatchNumber();
        return record.key() != null && number >= 0 && number == record.key() ? Optional.empty()
                : Optional.of("batchNumber: " + number + "; allowed: the record's key, which is " + record.key());
    }

    /** Whether a step cannot have come after {@code last}: steps count up in an incarnation, and incarnations do. */
    static boolean older(TrainingStep step, TrainingStep last) {
        return last != null && (step.getIncarnation() < last.getIncarnation()
                || step.getIncarnation() == last.getIncarnation() && step.getStep() < last.getStep());
    }
}
