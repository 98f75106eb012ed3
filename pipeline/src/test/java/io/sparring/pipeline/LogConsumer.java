package io.sparring.pipeline;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.common.TopicPartition;

/**
 * A consumer that keeps its topic's records, so that they can be read again from any position. One thread may append while
 * another polls. For the tests of every service: see {@code test-jar} in the module's pom.
 */
public class LogConsumer<K, V> extends MockConsumer<K, V> {

    private static final long LONGEST_WAIT = 10;
    private static final int MOST_RECORDS = 16;

    private final String topic;
    private final int recordsOfPartition;
    private final Map<Integer, List<ConsumerRecord<K, V>>> log = new TreeMap<>();
    private final List<Long> seeks = new ArrayList<>();
    private Error error;
    private Duration waited;

    /** Of a topic with one partition. */
    public LogConsumer(String topic) {
        this(topic, 1, MOST_RECORDS);
    }

    /** @param recordsOfPartition that one poll gives at most */
    public LogConsumer(String topic, int partitions, int recordsOfPartition) {
        super("none");
        this.topic = topic;
        this.recordsOfPartition = recordsOfPartition;
        for (int partition = 0; partition < partitions; partition++) {
            log.put(partition, new ArrayList<>());
            updateBeginningOffsets(Map.of(partition(partition), 0L));
            updateEndOffsets(Map.of(partition(partition), 0L));
        }
    }

    public final TopicPartition partition(int partition) {
        return new TopicPartition(topic, partition);
    }

    public final int partitions() {
        return log.size();
    }

    public final synchronized void append(int partition, K key, V value) {
        List<ConsumerRecord<K, V>> records = log.get(partition);
        records.add(new ConsumerRecord<>(topic, partition, records.size(), key, value));
        updateEndOffsets(Map.of(partition(partition), (long) records.size()));
        notifyAll();
    }

    /** Appends all that the other, which has as many partitions, holds. */
    public final void appendAll(LogConsumer<K, V> other) {
        other.log.forEach((partition, records) -> records.forEach(record -> append(partition, record.key(), record.value())));
    }

    /** What {@code Admin.deleteRecords} does: nothing of the partition below {@code offset} can be read any more. */
    public final synchronized void trim(int partition, long offset) {
        updateBeginningOffsets(Map.of(partition(partition), offset));
    }

    /** The next poll ends with this error. */
    public final synchronized void fail(Error next) {
        error = next;
    }

    /** Positions that were sought, in order. */
    public final synchronized List<Long> seeks() {
        return List.copyOf(seeks);
    }

    @Override
    public synchronized void seek(TopicPartition sought, long offset) {
        seeks.add(offset);
        super.seek(sought, offset);
    }

    /** How long the last poll was allowed to wait. */
    public Duration waited() {
        return waited;
    }

    @Override
    public synchronized ConsumerRecords<K, V> poll(Duration timeout) {
        waited = timeout;
        if (error != null) {
            throw error;
        }
        if (!timeout.isZero() && next().isEmpty()) {
            awaitMore(Math.min(timeout.toMillis(), LONGEST_WAIT));
        }
        next().forEach(this::addRecord);
        return super.poll(timeout);
    }

    private List<ConsumerRecord<K, V>> next() {
        List<ConsumerRecord<K, V>> next = new ArrayList<>();
        for (TopicPartition partition : assignment()) {
            if (!paused().contains(partition)) {
                long position = position(partition);
                log.get(partition.partition()).stream().filter(record -> record.offset() >= position)
                        .limit(recordsOfPartition).forEach(next::add);
            }
        }
        return next;
    }

    private void awaitMore(long millis) {
        try {
            wait(Math.max(1, millis));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
