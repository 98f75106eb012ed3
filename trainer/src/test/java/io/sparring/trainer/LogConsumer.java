package io.sparring.trainer;

import io.sparring.schemas.Received;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.common.TopicPartition;

/** A consumer that keeps its topic's records, so that they can be read again from any position. */
final class LogConsumer<K, T> extends MockConsumer<K, Received<T>> {

    private final String topic;
    private final int recordsOfPartition;
    private final Map<Integer, List<ConsumerRecord<K, Received<T>>>> log = new TreeMap<>();
    private Duration waited;

    /** @param recordsOfPartition that one poll gives at most */
    LogConsumer(String topic, int partitions, int recordsOfPartition) {
        super("none");
        this.topic = topic;
        this.recordsOfPartition = recordsOfPartition;
        for (int partition = 0; partition < partitions; partition++) {
            log.put(partition, new ArrayList<>());
            updateBeginningOffsets(Map.of(partition(partition), 0L));
            updateEndOffsets(Map.of(partition(partition), 0L));
        }
    }

    /** A consumer of the same records. */
    LogConsumer<K, T> again() {
        LogConsumer<K, T> again = new LogConsumer<>(topic, log.size(), recordsOfPartition);
        log.forEach((partition, records) -> records.forEach(record -> again.append(partition, record.key(), record.value())));
        return again;
    }

    TopicPartition partition(int partition) {
        return new TopicPartition(topic, partition);
    }

    /** Appends a record to the partition that the batch number has. */
    @SuppressWarnings("unchecked")
    void append(long number, T value) {
        append((int) (number % log.size()), (K) (Long) number, Received.readable(value));
    }

    void append(int partition, K key, Received<T> value) {
        List<ConsumerRecord<K, Received<T>>> records = log.get(partition);
        records.add(new ConsumerRecord<>(topic, partition, records.size(), key, value));
        updateEndOffsets(Map.of(partition(partition), (long) records.size()));
    }

    /** What {@code Admin.deleteRecords} does: nothing of the partition below {@code offset} can be read any more. */
    void trim(int partition, long offset) {
        updateBeginningOffsets(Map.of(partition(partition), offset));
    }

    /** How long the last poll was allowed to wait. */
    Duration waited() {
        return waited;
    }

    List<Long> beginning() {
        return IntStream.range(0, log.size()).mapToObj(partition -> 0L).toList();
    }

    @Override
    public synchronized ConsumerRecords<K, Received<T>> poll(Duration timeout) {
        waited = timeout;
        for (TopicPartition partition : assignment()) {
            if (!paused().contains(partition)) {
                long position = position(partition);
                log.get(partition.partition()).stream().filter(record -> record.offset() >= position)
                        .limit(recordsOfPartition).forEach(this::addRecord);
            }
        }
        return super.poll(timeout);
    }
}
