package io.sparring.trainer;

import io.sparring.schemas.Received;
import io.sparring.schemas.RunTopic;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.TopicPartition;

/**
 * One of the two batch topics as replay reads it: in any order that is near that of the log. A few records are kept at hand, of the
 * others those that were passed are read once more, so memory is bounded whatever the order is.
 *
 * @param <T> the topic's record
 */
final class RecordedBatches<T> implements AutoCloseable {

    /** Per partition: what a poll gives, and as many of those before as a trainer stages. */
    private static final int AT_HAND = 24;
    /** So many records that are of no use are read rather than jumped over, which costs what was fetched ahead. */
    private static final int JUMP = 64;
    private static final Duration POLL = Duration.ofMillis(100);

    private final Consumer<Long, Received<T>> consumer;
    private final List<TopicPartition> partitions;
    private final Map<TopicPartition, Long> ends;
    private final long[] looked;
    private final Map<Long, List<Long>> copies = new HashMap<>();
    private final Map<TopicPartition, TreeMap<Long, ConsumerRecord<Long, Received<T>>>> atHand = new HashMap<>();

    /**
     * Reads what there is by now.
     *
     * @param consumer assigned and positioned by this, closed with it
     * @param offsets per partition, where {@link #copy} begins to look
     */
    RecordedBatches(Consumer<Long, Received<T>> consumer, String topic, List<Long> offsets) {
        this.consumer = consumer;
        this.partitions = IntStream.range(0, offsets.size()).mapToObj(p -> new TopicPartition(topic, p)).toList();
        this.looked = offsets.stream().mapToLong(Long::longValue).toArray();
        consumer.assign(partitions);
        partitions.forEach(partition -> {
            consumer.seek(partition, looked[partition.partition()]);
            atHand.put(partition, new TreeMap<>());
        });
        this.ends = consumer.endOffsets(partitions);
    }

    /**
     * The record of a batch at an offset of its partition.
     *
     * @throws IllegalStateException if there is none
     */
    ConsumerRecord<Long, Received<T>> at(long batchNumber, long offset) {
        TopicPartition partition = partitionOf(batchNumber);
        Map<Long, ConsumerRecord<Long, Received<T>>> known = atHand.get(partition);
        if (!known.containsKey(offset)) {
            if (consumer.position(partition) > offset || consumer.position(partition) < offset - JUMP) {
                consumer.seek(partition, offset);
            }
            while (!known.containsKey(offset) && consumer.position(partition) <= offset && offset < ends.get(partition)) {
                poll(partition, offset);
            }
        }
        ConsumerRecord<Long, Received<T>> record = known.get(offset);
        if (record == null || !Long.valueOf(batchNumber).equals(record.key())) {
            throw missing("batch " + batchNumber, partition, "offset " + offset);
        }
        return record;
    }

    /**
     * The first copy of a batch that is of use.
     *
     * @throws IllegalStateException if there is none
     */
    ConsumerRecord<Long, Received<T>> copy(long batchNumber, Predicate<ConsumerRecord<Long, Received<T>>> usable) {
        TopicPartition partition = partitionOf(batchNumber);
        for (int i = 0; ; i++) {
            while (copies.getOrDefault(batchNumber, List.of()).size() <= i) {
                if (looked[partition.partition()] >= ends.get(partition)) {
                    throw missing("batch " + batchNumber, partition, "the " + ends.get(partition) + " offsets that there are");
                }
                look(partition);
            }
            ConsumerRecord<Long, Received<T>> record = at(batchNumber, copies.get(batchNumber).get(i));
            if (usable.test(record)) {
                return record;
            }
        }
    }

    /** The record is needed no more, nor are other copies of its batch. */
    void done(ConsumerRecord<Long, Received<T>> record) {
        copies.remove(record.key());
        atHand.get(partitionOf(record.key())).remove(record.offset());
    }

    private void look(TopicPartition partition) {
        if (consumer.position(partition) != looked[partition.partition()]) {
            consumer.seek(partition, looked[partition.partition()]);
        }
        for (ConsumerRecord<Long, Received<T>> record : poll(partition, looked[partition.partition()])) {
            if (record.key() != null && partitionOf(record.key()).equals(partition)) {
                copies.computeIfAbsent(record.key(), number -> new ArrayList<>(1)).add(record.offset());
            }
        }
        looked[partition.partition()] = consumer.position(partition);
    }

    /** What comes next in the partition, which is at hand then. */
    private List<ConsumerRecord<Long, Received<T>>> poll(TopicPartition partition, long wanted) {
        consumer.pause(partitions);
        consumer.resume(List.of(partition));
        List<ConsumerRecord<Long, Received<T>>> polled;
        try {
            polled = consumer.poll(POLL).records(partition);
        } catch (OffsetOutOfRangeException e) {
            throw missing("what was to be read next", partition, "offset " + wanted);
        }
        TreeMap<Long, ConsumerRecord<Long, Received<T>>> known = atHand.get(partition);
        polled.forEach(record -> known.put(record.offset(), record));
        while (known.size() > AT_HAND) {
            known.remove(known.firstKey() < wanted ? known.firstKey() : known.lastKey());
        }
        return polled;
    }

    private IllegalStateException missing(String what, TopicPartition partition, String where) {
        return new IllegalStateException(what + " is not in the log: wanted of " + partition + " at " + where + "; the first offset is "
                + consumer.beginningOffsets(List.of(partition)).get(partition));
    }

    private TopicPartition partitionOf(long batchNumber) {
        return partitions.get(RunTopic.partitionOf(batchNumber, partitions.size()));
    }

    @Override
    public void close() {
        consumer.close();
    }
}
