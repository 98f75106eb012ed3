package io.sparring.trainer;

import io.sparring.pipeline.KafkaSettings;
import io.sparring.pipeline.SetAside;
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
    private final SetAside aside;
    private final Supplier<Boolean> stopped;

    /**
     * @param aside where records go that are no chunk of a checkpoint
     * @param stopped ends a search early, with nothing
     */
    Checkpoints(KafkaSettings kafka, String run, SetAside aside, Supplier<Boolean> stopped) {
        this(() -> kafka.reader(new StringDeserializer(), WireFormat.of(Checkpoint.class).receiver()), run, aside, stopped);
    }

    Checkpoints(Supplier<Consumer<String, Received<Checkpoint>>> consumers, String run, SetAside aside,
            Supplier<Boolean> stopped) {
        this.consumers = consumers;
        this.aside = aside;
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
            Optional<SavedState> found = TopicTail.newest(consumer, partition,
                    () -> last[0] = new Reader(wanted, aside), stopped);
            if (last[0] != null && !stopped.get()) {
                last[0].judge(found);
            }
            return found;
        }
    }

    private static final class Reader implements Function<ConsumerRecord<String, Received<Checkpoint>>, Optional<SavedState>> {

        private final Predicate<Checkpoint> wanted;
        private final SetAside aside;
        private final Function<ConsumerRecord<String, Received<Checkpoint>>, Optional<SavedState>> assembler =
                SavedState.assembler();
        private String newestKey;
        private String newestForeign;
        private SavedState newest;

        Reader(Predicate<Checkpoint> wanted, SetAside aside) {
            this.wanted = wanted;
            this.aside = aside;
        }

        @Override
        public Optional<SavedState> apply(ConsumerRecord<String, Received<Checkpoint>> record) {
            Optional<String> problem = SavedState.problem(record);
            if (record.value() != null && record.value().otherRelease() && isLater(record.key())) {
                newestForeign = record.key();
            }
            if (problem.isPresent()) {
                aside.add(record, SavedState.FORMAT.bytes(record.value()), problem.get());
                return Optional.empty();
            }
            if (!wanted.test(record.value().value())) {
                return Optional.empty();
            }
            Optional<SavedState> state = assembler.apply(record).filter(this::isNewer);
            newest = state.orElse(newest);
            if (newest == null || identity(record.key()).compareTo(newest.identity()) >= 0) {
                // a copy of an older one stands where it can neither hide nor replace the newest
                newestForeign = null;
                newestKey = record.key();
            }
            return state;
        }

        private boolean isNewer(SavedState state) {
            return newest == null || state.identity().compareTo(newest.identity()) >= 0;
        }

        /** What somebody else wrote under another key, or under that of a checkpoint that can be read, is no later release's. */
        private boolean isLater(String key) {
            try {
                return key != null && (newestKey == null || identity(key).compareTo(identity(newestKey)) > 0);
            } catch (RuntimeException e) {
                return false;
            }
        }

        private static UpdateIdentity identity(String key) {
            int slash = key.indexOf('/');
            return new UpdateIdentity(Integer.parseInt(key.substring(0, slash)), Long.parseLong(key.substring(slash + 1)));
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
