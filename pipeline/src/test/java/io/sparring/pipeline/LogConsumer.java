package io.sparring.pipeline;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.common.TopicPartition;

/** A consumer of one partition that keeps its records, so that they can be read again from any position. */
final class LogConsumer<K, V> extends MockConsumer<K, V> {

    private static final long LONGEST_WAIT = 10;
    private static final int MOST_RECORDS = 16;

    private final TopicPartition partition;
    private final List<ConsumerRecord<K, V>> log = new ArrayList<>();
    private final List<Long> seeks = new ArrayList<>();
    private long beginning;
    private Error error;

    LogConsumer(String topic) {
        super("none");
        partition = new TopicPartition(topic, 0);
        trim(0);
        updateEndOffsets(Map.of(partition, 0L));
    }

    TopicPartition partition() {
        return partition;
    }

    synchronized void append(K key, V value) {
        log.add(new ConsumerRecord<>(partition.topic(), 0, log.size(), key, value));
        updateEndOffsets(Map.of(partition, (long) log.size()));
        notifyAll();
    }

    /** What {@code Admin.deleteRecords} does: nothing below {@code offset} can be read any more. */
    synchronized void trim(long offset) {
        beginning = offset;
        updateBeginningOffsets(Map.of(partition, offset));
    }

    /** The next poll ends with this error. */
    synchronized void fail(Error next) {
        error = next;
    }

    /** Positions that were sought, in order. */
    synchronized List<Long> seeks() {
        return List.copyOf(seeks);
    }

    @Override
    public synchronized void seek(TopicPartition sought, long offset) {
        seeks.add(offset);
        super.seek(sought, offset);
    }

    @Override
    public synchronized ConsumerRecords<K, V> poll(Duration timeout) {
        if (error != null) {
            throw error;
        }
        if (position(partition) >= log.size()) {
            awaitMore(Math.min(timeout.toMillis(), LONGEST_WAIT));
        }
        log.stream().filter(record -> record.offset() >= Math.max(beginning, position(partition))).limit(MOST_RECORDS)
                .forEach(this::addRecord);
        return super.poll(timeout);
    }

    private void awaitMore(long millis) {
        try {
            wait(Math.max(1, millis));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
