package io.sparring.producer;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.LongFunction;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.common.TopicPartition;

/** A consumer that keeps its topic's records, so that they can be read again from any position. */
final class LogConsumer<V> extends MockConsumer<Long, V> {

    private static final int MOST_RECORDS = 16;

    private final String topic;
    private final LongFunction<V> values;
    private final Map<Integer, List<ConsumerRecord<Long, V>>> log = new TreeMap<>();

    /** @param values what the record of a number holds */
    LogConsumer(String topic, int partitions, LongFunction<V> values) {
        super("none");
        this.values = values;
        this.topic = topic;
        for (int partition = 0; partition < partitions; partition++) {
            log.put(partition, new ArrayList<>());
            updateBeginningOffsets(Map.of(new TopicPartition(topic, partition), 0L));
            updateEndOffsets(Map.of(new TopicPartition(topic, partition), 0L));
        }
    }

    void append(int partition, Long key) {
        append(partition, key, key == null ? null : values.apply(key));
    }

    void append(int partition, Long key, V value) {
        List<ConsumerRecord<Long, V>> records = log.get(partition);
        records.add(new ConsumerRecord<>(topic, partition, records.size(), key, value));
        updateEndOffsets(Map.of(new TopicPartition(topic, partition), (long) records.size()));
    }

    /** Appends a record under each number to the partition that it has. */
    void append(long... numbers) {
        for (long number : numbers) {
            append((int) (number % log.size()), number);
        }
    }

    /** What {@code Admin.deleteRecords} does: nothing of the partition below {@code offset} can be read any more. */
    void trim(int partition, long offset) {
        updateBeginningOffsets(Map.of(new TopicPartition(topic, partition), offset));
    }

    @Override
    public synchronized ConsumerRecords<Long, V> poll(Duration timeout) {
        for (TopicPartition partition : assignment()) {
            long position = position(partition);
            log.get(partition.partition()).stream().filter(record -> record.offset() >= position).limit(MOST_RECORDS)
                    .forEach(this::addRecord);
        }
        return super.poll(timeout);
    }
}
