package io.sparring.trainer;

import io.sparring.pipeline.KafkaSettings;
import io.sparring.pipeline.TopicTail;
import io.sparring.schemas.Checkpoint;
import io.sparring.schemas.Received;
import io.sparring.schemas.RunTopic;
import io.sparring.schemas.UpdateIdentity;
import io.sparring.schemas.WireFormat;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The checkpoints of a run, read from their topic. */
final class Checkpoints {

    private static final Logger LOG = LoggerFactory.getLogger(Checkpoints.class);
    private static final Duration POLL = Duration.ofMillis(50);

    private final Supplier<Consumer<String, Received<Checkpoint>>> consumers;
    private final TopicPartition partition;
    private final Supplier<Boolean> stopped;

    /** @param stopped ends a search early, with nothing */
    Checkpoints(KafkaSettings kafka, String run, Supplier<Boolean> stopped) {
        this(() -> kafka.reader(new StringDeserializer(), WireFormat.of(Checkpoint.class).receiver()), run, stopped);
    }

    Checkpoints(Supplier<Consumer<String, Received<Checkpoint>>> consumers, String run, Supplier<Boolean> stopped) {
        this.consumers = consumers;
        this.partition = new TopicPartition(RunTopic.CHECKPOINTS.of(run), 0);
        this.stopped = stopped;
    }

    /**
     * The newest whole one; torn and damaged ones are passed over with a warning.
     *
     * @throws IllegalStateException if a newer one is there that another release wrote and this one cannot read: to go on
     *     from an older one would give batches a second outcome
     */
    Optional<SavedState> newest() {
        return find(chunk -> true);
    }

    /** The one of that identity, if it is there and whole. */
    Optional<SavedState> of(UpdateIdentity identity) {
        return find(chunk -> chunk.getIncarnation() == identity.incarnation() && chunk.getStep() == identity.step());
    }

    /** The oldest whole one that is kept, with which all that is in the log can be trained again. */
    Optional<SavedState> oldest() {
        try (Consumer<String, Received<Checkpoint>> consumer = consumers.get()) {
            consumer.assign(List.of(partition));
            consumer.seekToBeginning(List.of(partition));
            long end = consumer.endOffsets(List.of(partition)).get(partition);
            Function<ConsumerRecord<String, Received<Checkpoint>>, Optional<SavedState>> assembler = SavedState.assembler();
            while (consumer.position(partition) < end && !stopped.get()) {
                for (ConsumerRecord<String, Received<Checkpoint>> record : consumer.poll(POLL)) {
                    Optional<SavedState> whole = assembler.apply(record);
                    if (whole.isPresent()) {
                        return whole;
                    }
                }
            }
            return Optional.empty();
        }
    }

    private Optional<SavedState> find(Predicate<Checkpoint> wanted) {
        try (Consumer<String, Received<Checkpoint>> consumer = consumers.get()) {
            Reader[] last = new Reader[1];
            Optional<SavedState> found = TopicTail.newest(consumer, partition, () -> last[0] = new Reader(wanted), stopped);
            if (last[0] != null && !stopped.get()) {
                last[0].judge(found);
            }
            return found;
        }
    }

    private static final class Reader implements Function<ConsumerRecord<String, Received<Checkpoint>>, Optional<SavedState>> {

        private final Predicate<Checkpoint> wanted;
        private final Function<ConsumerRecord<String, Received<Checkpoint>>, Optional<SavedState>> assembler =
                SavedState.assembler();
        private String newestKey;
        private String newestForeign;

        Reader(Predicate<Checkpoint> wanted) {
            this.wanted = wanted;
        }

        @Override
        public Optional<SavedState> apply(ConsumerRecord<String, Received<Checkpoint>> record) {
            if (record.value() != null && record.value().otherRelease()) {
                newestForeign = record.key();
            }
            if (record.value() == null || !record.value().isReadable() || !wanted.test(record.value().value())) {
                return Optional.empty();
            }
            newestForeign = null;
            newestKey = record.key();
            return assembler.apply(record);
        }

        void judge(Optional<SavedState> found) {
            if (newestForeign != null) {
                throw new IllegalStateException("checkpoint " + newestForeign + " was written by another release of Sparring, in "
                        + "a schema that this one does not know: start the trainer with that release or a later one");
            }
            if (newestKey != null && found.filter(state -> state.identity().key().equals(newestKey)).isEmpty()) {
                LOG.warn("checkpoint {} is torn or damaged: passed over{}", newestKey,
                        found.map(state -> " for " + state.identity()).orElse(""));
            }
        }
    }
}
