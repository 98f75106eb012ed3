package io.sparring.trainer;

import io.sparring.pipeline.SetAside;
import io.sparring.pipeline.TopicTail;
import io.sparring.schemas.Received;
import io.sparring.schemas.RunTopic;
import io.sparring.schemas.TrainingStep;
import io.sparring.schemas.WireFormat;
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

    private static final WireFormat<TrainingStep> FORMAT = WireFormat.of(TrainingStep.class);

    private TrainingLog() {
    }

    /**
     * The steps of batch {@code nextBatch} and after, in their recorded order.
     *
     * @param aside where records go that are no training steps, or further ones of a number
     * @param stopped ends the reading early, with what there is
     */
    static List<TrainingStep> from(Consumer<Long, Received<TrainingStep>> consumer, String run, long nextBatch,
            SetAside aside, Supplier<Boolean> stopped) {
        TopicPartition partition = new TopicPartition(RunTopic.TRAINING_STEPS.of(run), 0);
        Optional<Collector> found = TopicTail.newest(consumer, partition, () -> new Collector(nextBatch, aside), stopped);
        if (found.isPresent() && !found.get().beginningSeen) {
            // it began with copies of older steps: where the wanted ones begin is only known once all are read
            Collector[] all = new Collector[1];
            TopicTail.newest(consumer, partition, () -> {
                all[0] = new Collector(nextBatch, SetAside.LOGGED);
                return record -> all[0].apply(record).filter(collector -> false);
            }, stopped);
            found = Optional.ofNullable(all[0]).filter(collector -> collector.beginningSeen);
        }
        return found.map(collector -> collector.steps).orElse(List.of());
    }

    /** Answers once it has seen where the wanted steps begin; until then {@link TopicTail} looks further back. */
    private static final class Collector
            implements Function<ConsumerRecord<Long, Received<TrainingStep>>, Optional<Collector>> {

        private final long nextBatch;
        private final SetAside aside;
        private final List<TrainingStep> steps = new ArrayList<>();
        private TrainingStep last;
        private boolean beginningSeen;

        Collector(long nextBatch, SetAside aside) {
            this.nextBatch = nextBatch;
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
            beginningSeen |= step.getBatchNumber() <= nextBatch;
            if (step.getBatchNumber() >= nextBatch) {
                steps.add(step);
            }
        }

        private Optional<String> problem(ConsumerRecord<Long, Received<TrainingStep>> record) {
            if (record.value() == null || !record.value().isReadable()) {
                return Optional.of(record.value() == null ? "the record is empty; allowed: a TrainingStep"
                        : record.value().failure());
            }
            TrainingStep step = record.value().value();
            if (record.key() == null || step.getBatchNumber() < 0 || step.getBatchNumber() != record.key()) {
                return Optional.of("batchNumber: " + step.getBatchNumber() + "; allowed: the record's key, which is "
                        + record.key());
            }
            // steps count up in an incarnation, and incarnations do
            boolean older = last != null && (step.getIncarnation() < last.getIncarnation()
                    || step.getIncarnation() == last.getIncarnation() && step.getStep() < last.getStep());
            boolean again = steps.stream().anyMatch(each -> each.getBatchNumber() == step.getBatchNumber()
                    && each.getIncarnation() == step.getIncarnation());
            return older || again ? Optional.of("a duplicate: batch " + step.getBatchNumber() + " has its outcome already")
                    : Optional.empty();
        }
    }
}
