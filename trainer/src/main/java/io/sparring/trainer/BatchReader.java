package io.sparring.trainer;

import io.sparring.schemas.Received;
import io.sparring.schemas.RunTopic;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One of the two batch topics as the trainer reads it: records staged by batch number until their turn comes, the first
 * copy of a number only. A partition of which enough is staged is paused, so memory is bounded whatever arrives.
 *
 * @param <T> the topic's record
 */
final class BatchReader<T> implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(BatchReader.class);
    private final Consumer<Long, Received<T>> consumer;
    private final List<TopicPartition> partitions;
    private final Predicate<ConsumerRecord<Long, Received<T>>> usable;
    private final Outcomes outcomes;
    private final int enough;
    /** In order of arrival. */
    private final Map<Long, ConsumerRecord<Long, Received<T>>> staged = new LinkedHashMap<>();
    private final int[] stagedOf;
    private final long[] positions;

    /**
     * Reads on from a position.
     *
     * @param consumer assigned and positioned by this, closed with it
     * @param offsets per partition, the first to read
     * @param outcomes what has one is not staged
     * @param enough records of a partition after which it is paused; what was fetched beyond stays in the consumer's own bounded
     *     buffer
     * @param usable what is not is passed over as if it were not there; asked of records with a number of their partition only
     */
    BatchReader(Consumer<Long, Received<T>> consumer, String topic, List<Long> offsets, Outcomes outcomes, int enough,
            Predicate<ConsumerRecord<Long, Received<T>>> usable) {
        this.consumer = consumer;
        this.usable = usable;
        this.outcomes = outcomes;
        this.enough = enough;
        this.partitions = IntStream.range(0, offsets.size()).mapToObj(p -> new TopicPartition(topic, p)).toList();
        this.stagedOf = new int[offsets.size()];
        this.positions = offsets.stream().mapToLong(Long::longValue).toArray();
        consumer.assign(partitions);
        partitions.forEach(partition -> consumer.seek(partition, positions[partition.partition()]));
    }

    /** Stages what has arrived. */
    void poll(Duration atMost) {
        for (TopicPartition partition : partitions) {
            if (stagedOf[partition.partition()] >= enough) {
                consumer.pause(List.of(partition));
            } else {
                consumer.resume(List.of(partition));
            }
        }
        for (ConsumerRecord<Long, Received<T>> record : consumer.poll(atMost)) {
            stage(record);
        }
    }

    private void stage(ConsumerRecord<Long, Received<T>> record) {
        positions[record.partition()] = record.offset() + 1;
        Long number = record.key();
        if (number == null || RunTopic.partitionOf(number, partitions.size()) != record.partition() || !usable.test(record)) {
            LOG.warn("passed over {}-{} offset {}, key {}: not a record of that batch", record.topic(), record.partition(),
                    record.offset(), number);
        } else if (!outcomes.has(number) && staged.putIfAbsent(number, record) == null) {
            stagedOf[record.partition()]++;
        }
    }

    /** The first copy of a batch number, if it has arrived. */
    Optional<ConsumerRecord<Long, Received<T>>> get(long batchNumber) {
        return Optional.ofNullable(staged.get(batchNumber));
    }

    /** The numbers that are staged, in the order in which their first copies arrived. */
    Stream<Long> numbers() {
        return staged.keySet().stream();
    }

    /** How many batches are staged. */
    int size() {
        return staged.size();
    }

    /** Lets go of a batch that is staged: it has its outcome. */
    void remove(long batchNumber) {
        stagedOf[staged.remove(batchNumber).partition()]--;
    }

    /** Per partition, the first offset whose record is still needed. */
    List<Long> offsets() {
        long[] needed = positions.clone();
        for (ConsumerRecord<Long, Received<T>> record : staged.values()) {
            needed[record.partition()] = Math.min(needed[record.partition()], record.offset());
        }
        return Arrays.stream(needed).boxed().toList();
    }

    @Override
    public void close() {
        consumer.close();
    }
}
