package io.sparring.trainer;

import io.sparring.pipeline.TrimmedRecords;
import io.sparring.schemas.Checkpoint;
import io.sparring.schemas.Position;
import io.sparring.schemas.Received;
import io.sparring.schemas.RunTopic;
import io.sparring.schemas.UpdateIdentity;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;

/**
 * A checkpoint as trimming sees it: where it stands, and where each topic begins to be of use to who goes on from it.
 *
 * @param offset of its first record
 * @param position the trainer's when it was made
 * @param needs where the other topics of one partition begin to be needed, as headers of its first record say
 */
record KeptCheckpoint(long offset, Position position, Needs needs) {

    private static final Duration POLL = Duration.ofMillis(50);

    /**
     * Offsets on the topics that the trainer writes.
     *
     * @param updates of an update: it and all after it are kept
     * @param steps of a training step, likewise
     */
    record Needs(long updates, long steps) {

        static final Needs ALL = new Needs(0, 0);
        private static final String UPDATES = "sparring-needs-updates-from";
        private static final String STEPS = "sparring-needs-steps-from";

        void addTo(Headers headers) {
            headers.add(UPDATES, Long.toString(updates).getBytes(StandardCharsets.UTF_8));
            headers.add(STEPS, Long.toString(steps).getBytes(StandardCharsets.UTF_8));
        }

        /** All, where there are no such headers or no offsets in them: an earlier release's checkpoints have none. */
        static Needs of(Headers headers) {
            return new Needs(offset(headers.lastHeader(UPDATES)), offset(headers.lastHeader(STEPS)));
        }

        private static long offset(Header header) {
            try {
                return header == null ? 0 : Long.parseLong(new String(header.value(), StandardCharsets.UTF_8));
            } catch (RuntimeException e) {
                return 0;
            }
        }
    }

    /**
     * All that are on a run's topic, oldest first.
     *
     * @param stopped ends the reading early, with what there is
     */
    static List<KeptCheckpoint> read(Consumer<String, Received<Checkpoint>> consumer, String run, Supplier<Boolean> stopped) {
        TopicPartition partition = new TopicPartition(RunTopic.CHECKPOINTS.of(run), 0);
        consumer.assign(List.of(partition));
        consumer.seekToBeginning(List.of(partition));
        long end = consumer.endOffsets(List.of(partition)).get(partition);
        List<KeptCheckpoint> found = new ArrayList<>();
        UpdateIdentity newest = null;
        while (consumer.position(partition) < end && !stopped.get()) {
            try {
                for (ConsumerRecord<String, Received<Checkpoint>> record : consumer.poll(POLL)) {
                    if (SavedState.problem(record).isPresent() || record.value().value().getChunk() != 0) {
                        continue;
                    }
                    Checkpoint chunk = record.value().value();
                    UpdateIdentity identity = new UpdateIdentity(chunk.getIncarnation(), chunk.getStep());
                    if (newest == null || identity.compareTo(newest) >= 0) {
                        // a copy of an older one is none of those to keep
                        newest = identity;
                        found.add(new KeptCheckpoint(record.offset(), chunk.getPosition(), Needs.of(record.headers())));
                    }
                }
            } catch (OffsetOutOfRangeException e) {
                found.clear();
                newest = null;
                TrimmedRecords.skip(consumer, e);
            }
        }
        return found;
    }
}
