package io.sparring.producer;

import io.sparring.pipeline.LogConsumer;
import java.util.function.LongFunction;

/** Records whose values follow from their numbers. */
final class NumberedLog<V> extends LogConsumer<Long, V> {

    private static final int MOST_RECORDS = 16;

    private final LongFunction<V> values;

    /** @param values what the record of a number holds */
    NumberedLog(String topic, int partitions, LongFunction<V> values) {
        super(topic, partitions, MOST_RECORDS);
        this.values = values;
    }

    void append(int partition, Long key) {
        append(partition, key, key == null ? null : values.apply(key));
    }

    /** Appends a record under each number to the partition that it has. */
    void append(long... numbers) {
        for (long number : numbers) {
            append((int) (number % partitions()), number);
        }
    }
}
