package io.sparring.trainer;

import io.sparring.pipeline.LogConsumer;
import io.sparring.schemas.Received;
import java.util.List;
import java.util.stream.IntStream;

/** Records of one kind, most of them readable, under a batch number or another key. */
final class RecordLog<K, T> extends LogConsumer<K, Received<T>> {

    private final String topic;
    private final int recordsOfPartition;

    /** @param recordsOfPartition that one poll gives at most */
    RecordLog(String topic, int partitions, int recordsOfPartition) {
        super(topic, partitions, recordsOfPartition);
        this.topic = topic;
        this.recordsOfPartition = recordsOfPartition;
    }

    /** A consumer of the same records. */
    RecordLog<K, T> again() {
        RecordLog<K, T> again = new RecordLog<>(topic, partitions(), recordsOfPartition);
        again.appendAll(this);
        return again;
    }

    /** Appends a record to the partition that the batch number has. */
    @SuppressWarnings("unchecked")
    void append(long number, T value) {
        append((int) (number % partitions()), (K) (Long) number, Received.readable(value));
    }

    List<Long> beginning() {
        return IntStream.range(0, partitions()).mapToObj(partition -> 0L).toList();
    }
}
