package io.sparring.simulation;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.serialization.Deserializer;

/** A record of the broker's log, or a marker, which no reader gets. What it was read as is kept: many read it. */
final class SimulatedRecord {

    private final String topic;
    private final int partition;
    private final long offset;
    private final byte[] key;
    private final byte[] value;
    private final Headers headers;
    private final SimulatedTransaction transaction;
    private Deserializer<?> readBy;
    private ConsumerRecord<?, ?> read;

    /** @param transaction null for a marker */
    SimulatedRecord(String topic, int partition, long offset, byte[] key, byte[] value, Headers headers,
            SimulatedTransaction transaction) {
        this.topic = topic;
        this.partition = partition;
        this.offset = offset;
        this.key = key;
        this.value = value;
        this.headers = headers;
        this.transaction = transaction;
    }

    String topic() {
        return topic;
    }

    long offset() {
        return offset;
    }

    byte[] key() {
        return key;
    }

    byte[] value() {
        return value;
    }

    /** Whether a reader of what is committed gets it, once it gets that far. */
    boolean committed() {
        return transaction != null && transaction.fate() == SimulatedTransaction.Fate.COMMITTED;
    }

    @SuppressWarnings("unchecked")
    <K, V> ConsumerRecord<K, V> read(Deserializer<K> keys, Deserializer<V> values) {
        if (readBy != values) {
            read = new ConsumerRecord<>(topic, partition, offset, keys.deserialize(topic, key),
                    values.deserialize(topic, value));
            headers.forEach(read.headers()::add);
            readBy = values;
        }
        return (ConsumerRecord<K, V>) read;
    }
}
