package io.sparring.attacker;

import io.sparring.pipeline.TrimmedRecords;
import io.sparring.schemas.ImageBatch;
import io.sparring.schemas.Received;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The clean batches that this attacker's share of the partitions holds, lowest number first, so that the batch the trainer
 * waits for is never behind one it does not need yet. Of each partition a few batches are held; then it is paused.
 */
final class GroupedBatches implements CleanBatches {

    private static final Logger LOG = LoggerFactory.getLogger(GroupedBatches.class);
    /** One to craft and one behind it: more would only be read again by others when partitions move. */
    private static final int HELD = 2;

    private final Consumer<Long, Received<ImageBatch>> consumer;
    private final Map<TopicPartition, Deque<ConsumerRecord<Long, Received<ImageBatch>>>> held =
            new TreeMap<>(Comparator.comparingInt(TopicPartition::partition));
    private volatile int assigned;

    /** @param consumer a member of the attackers' group; closed with this */
    GroupedBatches(Consumer<Long, Received<ImageBatch>> consumer, String topic) {
        this.consumer = consumer;
        consumer.subscribe(List.of(topic), new Assignment());
    }

    @Override
    public void poll(Duration atMost) {
        held.forEach((partition, records) -> {
            if (records.size() >= HELD) {
                consumer.pause(List.of(partition));
            } else {
                consumer.resume(List.of(partition));
            }
        });
        boolean idle = held.values().stream().allMatch(Deque::isEmpty);
        try {
            for (ConsumerRecord<Long, Received<ImageBatch>> record : consumer.poll(idle ? atMost : Duration.ZERO)) {
                held.get(new TopicPartition(record.topic(), record.partition())).addLast(record);
            }
        } catch (OffsetOutOfRangeException e) {
            // what has been trimmed has its outcome
            TrimmedRecords.skip(consumer, e);
        }
    }

    @Override
    public Optional<ConsumerRecord<Long, Received<ImageBatch>>> lowest() {
        return held.values().stream().map(Deque::peekFirst).filter(record -> record != null)
                .min(BY_NUMBER);
    }

    /** The position that says that {@code record} is done, to be committed with what was made of it. */
    static Map<TopicPartition, OffsetAndMetadata> after(ConsumerRecord<?, ?> record) {
        return Map.of(new TopicPartition(record.topic(), record.partition()), new OffsetAndMetadata(record.offset() + 1));
    }

    /** Lets go of a record whose position is about to be committed; false if it is not held any more. */
    boolean take(ConsumerRecord<Long, Received<ImageBatch>> record) {
        Deque<ConsumerRecord<Long, Received<ImageBatch>>> records =
                held.get(new TopicPartition(record.topic(), record.partition()));
        if (records == null || records.peekFirst() != record) {
            return false;
        }
        records.removeFirst();
        return true;
    }

    /** Forgets what is held and reads again from the committed positions, after a transaction that failed. */
    void rewind() {
        held.values().forEach(Deque::clear);
        seekToCommitted(held.keySet());
    }

    /** Identifies this member when offsets are committed in a transaction. */
    ConsumerGroupMetadata group() {
        return consumer.groupMetadata();
    }

    @Override
    public Optional<String> problem() {
        return assigned == 0 ? Optional.of(NOT_ASSIGNED) : Optional.empty();
    }

    @Override
    public void close() {
        consumer.close();
    }

    private void seekToCommitted(Collection<TopicPartition> partitions) {
        if (partitions.isEmpty()) {
            return;
        }
        Map<TopicPartition, OffsetAndMetadata> committed = consumer.committed(Map.copyOf(held).keySet());
        for (TopicPartition partition : partitions) {
            OffsetAndMetadata position = committed.get(partition);
            if (position == null) {
                // nobody has crafted of this partition yet; what is below its first offset has its outcomes
                consumer.seekToBeginning(List.of(partition));
            } else {
                consumer.seek(partition, position);
            }
        }
    }

    private final class Assignment implements ConsumerRebalanceListener {

        @Override
        public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
            partitions.forEach(partition -> held.put(partition, new ArrayDeque<>()));
            seekToCommitted(partitions);
            count("assigned", partitions);
        }

        @Override
        public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
            partitions.forEach(held::remove);
            count("revoked", partitions);
        }

        private void count(String what, Collection<TopicPartition> partitions) {
            assigned = held.size();
            LOG.info("{} {}, {} held now", what, partitions, assigned);
        }
    }
}
