package io.sparring.simulation;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Headers;

/** A partition's log: what was appended, and which transactions are not ended in it yet. */
final class SimulatedPartition {

    private final TopicPartition name;
    private final List<SimulatedRecord> records = new ArrayList<>();
    private final Map<SimulatedTransaction, Long> open = new LinkedHashMap<>();
    private long start;

    SimulatedPartition(TopicPartition name) {
        this.name = name;
    }

    /** The record's offset. */
    long append(byte[] key, byte[] value, Headers headers, SimulatedTransaction transaction) {
        SimulatedRecord record =
                new SimulatedRecord(name.topic(), name.partition(), records.size(), key, value, headers, transaction);
        records.add(record);
        open.putIfAbsent(transaction, record.offset());
        transaction.add(this, record);
        return record.offset();
    }

    /** Ends the transaction here: from now on readers get past it. */
    void mark(SimulatedTransaction transaction) {
        open.remove(transaction);
        records.add(new SimulatedRecord(name.topic(), name.partition(), records.size(), null, null, null, null));
    }

    long start() {
        return start;
    }

    /** As far as readers of what is committed get: the last stable offset. */
    long end() {
        return open.isEmpty() ? records.size() : open.values().iterator().next();
    }

    SimulatedRecord at(long offset) {
        return records.get((int) offset);
    }

    /** What {@code Admin.deleteRecords} does, which knows nothing of transactions. */
    void trim(long before) {
        start = Math.max(start, Math.min(before, records.size()));
    }
}
