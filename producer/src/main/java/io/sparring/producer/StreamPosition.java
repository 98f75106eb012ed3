package io.sparring.producer;

import io.sparring.pipeline.TopicTail;
import io.sparring.schemas.RunTopic;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.TopicPartition;

/** Where a partition's sequence of batch numbers goes on: at its last committed number + P. */
final class StreamPosition {

    private StreamPosition() {
    }

    /**
     * The next number for each partition of a topic that is partitioned by batch.
     *
     * @param consumer reads keys only; assigned by this
     */
    static long[] next(Consumer<Long, byte[]> consumer, String topic, int partitions, Supplier<Boolean> stopped) {
        long[] next = new long[partitions];
        for (int partition = 0; partition < partitions; partition++) {
            // what others have sent there is no number of ours
            Optional<Long> last = TopicTail.newest(consumer, new TopicPartition(topic, partition),
                    () -> record -> Optional.ofNullable(record.key())
                            .filter(number -> RunTopic.partitionOf(number, partitions) == record.partition()), stopped);
            if (last.isEmpty() && !stopped.get()) {
                requireUntouched(consumer, new TopicPartition(topic, partition));
            }
            next[partition] = last.map(number -> number + partitions).orElse((long) partition);
        }
        return next;
    }

    /** The trainer leaves the last record of each partition: without one, numbers that have been sent would be sent again. */
    private static void requireUntouched(Consumer<?, ?> consumer, TopicPartition partition) {
        long first = consumer.beginningOffsets(List.of(partition)).get(partition);
        if (first > 0) {
            throw new IllegalStateException("lost position: " + partition + " had " + first + " offsets and has no record any more, "
                    + "so it cannot be told which batch is next; they were deleted, by a retention of the topic or by hand");
        }
    }

    /** The smallest number that is still to be sent. */
    static int lowest(long[] next) {
        int lowest = 0;
        for (int partition = 1; partition < next.length; partition++) {
            lowest = next[partition] < next[lowest] ? partition : lowest;
        }
        return lowest;
    }
}
